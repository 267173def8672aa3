//! The table of sections, kinds and fields, and how the text of a field becomes its value.

use super::watch;
use super::{Kind, Section};
use crate::domain::event::{ActionType, BriefField, Cluster, Confidence, ImpactArea, ShareField};
use crate::domain::id::Person;
use crate::domain::id::RetroId;
use crate::domain::time::Day;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the journal has it.
    pub name: &'static str,
    pub hint: &'static str,
    pub form: Form,
    pub is_needed: bool,
}

/// What may be written into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    Person,
    Day,
    Number,
    /// A row this one hangs on, `R3`.
    Row,
    Rows,
    Review,
    Area,
    Cluster,
    Confidence,
    Action,
    Share,
    /// What the journal counts by itself.
    Watch,
}

const fn field(name: &'static str, form: Form, hint: &'static str) -> Field {
    Field { name, hint, form, is_needed: false }
}

const fn needed(name: &'static str, form: Form, hint: &'static str) -> Field {
    Field { name, hint, form, is_needed: true }
}

const fn kind(word: &'static str, title: &'static str, fields: &'static [Field]) -> Kind {
    Kind { word, title, fields }
}

const TEXT: Field = needed("text", Form::Text, "in a sentence");
const EVIDENCE: Field = field("evidence", Form::Text, "what shows it: a link, an entry, a number");
const OWNER: Field = field("owner", Form::Person, "one word, such as sam");
const DUE: Field = field("due", Form::Day, "2026-03-21");
const NOTES: Field = field("notes", Form::Text, "");

pub const SECTIONS: &[Section] = &[
    Section {
        title: "Brief and agenda",
        guide: "Who meets, for how long, to decide what? Nobody is here to be judged.",
        kinds: &[
            kind(
                "brief",
                "line of the brief",
                &[needed("field", Form::Review, "facilitator, goal, attendee, ground-rule, pre-read…"), TEXT],
            ),
            kind("agenda", "point of the agenda", &[TEXT, field("minutes", Form::Number, "15")]),
        ],
    },
    Section {
        title: "Impact",
        guide: "What did customers, the business and we ourselves feel, and how do we know?",
        kinds: &[kind(
            "impact",
            "impact",
            &[needed("area", Form::Area, "customer, business, internal, how-we-know"), TEXT, EVIDENCE],
        )],
    },
    Section {
        title: "Factors and whys",
        guide: "What contributed, why did it make sense then, and what is below it?",
        kinds: &[
            kind(
                "factor",
                "factor",
                &[
                    needed("cluster", Form::Cluster, "tech, process, people, comms, environment"),
                    TEXT,
                    EVIDENCE,
                    field("made_sense", Form::Text, "why it made sense at the time"),
                    field("fix", Form::Text, "the direction of a fix"),
                ],
            ),
            kind(
                "why",
                "why",
                &[
                    field("of", Form::Row, "the factor or why it asks about, R3"),
                    needed("text", Form::Text, "why …?"),
                    field("answer", Form::Text, "because …"),
                    EVIDENCE,
                ],
            ),
            kind(
                "root-cause",
                "root cause",
                &[TEXT, needed("confidence", Form::Confidence, "low, medium, high"), NOTES, EVIDENCE],
            ),
        ],
    },
    Section {
        title: "Learnings, decisions",
        guide: "What do we know now, and what did we decide at what price?",
        kinds: &[
            kind(
                "learning",
                "learning",
                &[TEXT, EVIDENCE, field("implication", Form::Text, "what follows from it")],
            ),
            kind(
                "decision",
                "decision",
                &[TEXT, field("why", Form::Text, ""), field("tradeoffs", Form::Text, "what it costs"), OWNER],
            ),
        ],
    },
    Section {
        title: "Action items",
        guide: "What will be done, by whom, until when, and how will anybody see that it worked?",
        kinds: &[
            kind(
                "action-item",
                "action item",
                &[
                    TEXT,
                    needed(
                        "action_type",
                        Form::Action,
                        "fix, guardrail, process, instrumentation, training, investigation",
                    ),
                    OWNER,
                    DUE,
                    field("success", Form::Text, "how anybody will see that it worked"),
                    field("follow_up", Form::Day, "2026-04-21"),
                    NOTES,
                    field("addresses", Form::Rows, "the factors it takes away: R3, R4"),
                ],
            ),
            kind("parked", "parked idea", &[TEXT, NOTES]),
        ],
    },
    Section {
        title: "Kill criteria",
        guide: "Seen how often, by when, will we do what without another discussion?",
        kinds: &[kind(
            "kill-criterion",
            "kill criterion",
            &[
                needed("signal", Form::Text, "what is seen"),
                field("window", Form::Text, "60 days"),
                field("threshold", Form::Text, "twice"),
                field("commitment", Form::Text, "what is then done"),
                OWNER,
                field("source", Form::Text, "where it is read"),
                field("watch", Form::Watch, "command-late 10m, sev 2, window 60d, count 2"),
            ],
        )],
    },
    Section {
        title: "Dissemination",
        guide: "Who has to know, on one page, and when do we come back to it?",
        kinds: &[kind(
            "share",
            "line of the shareout",
            &[
                needed("field", Form::Share, "what-happened, what-we-learned, distribution, ritual-owner…"),
                TEXT,
            ],
        )],
    },
    Section {
        title: "Risks, questions, next",
        guide: "What could still go wrong, what do we not know, and what comes next?",
        kinds: &[
            kind("risk", "risk", &[TEXT, NOTES]),
            kind("open-question", "open question", &[TEXT, OWNER, DUE]),
            kind("next-step", "next step", &[TEXT, DUE]),
        ],
    },
];

impl Form {
    /// A value as it is typed.
    pub(super) fn said(self, value: &Value) -> String {
        let row = |value: &Value| value.as_u64().map(|id| format!("R{id}"));
        match (self, value) {
            (Self::Watch, Value::Object(_)) => watch::said(value),
            (Self::Row, value) => row(value).unwrap_or_default(),
            (Self::Rows, Value::Array(rows)) => rows.iter().filter_map(row).collect::<Vec<_>>().join(", "),
            (_, Value::String(text)) => text.clone(),
            (_, Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// What is typed as a value, nothing where nothing is said.
    pub(super) fn read(self, said: &str) -> Result<Value, String> {
        let said = said.trim();
        let row = |said: &str| said.trim().parse::<RetroId>().map(|id| Value::from(id.0));
        Ok(match self {
            _ if said.is_empty() => Value::Null,
            Self::Text => said.into(),
            Self::Person => {
                let person =
                    said.parse::<Person>().map_err(|_| format!("`{said}` is not one word, such as sam"))?;
                person.as_str().into()
            }
            Self::Day => said.parse::<Day>().map(|day| day.to_string())?.into(),
            Self::Number => said.parse::<u32>().map_err(|_| format!("`{said}` is not a number"))?.into(),
            Self::Row => row(said)?,
            Self::Rows => said.split(',').map(row).collect::<Result<Vec<_>, _>>()?.into(),
            Self::Review => said.parse::<BriefField>()?.word().into(),
            Self::Area => said.parse::<ImpactArea>()?.word().into(),
            Self::Cluster => said.parse::<Cluster>()?.word().into(),
            Self::Confidence => said.parse::<Confidence>()?.word().into(),
            Self::Action => said.parse::<ActionType>()?.word().into(),
            Self::Share => said.parse::<ShareField>()?.word().into(),
            Self::Watch => watch::read(said)?,
        })
    }
}

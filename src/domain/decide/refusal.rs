//! Why not, one sentence each.

use crate::domain::event::{Moment, Role, Verdict};
use crate::domain::id::{ChecklistId, CriterionId, EntryId, IncidentId, ItemId, Person, RetroId, TaskId};

/// Why not, in a sentence a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no incident {0}")]
    NoIncident(IncidentId),
    #[error("{0} has no entry {1}")]
    NoEntry(IncidentId, EntryId),
    #[error("{0} is not open; reopen it first")]
    NotOpen(IncidentId),
    #[error("{0} is open already")]
    AlreadyOpen(IncidentId),
    #[error("{0} is closed already")]
    AlreadyClosed(IncidentId),
    #[error("{0} is not resolved yet; resolve it before closing")]
    NotResolved(IncidentId),
    #[error("say in a few words what is wrong: an incident needs a title")]
    NoTitle,
    #[error("an entry needs a text")]
    NoText,
    #[error("{0} ends before it begins")]
    EndsBeforeItBegins(IncidentId),
    #[error("{holder} has command of {incident}; taking it relieves {holder}")]
    CommandHeld { incident: IncidentId, holder: Person },
    #[error("you already have command of {0}")]
    AlreadyCommander(IncidentId),
    #[error("only who has command of {0} can do that")]
    NotCommander(IncidentId),
    #[error("command of {0} was not offered to you")]
    NotOffered(IncidentId),
    #[error("you already are {1} of {0}")]
    AlreadyInRole(IncidentId, Role),
    #[error("you are not {1} of {0}")]
    NotInRole(IncidentId, Role),
    #[error("{0} is struck; restore it first")]
    Struck(EntryId),
    #[error("{0} is not struck")]
    NotStruck(EntryId),
    #[error("{by} wrote it anew meanwhile: “{says}”")]
    WrittenMeanwhile { by: Person, says: String },
    #[error("{by} says it is {verdict} by now")]
    JudgedMeanwhile { by: Person, verdict: Verdict },
    #[error("{0} is not a hypothesis")]
    NotAHypothesis(EntryId),
    #[error("{incident} was merged into {into} and goes on there; say it of {into}")]
    Merged { incident: IncidentId, into: IncidentId },
    #[error("{0} cannot be merged into itself")]
    MergedIntoItself(IncidentId),
    #[error("nothing to change: say a title, services or an impact")]
    NothingSaid,
    #[error("{0} has no task {1}")]
    NoTask(IncidentId, TaskId),
    #[error("{0} has no exit criterion {1}")]
    NoCriterion(IncidentId, CriterionId),
    #[error("{0} has no checklist {1}")]
    NoChecklist(IncidentId, ChecklistId),
    #[error("{checklist} has no step {step}")]
    NoStep { checklist: ChecklistId, step: u32 },
    #[error("{what} is {state} already")]
    AlreadySo { what: String, state: &'static str },
    #[error("a checklist needs a title and at least one step, and every step a text")]
    EmptyChecklist,
    #[error("`{0}` is not a number; write the limit as 1.5 or 240")]
    NotANumber(String),
    #[error("a live check has to be good for some time; write 5m")]
    NoGoodFor,
    #[error("say the condition, the actions or the needs: an update needs one of them")]
    EmptyUpdate,
    #[error("say why the step is skipped")]
    SkippedWithoutReason,
    #[error("nobody has said when {0} was")]
    MomentNotSaid(Moment),
    #[error("a hypothesis cannot speak for or against itself")]
    OwnGround(EntryId),
    #[error("{0} does not weigh on it; there is nothing to withdraw")]
    NotWeighed(EntryId),
    #[error("put it off by 1 to 60 minutes")]
    SnoozeTooLong,
    #[error("that was answered already, by {0}")]
    AlreadyAnswered(Person),
    #[error("the retro of {0} has no row {1}")]
    NoItem(IncidentId, RetroId),
    #[error("{0} is struck; restore it first")]
    ItemStruck(RetroId),
    #[error("{0} is not struck")]
    ItemNotStruck(RetroId),
    #[error("a row of the retro needs a text")]
    EmptyItem,
    #[error("{0} is a row of another kind; strike it and write a new one")]
    AnotherKind(RetroId),
    #[error("{0} is nothing to be done or answered")]
    NothingToDo(RetroId),
    #[error("{0} cannot carry that: a why hangs on a factor or a why, an action item takes away factors")]
    CannotCarry(RetroId),
    #[error("{0} cannot be its own reason")]
    OwnWhy(RetroId),
    #[error("there is no `{0}` in the readiness register of the catalog")]
    NotInRegister(ItemId),
    #[error("{0} is not signed off without evidence: say where it can be seen")]
    SignedWithoutEvidence(ItemId),
    #[error("nobody has signed {0} off; there is nothing to withdraw")]
    NotSignedOff(ItemId),
    #[error("say why the sign-off of {0} is withdrawn")]
    WithdrawnWithoutReason(ItemId),
}

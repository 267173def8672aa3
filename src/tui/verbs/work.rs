//! Verbs of the work of an incident: its board, what can be done to a line of it, merging, switching, weighing.

use super::incident::{has_incident, target};
use super::{Able, Deed};
use crate::domain::event::{Bearing, CriterionState, Ground, StepState, TaskState, Verdict};
use crate::domain::incident::{Checklist, Status};
use crate::domain::{Incident, IncidentId, Intent};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::ask::{Ask, Wants};
use crate::tui::overlays::board::{Board, Item, Part};
use crate::tui::overlays::command::{Choice, Does, Menu};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::detail::{About, Detail};
use crate::tui::overlays::typed::{Typed, Typing, What};
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    opens(Verb::WorkTasks, |ui, world| open(ui, world, Part::Tasks)),
    opens(Verb::WorkCriteria, |ui, world| open(ui, world, Part::Criteria)),
    opens(Verb::WorkChecklists, |ui, world| open(ui, world, Part::Checklists)),
    opens(Verb::WorkMoments, |ui, world| open(ui, world, Part::Moments)),
    opens(Verb::WorkHypotheses, |ui, world| open(ui, world, Part::Hypotheses)),
    Deed::always(Verb::WorkNext, |ui, _| turn(ui, 1)),
    Deed::always(Verb::WorkPrevious, |ui, _| turn(ui, -1)),
    Deed { verb: Verb::WorkAdd, able: may_add, run: add },
    Deed { verb: Verb::WorkDone, able: has_item, run: done },
    Deed { verb: Verb::WorkEdit, able: may_edit, run: edit },
    Deed { verb: Verb::WorkDrop, able: may_drop, run: drop_it },
    Deed {
        verb: Verb::WorkConfirm,
        able: is_hypothesis,
        run: |ui, world| judge(ui, world, Verdict::Confirmed),
    },
    Deed { verb: Verb::WorkRefute, able: is_hypothesis, run: |ui, world| judge(ui, world, Verdict::Refuted) },
    Deed { verb: Verb::EntryWeigh, able: may_weigh, run: weigh },
    Deed { verb: Verb::TimelineView, able: has_timeline, run: view },
    Deed { verb: Verb::IncidentMerge, able: may_merge, run: merge },
    Deed { verb: Verb::IncidentSwitch, able: has_incident, run: switch },
];

const fn opens(verb: Verb, run: fn(&mut Ui, World<'_>) -> Vec<Effect>) -> Deed {
    Deed { verb, able: has_incident, run }
}

fn open(ui: &mut Ui, world: World<'_>, part: Part) -> Vec<Effect> {
    let meant = target(ui, world).map(|incident| incident.id);
    match (ui.overlays.last_mut(), meant) {
        (Some(Overlay::Board(board)), _) => *board = Board::open(board.incident, part),
        (_, Some(incident)) => ui.overlays.push(Overlay::Board(Board::open(incident, part))),
        _ => {}
    }
    Vec::new()
}

fn turn(ui: &mut Ui, by: isize) -> Vec<Effect> {
    if let Some(Overlay::Board(board)) = ui.overlays.last_mut() {
        board.turn(by);
    }
    Vec::new()
}

fn board(ui: &Ui) -> Option<&Board> {
    match ui.overlays.last() {
        Some(Overlay::Board(board)) => Some(board),
        _ => None,
    }
}

/// What is under the cursor of the board, and the incident it is of.
fn selected<'a>(ui: &Ui, world: World<'a>) -> Option<(&'a Incident, Item)> {
    let (of, item) = board(ui)?.selected(ui, world)?;
    Some((world.snapshot.room.incident(of)?, item))
}

fn has_item(ui: &Ui, world: World<'_>) -> Able {
    Able::when(selected(ui, world).is_some(), "there is nothing under the cursor")
}

fn may_add(ui: &Ui, _: World<'_>) -> Able {
    match board(ui).map(|board| board.part) {
        Some(Part::Tasks | Part::Criteria | Part::Checklists) => Able::Yes,
        Some(Part::Moments) => Able::No("the key moments are these ten; e sets one".to_owned()),
        Some(Part::Hypotheses) => Able::No("n, then h, writes a hypothesis".to_owned()),
        None => Able::No("the work board is not open; W opens it".to_owned()),
    }
}

fn add(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(board) = board(ui) else { return Vec::new() };
    let incident = board.incident;
    match board.part {
        Part::Tasks => ask(ui, world, incident, What::Task(None)),
        Part::Criteria => ask(ui, world, incident, What::Criterion(None)),
        Part::Checklists => templates(ui, world, incident),
        Part::Moments | Part::Hypotheses => Vec::new(),
    }
}

fn ask(ui: &mut Ui, world: World<'_>, incident: IncidentId, what: What) -> Vec<Effect> {
    let typed = Typed::open(Typing::new(incident, what), ui, world);
    ui.overlays.push(Overlay::Typed(typed));
    Vec::new()
}

/// Checklists of the incident's services first, then the others.
fn templates(ui: &mut Ui, world: World<'_>, id: IncidentId) -> Vec<Effect> {
    let Some(incident) = world.snapshot.room.incident(id) else { return Vec::new() };
    let mut templates: Vec<_> = world.snapshot.catalog.templates().collect();
    templates.sort_by_key(|template| {
        !template.service.as_ref().is_some_and(|service| incident.services.contains(service))
    });
    let choice = |template: crate::domain::catalog::Template| {
        let said = format!("{} · {}, {} steps", template.name, template.kind.word(), template.steps.len());
        Choice { said, does: Does::Submit(Intent::StartChecklist(id, template.content())) }
    };
    let choices = templates.into_iter().map(choice).collect();
    ui.overlays.push(Overlay::Command(Menu::of("Begin a checklist", choices)));
    Vec::new()
}

/// The likeliest thing to do with a line: done, met, ticked, accepted; and once more takes it back.
fn done(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some((incident, item)) = selected(ui, world) else { return Vec::new() };
    let id = incident.id;
    let intent = match item {
        Item::Task(task) => match incident.tasks.get(&task).map(|task| task.state) {
            Some(TaskState::Open) => return ask(ui, world, id, What::Outcome(task, TaskState::Done)),
            _ => Intent::MarkTask(id, task, TaskState::Open, String::new()),
        },
        Item::Criterion(criterion) => match incident.criteria.get(&criterion).map(|it| it.state) {
            Some(CriterionState::Open) => {
                return ask(ui, world, id, What::Mark(criterion, CriterionState::Met));
            }
            _ => Intent::MarkCriterion {
                incident: id,
                criterion,
                state: CriterionState::Open,
                reason: String::new(),
                evidence: Vec::new(),
            },
        },
        Item::Step(checklist, step) => {
            let list = incident.checklists.get(&checklist);
            let state = list.and_then(|list| list.step(step)).map(|it| it.state);
            let is_ticked = state == Some(StepState::Open);
            let state = if is_ticked { StepState::Done } else { StepState::Open };
            let next = list.filter(|_| is_ticked).and_then(|list| open_after(list, step));
            if let (Some(next), Some(Overlay::Board(board))) = (next, ui.overlays.last_mut()) {
                board.choose((id, Item::Step(checklist, next)));
            }
            Intent::MarkStep { incident: id, checklist, step, state, reason: String::new() }
        }
        Item::Moment(moment) => return ask(ui, world, id, What::Moment(moment)),
        Item::Proposal(moment) => match ui.incident.live().proposal(moment) {
            Some(proposal) => proposal.clone().accept(incident),
            None => return Vec::new(),
        },
        Item::Hypothesis(entry) => {
            let detail = Detail::of(About::Entry(id, entry), ui, world);
            ui.overlays.push(Overlay::Detail(detail));
            return Vec::new();
        }
    };
    asks::submit(ui, intent, Origin::Key)
}

/// The step that is to be done after one that is ticked, so that the same key ticks it as well.
fn open_after(list: &Checklist, step: u32) -> Option<u32> {
    let steps = (1..).zip(&list.steps);
    let mut later = steps.filter(|(number, it)| *number > step && it.state == StepState::Open);
    later.next().map(|(number, _)| number)
}

fn may_edit(ui: &Ui, world: World<'_>) -> Able {
    match selected(ui, world) {
        Some((_, Item::Step(..))) => {
            Able::No("the steps of a checklist are those it was begun with".to_owned())
        }
        Some((_, Item::Hypothesis(_))) => {
            Able::No("it is written anew in the timeline, with e there".to_owned())
        }
        _ => has_item(ui, world),
    }
}

fn edit(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some((incident, item)) = selected(ui, world) else { return Vec::new() };
    let what = match item {
        Item::Task(task) => What::Task(Some(task)),
        Item::Criterion(criterion) => What::Criterion(Some(criterion)),
        Item::Moment(moment) | Item::Proposal(moment) => What::Moment(moment),
        Item::Step(..) | Item::Hypothesis(_) => return Vec::new(),
    };
    ask(ui, world, incident.id, what)
}

fn may_drop(ui: &Ui, world: World<'_>) -> Able {
    match selected(ui, world) {
        Some((_, Item::Moment(_))) => {
            Able::No("e, then `never` or `unknown`, takes a moment back".to_owned())
        }
        Some((_, Item::Hypothesis(_))) => Able::No("- refutes it; a refuted hypothesis stays".to_owned()),
        _ => has_item(ui, world),
    }
}

fn drop_it(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some((incident, item)) = selected(ui, world) else { return Vec::new() };
    let what = match item {
        Item::Task(task) => What::Outcome(task, TaskState::Cancelled),
        Item::Criterion(criterion) => What::Mark(criterion, CriterionState::Dropped),
        Item::Step(checklist, step) => What::Skip(checklist, step),
        Item::Proposal(moment) => What::Decline(moment),
        Item::Moment(_) | Item::Hypothesis(_) => return Vec::new(),
    };
    ask(ui, world, incident.id, what)
}

fn is_hypothesis(ui: &Ui, world: World<'_>) -> Able {
    let is = matches!(selected(ui, world), Some((_, Item::Hypothesis(_))));
    Able::when(is, "only a hypothesis is confirmed or refuted")
}

fn judge(ui: &mut Ui, world: World<'_>, verdict: Verdict) -> Vec<Effect> {
    if let Some((incident, Item::Hypothesis(entry))) = selected(ui, world)
        && let Some(was) = incident.entries.get(&entry).map(|entry| entry.verdict)
    {
        ui.overlays.push(Overlay::Ask(Ask::open(Wants::Verdict(incident.id, entry, verdict, was))));
    }
    Vec::new()
}

/// What the selected entry can be weighed on.
fn weighings(ui: &Ui, world: World<'_>) -> Vec<Choice> {
    let shown = ui.incident.shown(&world.snapshot.room).filter(|_| ui.screen == Screen::Incident);
    let Some((incident, entry)) = shown.zip(ui.incident.selected()) else { return Vec::new() };
    let ground = Ground::Entry { of: None, entry };
    let standing = incident.entries.values().filter(|it| it.is_hypothesis() && it.struck.is_none());
    let mut hypotheses: Vec<_> = standing.filter(|it| it.id != entry).collect();
    hypotheses.sort_by_key(|it| (it.verdict, it.id));
    let choices = |it: &crate::domain::incident::Entry| {
        let lean = it.weights.iter().find(|weight| weight.ground == ground).map(|weight| weight.bearing);
        let offered = [Bearing::For, Bearing::Against, Bearing::Withdrawn].into_iter();
        let offered = offered.filter(|bearing| match bearing {
            Bearing::Withdrawn => lean.is_some(),
            bearing => lean != Some(*bearing),
        });
        let (hypothesis, text) = (it.id, it.content.text.clone());
        let ground = ground.clone();
        let choice = move |bearing: Bearing| {
            let said = match bearing {
                Bearing::For => format!("for {hypothesis}: {text}"),
                Bearing::Against => format!("against {hypothesis}: {text}"),
                Bearing::Withdrawn => format!("no longer weighed on {hypothesis}: {text}"),
            };
            let intent =
                Intent::Weigh { incident: incident.id, entry: hypothesis, ground: ground.clone(), bearing };
            Choice { said, does: Does::Submit(intent) }
        };
        offered.map(choice).collect::<Vec<_>>()
    };
    hypotheses.into_iter().flat_map(choices).collect()
}

fn may_weigh(ui: &Ui, world: World<'_>) -> Able {
    if ui.screen != Screen::Incident || ui.incident.selected().is_none() {
        return Able::No("no entry is selected; the arrows select one".to_owned());
    }
    Able::when(!weighings(ui, world).is_empty(), "there is no other hypothesis to weigh it on")
}

fn weigh(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let choices = weighings(ui, world);
    let title = ui.incident.selected().map_or_else(String::new, |entry| format!("{entry} speaks"));
    ui.overlays.push(Overlay::Command(Menu::of(title, choices)));
    Vec::new()
}

fn has_timeline(ui: &Ui, world: World<'_>) -> Able {
    let is_shown = ui.screen == Screen::Incident && ui.incident.shown(&world.snapshot.room).is_some();
    Able::when(is_shown, "no timeline is shown; 2 shows the incident in front")
}

fn view(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    let said = ui.incident.turn_view();
    ui.say(said);
    Vec::new()
}

/// Mergers of the incident in question with every other that is open, each way round.
fn mergers(ui: &Ui, world: World<'_>) -> Vec<Choice> {
    let Some(incident) = target(ui, world).filter(|incident| !incident.is_merged()) else {
        return Vec::new();
    };
    let room = &world.snapshot.room;
    let others = room.incidents.values().filter(|other| other.id != incident.id && !other.is_merged());
    others
        .flat_map(|other| [(incident, other.as_ref()), (other.as_ref(), incident)])
        .filter(|(_, into)| into.status == Status::Open)
        .map(|(from, into)| merger(from, into))
        .collect()
}

fn merger(from: &Incident, into: &Incident) -> Choice {
    let means = format!(
        "{} ({}) goes on in {} ({}). Its entries stay, with their origin; reopening {} takes it out again.",
        from.id, from.title, into.id, into.title, from.id
    );
    let question = format!("Merge {} into {}?", from.id, into.id);
    let intent = Intent::Merge { incident: from.id, into: into.id, reason: String::new() };
    let said = format!("{} into {}: {}", from.id, into.id, into.title);
    Choice { said, does: Does::Confirm(Confirm { question, means, intent }) }
}

fn may_merge(ui: &Ui, world: World<'_>) -> Able {
    match has_incident(ui, world) {
        Able::Yes => Able::when(!mergers(ui, world).is_empty(), "there is no other open incident"),
        no => no,
    }
}

fn merge(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let choices = mergers(ui, world);
    ui.overlays.push(Overlay::Command(Menu::of("Merge", choices)));
    Vec::new()
}

fn switch(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let mut open: Vec<_> =
        world.snapshot.room.incidents.values().filter(|it| it.status == Status::Open).collect();
    open.sort_by_key(|incident| (incident.severity, std::cmp::Reverse(incident.id)));
    let choice = |incident: &std::sync::Arc<Incident>| Choice {
        said: format!("{} {}: {}", incident.id, incident.severity, incident.title),
        does: Does::Front(incident.id),
    };
    let choices = open.into_iter().map(choice).collect();
    ui.overlays.push(Overlay::Command(Menu::of("In front for you", choices)));
    Vec::new()
}

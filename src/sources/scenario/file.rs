//! A scenario file read: TOML blocks decoded one by one, each line of each scene against its form, every mistake
//! kept with its place.

use super::Scenario;
use super::answer::QueryBlock;
use super::form;
use super::history::{DeploysBlock, PullRequestsBlock, ReviewsBlock};
use super::moment::Moments;
use super::past::{self, IncidentBlock};
use super::series::{Series, SeriesBlock};
use super::setting::Setting;
use super::step::{self, Act, Step};
use crate::domain::problem::Problem;
use crate::domain::text::clean;
use crate::domain::{Signal, SignalId, Span, Time};
use crate::sources::catalog;
use crate::sources::written::{Block, Mistake, Problems, blocks, decode, table};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What stands above the blocks. The blocks are named too, so that a misspelt one finds its neighbour.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: String,
    #[serde(default)]
    summary: String,
    room: String,
    #[serde(rename = "ends")]
    _ends: String,
    #[serde(default = "half_an_hour")]
    plays_from: Spanned<String>,
    #[serde(default = "thirty_fold")]
    speed: Spanned<f64>,
    #[serde(default)]
    bitbucket: Vec<String>,
    #[serde(default, rename = "service")]
    _services: IgnoredAny,
    #[serde(default, rename = "checklist")]
    _checklists: IgnoredAny,
    #[serde(default, rename = "readiness")]
    _readiness: IgnoredAny,
    #[serde(default, rename = "plan")]
    _plan: IgnoredAny,
    #[serde(default, rename = "series")]
    _series: IgnoredAny,
    #[serde(default, rename = "deploys")]
    _deploys: IgnoredAny,
    #[serde(default, rename = "pull_requests")]
    _pull_requests: IgnoredAny,
    #[serde(default, rename = "reviews")]
    _reviews: IgnoredAny,
    #[serde(default, rename = "incident")]
    _incidents: IgnoredAny,
    #[serde(default, rename = "scene")]
    _scenes: IgnoredAny,
    #[serde(default, rename = "query")]
    _queries: IgnoredAny,
}

/// A part of the story under a name of its own, told in lines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    #[serde(rename = "name")]
    _name: String,
    #[serde(default)]
    signals: Option<Spanned<String>>,
    #[serde(default)]
    steps: Option<Spanned<String>>,
}

/// Everything below the head but the catalog, as it was written.
struct Story {
    series: Vec<Block<SeriesBlock>>,
    deploys: Vec<Block<DeploysBlock>>,
    pull_requests: Vec<Block<PullRequestsBlock>>,
    reviews: Vec<Block<ReviewsBlock>>,
    incidents: Vec<Block<IncidentBlock>>,
    scenes: Vec<Block<Scene>>,
    queries: Vec<Block<QueryBlock>>,
}

/// What the scenes and blocks add up to.
#[derive(Default)]
struct Told {
    events: Vec<Signal>,
    series: Vec<Series>,
    /// Each with its line.
    steps: Vec<(usize, Step)>,
    /// Which line gave a signal, to name it when another gives the same.
    lines: BTreeMap<SignalId, usize>,
}

pub(super) fn parse(name: &str, text: &str) -> Result<Scenario, Vec<Problem>> {
    let mut problems = Problems::new(name, text);
    let scenario = read(name, text, &mut problems);
    match (scenario, problems.into_found()) {
        (Some(scenario), found) if found.is_empty() => Ok(scenario),
        (_, found) => Err(found),
    }
}

/// The end is read by itself and before the rest of the head: with it, the lines of the story can be judged even
/// when something else in the head is wrong.
fn read(name: &str, text: &str, problems: &mut Problems<'_>) -> Option<Scenario> {
    let mut root = table(text, problems);
    let catalog = catalog::take(&mut root, problems);
    let story = Story::take(&mut root, problems);
    let ends = ends(&root, problems);
    let head: Option<Head> = decode(Spanned::new(0..0, DeValue::Table(root)), problems);
    let moments = Moments { ends: ends? };
    let bitbucket = head.as_ref().map_or(&[][..], |head| &head.bitbucket);
    let setting = Setting { moments, catalog: &catalog, bitbucket };
    let Told { events, series, steps, .. } = Told::of(&story, text, &setting, problems);
    let plays_from = head.as_ref().and_then(|head| plays_from(&head.plays_from, moments, problems));
    // What was signed before the story is in the journal when it opens; every other step is for whoever practises.
    let (signed, steps): (Vec<_>, Vec<_>) = steps
        .into_iter()
        .partition(|(_, step)| Some(step.at) <= plays_from && matches!(step.act, Act::Attest(_)));
    let incidents: Vec<_> = story.incidents.iter().map(|block| (block.offset, &block.content)).collect();
    let past = past::records(&incidents, signed, &setting, problems);
    let steps = steps.into_iter().map(|(_, step)| step).collect();
    let queries = story.queries.iter();
    let queries =
        queries.filter_map(|Block { offset, content }| problems.keep(*offset, content.read())).collect();
    let (head, plays_from) = (head?, plays_from?);
    if let (Some(late), Some((offset, _))) =
        (past.iter().find(|record| record.at > plays_from), incidents.first())
    {
        let what = format!("an incident of the past goes on at {}", late.at);
        problems.at(*offset, Mistake::new(what, "let it end before the story plays, at `plays_from`"));
    }
    let speed = speed(&head.speed, problems)?;
    let (name, ends) = (clean(name), moments.ends);
    let Head { title, summary, room, .. } = head;
    Some(Scenario {
        name,
        title,
        summary,
        room,
        plays_from,
        ends,
        speed,
        catalog,
        events,
        series,
        steps,
        past,
        queries,
    })
}

impl Story {
    fn take(root: &mut DeTable<'_>, problems: &mut Problems<'_>) -> Self {
        Self {
            series: blocks(root, "series", problems),
            deploys: blocks(root, "deploys", problems),
            pull_requests: blocks(root, "pull_requests", problems),
            reviews: blocks(root, "reviews", problems),
            incidents: blocks(root, "incident", problems),
            scenes: blocks(root, "scene", problems),
            queries: blocks(root, "query", problems),
        }
    }

    /// The signals of the ordinary weeks, block by block.
    fn history(&self, setting: &Setting<'_>) -> Vec<(usize, Result<Vec<Signal>, Mistake>)> {
        let deploys = self.deploys.iter().map(|block| (block.offset, block.content.read(setting)));
        let pull_requests =
            self.pull_requests.iter().map(|block| (block.offset, block.content.read(setting)));
        let reviews = self.reviews.iter().map(|block| (block.offset, block.content.read(setting)));
        deploys.chain(pull_requests).chain(reviews).collect()
    }
}

impl Told {
    fn of(story: &Story, text: &str, setting: &Setting<'_>, problems: &mut Problems<'_>) -> Self {
        let mut told = Self::default();
        for Block { offset, content } in &story.series {
            told.series.extend(problems.keep(*offset, content.read(setting)));
        }
        for (offset, signals) in story.history(setting) {
            told.add_history(offset, signals, problems);
        }
        for Block { content, .. } in &story.scenes {
            told.add_scene(content, text, setting, problems);
        }
        told.events.sort_by_key(|event| (event.at, event.id));
        told.steps.sort_by_key(|(_, step)| step.at);
        told
    }

    fn add_history(
        &mut self,
        offset: usize,
        signals: Result<Vec<Signal>, Mistake>,
        problems: &mut Problems<'_>,
    ) {
        let line = problems.line_of(offset);
        for signal in problems.keep(offset, signals).unwrap_or_default() {
            self.add(signal, line, problems);
        }
    }

    fn add_scene(&mut self, scene: &Scene, text: &str, setting: &Setting<'_>, problems: &mut Problems<'_>) {
        for (line, words) in lines(scene.signals.as_ref(), text, problems) {
            match form::read(words, setting) {
                Ok(Some(signal)) => self.add(signal, line, problems),
                Ok(None) => {}
                Err(mistake) => problems.at_line(line, mistake),
            }
        }
        for (line, words) in lines(scene.steps.as_ref(), text, problems) {
            match step::read(words, setting) {
                Ok(step) => self.steps.extend(step.map(|step| (line, step))),
                Err(mistake) => problems.at_line(line, mistake),
            }
        }
    }

    fn add(&mut self, signal: Signal, line: usize, problems: &mut Problems<'_>) {
        match self.lines.insert(signal.id, line) {
            None => self.events.push(signal),
            Some(first) => {
                let what = format!("this is the signal of line {first} once more");
                problems.at_line(line, Mistake::new(what, "change its time or leave it out"));
            }
        }
    }
}

/// The lines of a text of many lines, with their numbers in the file.
fn lines<'s>(
    block: Option<&'s Spanned<String>>,
    text: &str,
    problems: &Problems<'_>,
) -> impl Iterator<Item = (usize, &'s str)> + use<'s> {
    let first = block.map_or(1, |block| {
        let from = block.span().start;
        let opening = text.get(from..).unwrap_or("").trim_start_matches(['\'', '"']);
        problems.line_of(from) + usize::from(opening.starts_with(['\n', '\r']))
    });
    (first..).zip(block.into_iter().flat_map(|block| block.get_ref().lines()))
}

/// A missing end, or one that is no text, is reported with the rest of the head.
fn ends(root: &DeTable<'_>, problems: &mut Problems<'_>) -> Option<Time> {
    let value = root.get("ends")?;
    let word = value.get_ref().as_str()?;
    let how = "write ends = \"2026-03-16T16:00:00Z\"";
    let ends = word.parse().map_err(|_| Mistake::new(format!("`ends = {word}` is not a moment"), how));
    problems.keep(value.span().start, ends)
}

fn plays_from(word: &Spanned<String>, moments: Moments, problems: &mut Problems<'_>) -> Option<Time> {
    let read = moments.read(word.get_ref()).and_then(|from| match from <= moments.ends {
        true => Ok(from),
        false => Err(Mistake::new("`plays_from` comes after the end", "write plays_from = \"-25m\"")),
    });
    problems.keep(word.span().start, read)
}

fn speed(speed: &Spanned<f64>, problems: &mut Problems<'_>) -> Option<f64> {
    let read = match *speed.get_ref() {
        number if number.is_finite() && number > 0.0 => Ok(number),
        number => Err(Mistake::new(
            format!("`speed = {number}` leads nowhere"),
            "write how many times faster, speed = 30",
        )),
    };
    problems.keep(speed.span().start, read)
}

fn half_an_hour() -> Spanned<String> {
    Spanned::new(0..0, String::from(Span::minutes(-30)))
}

fn thirty_fold() -> Spanned<f64> {
    Spanned::new(0..0, 30.0)
}

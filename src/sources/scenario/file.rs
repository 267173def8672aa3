//! A scenario file read: TOML blocks decoded one by one, each line of each scene against its form, every mistake
//! kept with its place.

use super::Scenario;
use super::form;
use super::history::{DeploysBlock, PullRequestsBlock, ReviewsBlock};
use super::moment::Moments;
use super::problem::{Mistake, Problems, nearest};
use super::series::{Series, SeriesBlock};
use super::setting::Setting;
use super::step::{self, Step};
use crate::domain::catalog::{Readiness, Template};
use crate::domain::problem::Problem;
use crate::domain::text::{clean, clean_lines};
use crate::domain::{Catalog, Service, ServiceName, Signal, SignalId, Span, Time};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

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
    #[serde(default, rename = "series")]
    _series: IgnoredAny,
    #[serde(default, rename = "deploys")]
    _deploys: IgnoredAny,
    #[serde(default, rename = "pull_requests")]
    _pull_requests: IgnoredAny,
    #[serde(default, rename = "reviews")]
    _reviews: IgnoredAny,
    #[serde(default, rename = "scene")]
    _scenes: IgnoredAny,
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

/// A block and where it stands.
struct Block<T> {
    offset: usize,
    content: T,
}

/// Everything below the head but the catalog, as it was written.
struct Story {
    series: Vec<Block<SeriesBlock>>,
    deploys: Vec<Block<DeploysBlock>>,
    pull_requests: Vec<Block<PullRequestsBlock>>,
    reviews: Vec<Block<ReviewsBlock>>,
    scenes: Vec<Block<Scene>>,
}

/// What the scenes and blocks add up to.
#[derive(Default)]
struct Told {
    events: Vec<Signal>,
    series: Vec<Series>,
    steps: Vec<Step>,
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

/// A catalog by itself: the services that can be read, and what is wrong.
pub(super) fn catalog_by_itself(name: &str, text: &str) -> (Catalog, Vec<Problem>) {
    let mut problems = Problems::new(name, text);
    let mut root = table(text, &mut problems);
    let services = catalog(&mut root, &mut problems);
    for (key, _) in &root {
        let mistake = Mistake::unknown(
            "a part of a catalog",
            key.get_ref(),
            &["service", "checklist", "readiness", "plan"],
        );
        problems.at(key.span().start, mistake);
    }
    (services, problems.into_found())
}

/// The end is read by itself and before the rest of the head: with it, the lines of the story can be judged even
/// when something else in the head is wrong.
fn read(name: &str, text: &str, problems: &mut Problems<'_>) -> Option<Scenario> {
    let mut root = table(text, problems);
    let catalog = catalog(&mut root, problems);
    let story = Story::take(&mut root, problems);
    let ends = ends(&root, problems);
    let head: Option<Head> = decode(Spanned::new(0..0, DeValue::Table(root)), problems);
    let moments = Moments { ends: ends? };
    let bitbucket = head.as_ref().map_or(&[][..], |head| &head.bitbucket);
    let setting = Setting { moments, catalog: &catalog, bitbucket };
    let Told { events, series, steps, .. } = Told::of(&story, text, &setting, problems);
    let head = head?;
    let plays_from = plays_from(&head.plays_from, moments, problems)?;
    let speed = speed(&head.speed, problems)?;
    let (name, ends) = (clean(name), moments.ends);
    let Head { title, summary, room, .. } = head;
    Some(Scenario { name, title, summary, room, plays_from, ends, speed, catalog, events, series, steps })
}

/// The file as TOML, every text in it made harmless.
fn table<'t>(text: &'t str, problems: &mut Problems<'_>) -> DeTable<'t> {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        report(error, 0, problems);
    }
    let mut root = root.into_inner();
    for (_, value) in &mut root {
        make_harmless(value.get_mut());
    }
    root
}

impl Story {
    fn take(root: &mut DeTable<'_>, problems: &mut Problems<'_>) -> Self {
        Self {
            series: blocks(root, "series", problems),
            deploys: blocks(root, "deploys", problems),
            pull_requests: blocks(root, "pull_requests", problems),
            reviews: blocks(root, "reviews", problems),
            scenes: blocks(root, "scene", problems),
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
        told.steps.sort_by_key(|step| step.at);
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
                Ok(step) => self.steps.extend(step),
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

/// Takes the blocks of one name out of the file; one that cannot be read is reported and left out.
fn blocks<T: DeserializeOwned>(
    root: &mut DeTable<'_>,
    name: &str,
    problems: &mut Problems<'_>,
) -> Vec<Block<T>> {
    let Some(value) = root.remove(name) else { return Vec::new() };
    let offset = value.span().start;
    let DeValue::Array(array) = value.into_inner() else {
        problems.at(
            offset,
            Mistake::new(format!("`{name}` is not a list"), format!("open each with [[{name}]]")),
        );
        return Vec::new();
    };
    let read = |value: Spanned<DeValue<'_>>| {
        let offset = value.span().start;
        decode(value, problems).map(|content| Block { offset, content })
    };
    array.into_iter().filter_map(read).collect()
}

fn decode<T: DeserializeOwned>(value: Spanned<DeValue<'_>>, problems: &mut Problems<'_>) -> Option<T> {
    let offset = value.span().start;
    T::deserialize(ValueDeserializer::from(value)).map_err(|error| report(&error, offset, problems)).ok()
}

/// A misspelt key finds its neighbour among the keys the message lists.
fn report(error: &toml::de::Error, block: usize, problems: &mut Problems<'_>) {
    let offset = error.span().map_or(block, |span| span.start);
    let message = clean(error.message());
    let mistake = match message.split_once(", expected ") {
        Some((what, expected)) => {
            let quoted =
                |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            let known = quoted(expected);
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            let fix = quoted(what)
                .first()
                .and_then(|word| nearest(word, &known))
                .map_or_else(|| format!("expected {expected}"), |near| format!("did you mean `{near}`?"));
            Mistake::new(what, fix)
        }
        None => Mistake::new(message, ""),
    };
    problems.at(offset, mistake);
}

fn make_harmless(value: &mut DeValue<'_>) {
    match value {
        DeValue::String(text) => *text = clean_lines(text).into(),
        DeValue::Array(array) => array.iter_mut().for_each(|value| make_harmless(value.get_mut())),
        DeValue::Table(table) => table.iter_mut().for_each(|(_, value)| make_harmless(value.get_mut())),
        _ => {}
    }
}

/// Takes the catalog out of the file. Dependencies must be in it, and nothing may be in it twice.
fn catalog(root: &mut DeTable<'_>, problems: &mut Problems<'_>) -> Catalog {
    let blocks: Vec<Block<Service>> = blocks(root, "service", problems);
    let names: Vec<_> = blocks.iter().map(|block| block.content.name.clone()).collect();
    let known: Vec<_> = names.iter().map(ServiceName::as_str).collect();
    for (place, Block { offset, content }) in blocks.iter().enumerate() {
        if names[..place].contains(&content.name) {
            problems
                .at(*offset, Mistake::new(format!("{} is in the catalog twice", content.name), "keep one"));
        }
        for needed in content.needs_services().into_iter().filter(|needed| !names.contains(needed)) {
            let what = format!("what {} depends on: it is not in the catalog", content.name);
            problems.at(*offset, Mistake::unknown(&what, needed.as_str(), &known));
        }
    }
    let checklists = checklists(root, &known, problems);
    let services = blocks.into_iter().map(|block| block.content).collect();
    let readiness = readiness(root, &known, problems);
    let plan = part(root, "plan", problems);
    Catalog { services, checklists, readiness, plan }
}

/// What has to be true before launch, and every name in it that is of nothing.
fn readiness(root: &mut DeTable<'_>, services: &[&str], problems: &mut Problems<'_>) -> Readiness {
    let places = root.get("readiness").map(places).unwrap_or_default();
    let readiness: Readiness = part(root, "readiness", problems);
    for mistaken in readiness.mistakes(services) {
        let offset = places.get(&(mistaken.part.to_owned(), mistaken.place)).copied().unwrap_or(0);
        problems.at(offset, Mistake::new(mistaken.what, mistaken.fix));
    }
    readiness
}

/// Where each block of each part of a table begins.
fn places(table: &Spanned<DeValue<'_>>) -> BTreeMap<(String, usize), usize> {
    let parts = table.get_ref().as_table().into_iter().flatten();
    let blocks = parts.flat_map(|(name, part)| {
        let blocks = part.get_ref().as_array().into_iter().flatten().enumerate();
        blocks.map(move |(n, block)| ((name.get_ref().to_string(), n), block.span().start))
    });
    blocks.collect()
}

/// A table of the file that is read as a whole; what is not there is as empty as can be.
fn part<T: DeserializeOwned + Default>(root: &mut DeTable<'_>, name: &str, problems: &mut Problems<'_>) -> T {
    root.remove(name).and_then(|value| decode(value, problems)).unwrap_or_default()
}

/// A checklist nobody could begin, or of a service nobody runs, is a mistake.
fn checklists(root: &mut DeTable<'_>, services: &[&str], problems: &mut Problems<'_>) -> Vec<Template> {
    let blocks: Vec<Block<Template>> = blocks(root, "checklist", problems);
    for (place, Block { offset, content }) in blocks.iter().enumerate() {
        if blocks[..place].iter().any(|other| other.content.name == content.name) {
            let what = format!("the checklist {} is in the catalog twice", content.name);
            problems.at(*offset, Mistake::new(what, "keep one"));
        }
        let blank = |text: &String| text.trim().is_empty();
        if blank(&content.name) || content.steps.is_empty() || content.steps.iter().any(blank) {
            let what = "a checklist needs a name and at least one step, and every step a text";
            problems.at(*offset, Mistake::new(what, "write steps = [\"Stop the roll-out\"]"));
        }
        let service = content.service.as_ref().map(ServiceName::as_str);
        if let Some(service) = service.filter(|service| !services.contains(service)) {
            let what = format!("the service of the checklist {}", content.name);
            problems.at(*offset, Mistake::unknown(&what, service, services));
        }
    }
    blocks.into_iter().map(|block| block.content).collect()
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

//! Where one looks and reads on about a service: dashboards, documents, what it writes into its logs and how a request is
//! followed.

use super::Page;
use super::page::{about, joined};
use crate::domain::catalog::{Dashboard, Document, LogPoint, Logs, Traces};
use crate::theme::Role;

/// What each of them shows; where it is stands further up, with what is looked for first.
pub(super) fn dashboards(all: &[Dashboard], page: &mut Page) {
    if !all.is_empty() {
        page.title("Dashboards");
    }
    for it in all {
        let refresh = it.refresh.map_or_else(String::new, |span| format!("anew every {}", span.exact()));
        page.named(it.kind.word(), &joined([it.name.clone(), refresh]));
        page.named("", &it.purpose);
        page.named_as("", &joined(it.shows.iter().cloned()), Role::Dim);
    }
}

pub(super) fn documents(all: &[Document], page: &mut Page) {
    let mut telling = all.iter().filter(|it| !it.covers.is_empty() || !it.updated.is_empty()).peekable();
    if telling.peek().is_some() {
        page.title("Documents");
    }
    for it in telling {
        page.said(&it.title, Role::Text);
        page.named("covers", &joined(it.covers.iter().cloned()));
        page.each("last changed", &it.updated);
    }
}

/// How lines are found comes first: that is what somebody asks who opens the logs.
pub(super) fn logs(it: &Logs, page: &mut Page) {
    page.title(&about("Logs", &it.format));
    page.named("found by", &it.correlation);
    for level in &it.levels {
        page.named(level.level.word(), &level.what);
    }
    it.points.iter().for_each(|it| point(it, page));
    for (n, field) in it.fields.iter().enumerate() {
        page.named(if n == 0 { "every line" } else { "" }, &about(&field.name, &field.what));
    }
    for (n, kept) in it.redacted.iter().enumerate() {
        let how = joined(kept.how.iter().cloned());
        page.named(if n == 0 { "left out" } else { "" }, &about(&kept.what, &how));
    }
}

fn point(it: &LogPoint, page: &mut Page) {
    let level = it.level.map_or_else(String::new, |level| level.word().to_owned());
    let failing =
        it.level_on_failure.map_or_else(String::new, |level| format!("{} when it fails", level.word()));
    page.named("a line when", &joined([it.at.clone(), level, failing]));
    page.named_as("", &joined(it.fields.iter().cloned()), Role::Dim);
}

pub(super) fn traces(it: &Traces, page: &mut Page) {
    page.title(&about("Traces", &it.system));
    page.each("handed on", &it.propagation);
    for (n, span) in it.spans.iter().enumerate() {
        page.named(if n == 0 { "timed" } else { "" }, &about(&span.name, &span.what));
    }
    page.each("always", &it.always);
    for (n, kept) in it.sampling.iter().enumerate() {
        let share = joined([format!("{} %", kept.percent), kept.when.clone()]);
        page.named(if n == 0 { "kept" } else { "" }, &about(&kept.of, &share));
    }
}

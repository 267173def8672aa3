//! What a service needs, how much it can take, how it grows, and how that was found out.

use super::failures::rates;
use super::page::joined;
use super::{Page, Told};
use crate::domain::catalog::{Compute, Network, Pool, Scaling, Storage};
use crate::domain::time::Span;
use crate::theme::Role;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let Some(capacity) = told.service.and_then(|service| service.capacity.as_ref()) else {
        return page.said("What it can take is not written down: [service.capacity] does that.", Role::Dim);
    };
    if let Some(it) = &capacity.scaling {
        scaling(it, page);
    }
    if let Some(it) = &capacity.compute {
        compute(it, page);
    }
    if let Some(it) = &capacity.network {
        network(it, page);
    }
    if let Some(limits) = &capacity.rate_limits {
        page.named("limits", &rates(limits));
        page.each("", &limits.why);
    }
    if !capacity.pools.is_empty() {
        page.title("Pools");
        capacity.pools.iter().for_each(|it| pool(it, page));
    }
    if let Some(it) = &capacity.storage {
        storage(it, page);
    }
    if let Some(it) = &capacity.vertical {
        page.each("larger when", &it.when);
        page.named("at most", &it.limit);
    }
    for test in &capacity.tests {
        page.title(&format!("{} test", test.kind.word()));
        let lasts = test.lasts.map_or_else(String::new, |lasts| format!("for {}", lasts.exact()));
        page.named("load", &joined([test.load.clone(), lasts]));
        page.named("to learn", &test.goal);
        page.each("success", &test.success);
    }
}

fn compute(it: &Compute, page: &mut Page) {
    let per = if it.per.is_empty() { String::new() } else { format!("a {}", it.per) };
    page.named("compute", &joined([it.cpu.clone(), it.memory.clone(), per]));
    page.named("idle", &it.baseline);
    page.named("at most", &it.peak);
    page.named("more when", &it.scaling_trigger);
}

fn network(it: &Network, page: &mut Page) {
    let per = if it.per.is_empty() { String::new() } else { format!("a {}", it.per) };
    page.named("in and out", &joined([it.bandwidth_in.clone(), it.bandwidth_out.clone(), per]));
    page.named("answers", &it.requests_per_second.map_or_else(String::new, |rate| format!("{rate}/s")));
    page.named("calls", &joined(it.fan_out.iter().map(|it| format!("{} {}", it.to, it.calls))));
}

fn pool(it: &Pool, page: &mut Page) {
    let wait = it.timeout.map_or_else(String::new, |timeout| format!("wait at most {}", timeout.exact()));
    let to = if it.dependency.is_empty() { String::new() } else { format!("to {}", it.dependency) };
    let size = format!("{} {}", it.size, it.kind.word());
    page.named(&it.name, &joined([size, to, wait, it.exhausted.clone()]));
    page.each("", &it.why);
}

fn storage(it: &Storage, page: &mut Page) {
    page.title("Storage");
    page.each("grows", &it.growth);
    page.each("kept", &it.retention);
    page.each("projected", &it.projected);
    page.each("cleaned", &it.cleanup);
}

fn scaling(it: &Scaling, page: &mut Page) {
    page.title("Scaling");
    let least = it.min.map_or_else(String::new, |min| format!("at least {min}"));
    let most = it.max.map_or_else(String::new, |max| format!("at most {max}"));
    page.named("instances", &joined([least, most, it.by.clone()]));
    page.named("more when", &joined([it.up.clone(), it.up_rate.clone()]));
    page.named("takes", &it.up_time.map_or_else(String::new, Span::exact));
    page.named("fewer when", &joined([it.down.clone(), it.down_rate.clone()]));
    page.named("not fewer", &it.min_why);
    page.named("not more", &it.max_why);
}

//! Asks one question over HTTP, within bounds: of time, of size, of redirects, and of addresses.
//!
//! A redirect to another host is followed a few times, and never to a private address, even where the room allows
//! those: the catalog chose the first address, a stranger the next. No connection outlives its question, so each answer
//! is a whole one, and nothing is sent but the question.

use super::address::Bounds;
use super::answer::{Read, is_good, judge};
use super::trouble::Trouble;
use crate::domain::Span;
use crate::domain::text::clean;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Redirects that are followed.
const MOST: usize = 3;

/// Longer words of a network are not shown.
const LONGEST: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub(super) url: String,
    pub(super) timeout: Span,
    pub(super) status: Vec<u16>,
    pub(super) expect: Option<String>,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Tried {
    pub took: Duration,
    pub status: Option<u16>,
    /// Bytes of the answer that were read.
    pub read: usize,
    pub is_cut_off: bool,
    pub found: Result<(), Trouble>,
}

/// Who asks: one client for the address the catalog names, one for wherever a redirect leads.
#[derive(Clone, Debug)]
pub struct Asker {
    bounds: Bounds,
    home: Client,
    away: Client,
}

/// Looks a name up.
pub type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;
pub type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Gives of what a name leads to only addresses within bounds. The client asks it for every connection and connects
/// to nothing else, so a name that means something else the second time is judged by what it means then.
struct Bounded {
    bounds: Bounds,
    lookup: Lookup,
}

impl Asker {
    pub fn new(bounds: Bounds) -> Result<Self, String> {
        let lookup: Lookup = Arc::new(|name| Box::pin(of_the_system(name)));
        Self::looking_up(bounds, &lookup)
    }

    /// Asks `lookup` what names lead to.
    pub fn looking_up(bounds: Bounds, lookup: &Lookup) -> Result<Self, String> {
        let client = |bounds| {
            let lookup = Arc::clone(lookup);
            Client::builder()
                .user_agent(concat!("sitroom/", env!("CARGO_PKG_VERSION"), " health check"))
                .redirect(Policy::none())
                .pool_max_idle_per_host(0)
                .no_proxy()
                .dns_resolver(Arc::new(Bounded { bounds, lookup }))
                .build()
                .map_err(|error| words(&error))
        };
        Ok(Self { bounds, home: client(bounds)?, away: client(Bounds::Public)? })
    }

    pub async fn ask(&self, question: &Question) -> Tried {
        let began = Instant::now();
        let mut tried =
            Tried { took: Duration::ZERO, status: None, read: 0, is_cut_off: false, found: Ok(()) };
        tried.found = match timeout(question.timeout.std(), self.asked(question, &mut tried)).await {
            Ok(found) => found,
            Err(_) => Err(Trouble::Slow(question.timeout)),
        };
        tried.took = began.elapsed();
        tried
    }

    async fn asked(&self, question: &Question, tried: &mut Tried) -> Result<(), Trouble> {
        let mut url = address(&question.url).ok_or(Trouble::NoAddress)?;
        let home = url.host_str().map(str::to_owned);
        for _ in 0..=MOST {
            let is_home = url.host_str() == home.as_deref();
            let response = self.get(&url, is_home).await?;
            let status = response.status().as_u16();
            tried.status = Some(status);
            if response.status().is_redirection() && !is_good(question, status) {
                url = next(&url, &response).ok_or(Trouble::Nowhere)?;
                continue;
            }
            let read = Read::of(response).await.map_err(|error| Trouble::BrokenOff(words(&error)))?;
            (tried.read, tried.is_cut_off) = (read.bytes(), read.is_cut_off);
            return judge(question, status, &read);
        }
        Err(Trouble::Redirects(MOST))
    }

    async fn get(&self, url: &Url, is_home: bool) -> Result<Response, Trouble> {
        let (client, bounds) = if is_home { (&self.home, self.bounds) } else { (&self.away, Bounds::Public) };
        // A name is looked up within bounds; an address that is written out never is looked up.
        if let Some(ip) = written(url) {
            bounds.check(ip).map_err(|why| out_of_bounds(is_home, why))?;
        }
        client.get(url.clone()).send().await.map_err(|error| trouble(&error, is_home))
    }
}

impl Question {
    /// The address without what may be a secret in it.
    pub(super) fn shown(&self) -> String {
        let Some(mut url) = address(&self.url) else { return String::new() };
        url.set_query(None);
        url.set_fragment(None);
        clean(url.as_str())
    }
}

impl Resolve for Bounded {
    fn resolve(&self, name: Name) -> Resolving {
        let (bounds, looking) = (self.bounds, (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let found = looking.await?;
            let within: Vec<_> = found.iter().copied().filter(|at| bounds.check(at.ip()).is_ok()).collect();
            match found.first() {
                Some(first) if within.is_empty() => {
                    let why = bounds.check(first.ip()).err().unwrap_or_default();
                    Err(Box::new(OutOfBounds(format!("{} leads out of bounds: {why}", name.as_str()))) as _)
                }
                _ => Ok(Box::new(within.into_iter()) as Addrs),
            }
        })
    }
}

async fn of_the_system(name: String) -> io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.collect())
}

/// The resolver's refusal, to be found again in the error of the client.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct OutOfBounds(String);

/// Why an address would never be asked, as far as that can be said without looking a name up.
pub fn unasked(url: &str, bounds: Option<Bounds>) -> Option<Trouble> {
    let Some(url) = address(url) else { return Some(Trouble::NoAddress) };
    let local = || (url.host_str() == Some("localhost")).then_some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let why = bounds?.check(written(&url).or_else(local)?).err()?;
    Some(out_of_bounds(true, why))
}

/// Only the web, and no name or password in the address.
fn address(url: &str) -> Option<Url> {
    let url = Url::parse(url.trim()).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain).then_some(url)
}

fn next(url: &Url, response: &Response) -> Option<Url> {
    let to = response.headers().get(LOCATION)?.to_str().ok()?;
    address(url.join(to).ok()?.as_str())
}

fn written(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn trouble(error: &reqwest::Error, is_home: bool) -> Trouble {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(deeper) = cause {
        if let Some(refusal) = deeper.downcast_ref::<OutOfBounds>() {
            return out_of_bounds(is_home, refusal.to_string());
        }
        cause = deeper.source();
    }
    let words = words(error);
    if words.contains("certificate") {
        return Trouble::Certificate(words);
    }
    if error.is_connect() { Trouble::NoConnection(words) } else { Trouble::BrokenOff(words) }
}

fn out_of_bounds(is_home: bool, why: String) -> Trouble {
    let why = why.split("; allow it").next().filter(|_| !is_home).map(str::to_owned).unwrap_or(why);
    Trouble::OutOfBounds(if is_home { why } else { format!("redirects to another host, and {why}") })
}

/// The deepest cause says what happened; what is above it repeats the address.
fn words(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let deepest = clean(&cause.to_string());
    let deepest = deepest.split(" (os error").next().unwrap_or_default();
    deepest.chars().take(LONGEST).collect::<String>().to_lowercase()
}

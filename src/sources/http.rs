//! The one manner of asking an API over HTTP: with a deadline, within a budget, and never for what has not changed.
//!
//! An [`Api`] is one server and who we are there. It only reads, it follows no link to another server, and no
//! text that leaves it contains a secret.

pub mod credential;
mod headers;
mod refusal;

pub use credential::{Credential, Fetch};
pub(super) use headers::http_date;

use super::pace::Pace;
use super::{Budget, Failure, SourceError};
use crate::config::{Secret, redact};
use crate::domain::{Clock, Span, Time, Usage};
use refusal::Refused;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, IF_NONE_MATCH};
use reqwest::{Client, Method, Response, StatusCode, Url};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::timeout;

/// How long and how much one answer may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connect: Span,
    pub whole: Span,
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Span::seconds(5), whole: Span::seconds(10), body: 8 << 20 }
    }
}

/// What a server is and how it likes to be asked.
#[derive(Clone, Debug)]
pub struct Manners {
    /// What the `Accept` header says.
    pub accept: &'static str,
    /// What else each request carries.
    pub version: Option<(&'static str, &'static str)>,
    /// Requests we allow ourselves in an hour, well below what the server does.
    pub requests_per_hour: u32,
    /// What to do when the server does not know us.
    pub renew: String,
}

/// A skew smaller than this may as well be the way the answer took.
const NOTICEABLE: Span = Span::seconds(30);
/// No server counts requests for longer than this, whatever it says.
const LONGEST_WINDOW: Span = Span::hours(1);
/// Marks of answers remembered, so that unchanged ones are not sent again.
const REMEMBERED: usize = 4_096;

pub struct Api {
    base: Url,
    client: Client,
    credential: Credential,
    manners: Manners,
    limits: Limits,
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    budget: Budget,
    /// The server's clock less ours.
    skew: Span,
    /// The mark of the last answer by its address.
    marks: HashMap<String, String>,
    /// What the server says is left of each thing it counts, and until when.
    left: HashMap<String, (u64, Time)>,
    requests: u64,
    pace: Pace,
    /// Whether the server, or whoever keeps the secret, has turned us away as a whole.
    is_turned_away: bool,
}

/// An answer that made sense.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Null where nothing has changed.
    pub body: Value,
    /// The page after this one.
    pub next: Option<String>,
    pub is_unchanged: bool,
    mark: Option<(String, String)>,
}

impl Api {
    pub fn new(
        base: &str,
        credential: Credential,
        manners: Manners,
        limits: Limits,
        clock: Clock,
    ) -> Result<Self, SourceError> {
        let unusable = |why: String| SourceError::denied(why, "correct the url in config.toml");
        let base = Url::parse(&format!("{}/", base.trim_end_matches('/')))
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            .ok_or_else(|| unusable("its url is no address of a server".to_owned()))?;
        let client = Client::builder()
            .user_agent(concat!("sitroom/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect.std())
            .redirect(reqwest::redirect::Policy::custom(within_the_server))
            .build()
            .map_err(|error| unusable(refusal::words(&error)))?;
        let budget = Budget::new(manners.requests_per_hour, Span::hours(1), clock.now());
        let state = State {
            budget,
            skew: Span::ZERO,
            marks: HashMap::new(),
            left: HashMap::new(),
            requests: 0,
            pace: Pace::default(),
            is_turned_away: false,
        };
        Ok(Self { base, client, credential, manners, limits, clock, state: Mutex::new(state) })
    }

    /// The server's name, as screens say it.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// Whether the base ends like this, as that of GitHub Enterprise does with `/v3/`.
    pub fn has_path_ending(&self, end: &str) -> bool {
        self.base.path().ends_with(end)
    }

    /// Where people look at what the API tells: `api.github.com` has its pages at `github.com`.
    pub fn web(&self) -> String {
        let origin = self.base.origin().ascii_serialization();
        origin.replacen("https://api.", "https://", 1)
    }

    /// Asks for a path under the base, or a `next` of an answer.
    pub async fn get(&self, address: &str) -> Result<Answer, SourceError> {
        self.ask(Method::GET, address, None, false).await
    }

    /// The same; where nothing has changed since the answer that was [remembered](Self::remember), the answer says so.
    pub async fn get_if_new(&self, address: &str) -> Result<Answer, SourceError> {
        self.ask(Method::GET, address, None, true).await
    }

    /// Sends a question that does not fit an address; it still only reads.
    pub async fn query(&self, address: &str, question: &Value) -> Result<Answer, SourceError> {
        self.ask(Method::POST, address, Some(question), false).await
    }

    /// Everything that hangs on the answer has been read; it need not be told again.
    pub fn remember(&self, answer: &Answer) {
        let Some((address, mark)) = answer.mark.clone() else { return };
        let mut state = self.state();
        if state.marks.len() >= REMEMBERED {
            state.marks.clear();
        }
        state.marks.insert(address, mark);
    }

    /// How long to ask nothing, so that the budget lasts.
    pub fn pause(&self) -> Option<Span> {
        let now = self.clock.now();
        let mut state = self.state();
        state.left.retain(|_, (_, until)| *until > now);
        let used_up = state.left.values().filter(|(left, _)| *left == 0).map(|(_, until)| *until).max();
        used_up.map(|until| until - now).or_else(|| state.budget.clone().take(now).err())
    }

    /// What asking has cost so far; how much history is to be read yet, whoever asks knows.
    pub fn usage(&self) -> Usage {
        let now = self.clock.now();
        let state = self.state();
        Usage {
            calls: Some(state.pace.in_a_minute(now)),
            left: Some(state.budget.left(now)),
            budget: Some(state.budget.size()),
            server: state.left.values().map(|(left, _)| *left).min(),
            history: None,
        }
    }

    pub fn requests(&self) -> u64 {
        self.state().requests
    }

    /// Whether it is of no use to ask anything else before somebody has renewed the secret.
    pub fn is_turned_away(&self) -> bool {
        self.state().is_turned_away
    }

    /// How far the server's clock is ahead of ours; zero where it hardly is.
    pub fn skew(&self) -> Span {
        self.state().skew
    }

    /// A moment of the server's clock on ours.
    pub fn here(&self, there: Time) -> Time {
        there - self.skew()
    }

    /// A moment of our clock on the server's.
    pub fn there(&self, here: Time) -> Time {
        here + self.skew()
    }

    async fn ask(
        &self,
        method: Method,
        address: &str,
        question: Option<&Value>,
        is_conditional: bool,
    ) -> Result<Answer, SourceError> {
        let url = self.url(address)?;
        let secret = self.secret().await?;
        match self.ask_as(&secret, &method, &url, question, is_conditional).await {
            Err(Refused::Unknown(_)) if self.credential.renewable(&secret) => {
                let renewed = self.secret().await?;
                let again = self.ask_as(&renewed, &method, &url, question, is_conditional).await;
                again.map_err(|refused| self.said(refused, &renewed))
            }
            answer => answer.map_err(|refused| self.said(refused, &secret)),
        }
    }

    async fn secret(&self) -> Result<Secret, SourceError> {
        let secret = self.credential.get().await;
        self.state().is_turned_away = secret.is_err();
        secret
    }

    async fn ask_as(
        &self,
        secret: &Secret,
        method: &Method,
        url: &Url,
        question: Option<&Value>,
        is_conditional: bool,
    ) -> Result<Answer, Refused> {
        self.spend();
        let mark = if is_conditional { self.state().marks.get(url.as_str()).cloned() } else { None };
        let asking = async {
            let response = self.send(secret, method, url, question, mark.as_deref()).await?;
            self.read(url, response, mark.is_some()).await
        };
        match timeout(self.limits.whole.std(), asking).await {
            Ok(answer) => answer,
            Err(_) => Err(Refused::Slow(self.limits.whole)),
        }
    }

    async fn send(
        &self,
        secret: &Secret,
        method: &Method,
        url: &Url,
        question: Option<&Value>,
        mark: Option<&str>,
    ) -> Result<Response, Refused> {
        let mut request = self.client.request(method.clone(), url.clone()).headers(self.headers(secret)?);
        if let Some(mark) = mark {
            request = request.header(IF_NONE_MATCH, mark);
        }
        if let Some(question) = question {
            request = request.json(question);
        }
        request.send().await.map_err(|error| Refused::Network(refusal::words(&error)))
    }

    async fn read(&self, url: &Url, mut response: Response, was_known: bool) -> Result<Answer, Refused> {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        self.learn(&headers);
        if status == StatusCode::NOT_MODIFIED && was_known {
            // A question that costs nothing there costs nothing here.
            self.state().budget.give_back();
            return Ok(Answer { is_unchanged: true, ..Answer::default() });
        }
        let body = self.body(&mut response).await?;
        if !status.is_success() {
            let message = String::from_utf8_lossy(&body).into_owned();
            return Err(Refused::of(status, &headers, &message, self.there(self.clock.now())));
        }
        let body = serde_json::from_slice(&body).map_err(|_| Refused::Senseless)?;
        let next = headers::next_link(&headers);
        let mark = headers::text(&headers, "etag").map(|mark| (url.as_str().to_owned(), mark.to_owned()));
        Ok(Answer { body, next, is_unchanged: false, mark })
    }

    async fn body(&self, response: &mut Response) -> Result<Vec<u8>, Refused> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|_| Refused::BrokenOff)? {
            if body.len() + piece.len() > self.limits.body {
                return Err(Refused::TooLarge(self.limits.body));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// Only what lies on the same server is asked for: the secret is for nobody else.
    fn url(&self, address: &str) -> Result<Url, SourceError> {
        let strange = || SourceError::broken(format!("{} leads to another server", self.host()), "");
        let url = self.base.join(address.trim_start_matches('/')).map_err(|_| strange())?;
        if url.origin() == self.base.origin() { Ok(url) } else { Err(strange()) }
    }

    fn headers(&self, secret: &Secret) -> Result<HeaderMap, Refused> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(self.manners.accept));
        if let Some((name, value)) = self.manners.version {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let mut who =
            HeaderValue::from_str(&self.credential.header(secret)).map_err(|_| Refused::Unwritable)?;
        who.set_sensitive(true);
        headers.insert(AUTHORIZATION, who);
        Ok(headers)
    }

    fn spend(&self) {
        let now = self.clock.now();
        let mut state = self.state();
        state.requests += 1;
        state.pace.one_more(now);
        // Whoever asks looks at `pause` before; what belongs together is asked to its end.
        let _ = state.budget.take(now);
    }

    fn learn(&self, headers: &HeaderMap) {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some(theirs) = headers::text(headers, "date").and_then(http_date) {
            let skew = theirs - now;
            let is_noticeable = skew.max(-skew) >= NOTICEABLE;
            state.skew = if is_noticeable { Span::seconds(skew.as_seconds()) } else { Span::ZERO };
        }
        let left = headers::number(headers, "x-ratelimit-remaining");
        let until = headers::number(headers, "x-ratelimit-reset");
        if let (Some(left), Some(until)) = (left, until) {
            let until = Time::from_millis(i64::try_from(until).unwrap_or(0).saturating_mul(1_000));
            let until = (until - state.skew).min(now + LONGEST_WINDOW);
            let counted = headers::text(headers, "x-ratelimit-resource").unwrap_or_default();
            state.left.insert(counted.to_owned(), (left, until));
        }
    }

    fn said(&self, refused: Refused, secret: &Secret) -> SourceError {
        if matches!(refused, Refused::Unknown(_)) {
            self.state().is_turned_away = true;
        }
        let mut error = refused.into_error(self.host(), &self.manners.renew);
        let sent = self.credential.header(secret);
        let secrets = [secret.clone(), Secret::new(sent.split(' ').next_back().unwrap_or_default())];
        error.what = redact(&error.what, &secrets);
        error.fix = redact(&error.fix, &secrets);
        error
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("host", &self.host()).finish_non_exhaustive()
    }
}

impl Failure {
    /// Whether only this one question was bad, so that the others are still worth asking.
    pub(super) fn is_of_the_question(self) -> bool {
        matches!(self, Self::Denied | Self::Broken)
    }
}

/// A repository that was renamed is found; a redirect to anybody else is not followed.
fn within_the_server(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let is_home = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
    if is_home && attempt.previous().len() < 4 { attempt.follow() } else { attempt.stop() }
}

//! Health checks against servers of every temper, all of them on loopback: each costs its deadline at most, and has a name.

use super::clock;
use sitroom::domain::{Body, Catalog, Health, Signal, SourceStatus, Span};
use sitroom::sources::probe::{self, Asker, Bounds, Lookup, Probe, Tried, Trouble};
use sitroom::sources::{News, Rules, Source, Supervision};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// A server that does one thing with each connection, for as long as it is held.
struct Server {
    port: u16,
    asked: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Server {
    async fn doing<F>(deed: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let (mut tasks, count) = (JoinSet::new(), Arc::clone(&asked));
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                open.spawn(deed(stream));
            }
        });
        Self { port, asked, _tasks: tasks }
    }

    /// Answers with these bytes.
    async fn saying(answer: impl Into<String>) -> Self {
        let answer: Arc<str> = answer.into().into();
        Self::doing(move |stream| {
            let answer = Arc::clone(&answer);
            async move { say(stream, &answer).await }
        })
        .await
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/health", self.port)
    }
}

async fn say(mut stream: TcpStream, answer: &str) {
    let mut question = [0; 2_048];
    let _ = stream.read(&mut question).await;
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn to(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n")
}

/// One check of a service `api`, with what else is said of it.
fn catalog(url: &str, more: &str) -> Catalog {
    let text = format!(
        "[[service]]\nname = 'api'\n[[service.health_check]]\nkind = 'readiness'\nurl = '{url}'\n{more}\n"
    );
    toml::from_str(&text).unwrap()
}

async fn tried(bounds: Bounds, url: &str, more: &str) -> Tried {
    let check = probe::checks(&catalog(url, more)).remove(0);
    let asked = Asker::new(bounds).unwrap();
    timeout(Duration::from_secs(20), asked.ask(check.question())).await.expect("every question ends")
}

async fn found(url: &str, more: &str) -> Result<(), Trouble> {
    tried(Bounds::Private, url, more).await.found
}

#[tokio::test]
async fn a_good_answer_has_a_good_status_and_contains_what_it_has_to() {
    let server = Server::saying(ok("status: fine")).await;
    assert_eq!(found(&server.url(), "").await, Ok(()));
    assert_eq!(found(&server.url(), "expect = 'fine'").await, Ok(()));
    assert_eq!(found(&server.url(), "status = [204]").await, Err(Trouble::Status(200)));
    let empty = Server::saying("HTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!(found(&empty.url(), "").await, Ok(()));
    let broken = Server::saying("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(found(&broken.url(), "").await, Err(Trouble::Status(503)));
    assert_eq!(found(&broken.url(), "status = [503]").await, Ok(()));
}

#[tokio::test]
async fn a_server_that_hangs_costs_its_deadline() {
    let deaf = Server::doing(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let tried = tried(Bounds::Private, &deaf.url(), "timeout = '200ms'").await;
    assert_eq!(tried.found, Err(Trouble::Slow(Span::millis(200))));
    let slow = Server::doing(|mut stream| async move {
        let mut question = [0; 2_048];
        let _ = stream.read(&mut question).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n").await;
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(found(&slow.url(), "timeout = '200ms'").await, Err(Trouble::Slow(Span::millis(200))));
}

#[tokio::test]
async fn a_server_that_lies_is_found_out() {
    let liar = Server::saying(ok("database: down")).await;
    assert_eq!(
        found(&liar.url(), "expect = 'database: up'").await,
        Err(Trouble::Lies("database: up".into()))
    );
}

#[tokio::test]
async fn redirects_are_followed_a_few_times() {
    let home = Server::saying(ok("fine")).await;
    let away = Server::saying(to(&home.url())).await;
    // Another port of the same host is the same host.
    assert_eq!(found(&away.url(), "").await, Ok(()));
    let forever = Server::saying(to("/again")).await;
    assert_eq!(found(&forever.url(), "").await, Err(Trouble::Redirects(3)));
    assert_eq!(forever.asked.load(Ordering::Relaxed), 4);
    assert_eq!(found(&forever.url(), "status = [302]").await, Ok(()));
    let nowhere = Server::saying(to("ftp://127.0.0.1/")).await;
    assert_eq!(found(&nowhere.url(), "").await, Err(Trouble::Nowhere));
}

#[tokio::test]
async fn a_redirect_never_leads_to_a_private_address_of_another_host() {
    let inner = Server::saying(ok("secret")).await;
    for host in ["127.0.0.2", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0x7f.1.1"] {
        let tempting = Server::saying(to(&format!("http://{host}:{}/", inner.port))).await;
        let found = found(&tempting.url(), "").await;
        assert!(matches!(found, Err(Trouble::OutOfBounds(_))), "{host}: {found:?}");
        assert!(found.unwrap_err().to_string().starts_with("redirects to another host, and "), "{host}");
    }
    assert_eq!(inner.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn private_addresses_are_asked_only_where_the_room_allows_it() {
    let server = Server::saying(ok("fine")).await;
    for host in ["127.0.0.1", "localhost", "127.1"] {
        let url = format!("http://{host}:{}/", server.port);
        let refused = tried(Bounds::Public, &url, "").await.found.unwrap_err().to_string();
        assert!(refused.contains("allow_private = true under [probe]"), "{host}: {refused}");
        assert_eq!(found(&url, "").await, Ok(()), "{host}");
    }
    assert_eq!(server.asked.load(Ordering::Relaxed), 3);
    let cloud = tried(Bounds::Private, "http://169.254.169.254/latest/meta-data/", "").await;
    assert!(matches!(cloud.found, Err(Trouble::OutOfBounds(_))));
}

/// A name that leads where `answers` say, the last of them for ever.
fn name_of(answers: &[&'static [&'static str]], asked: &Arc<AtomicUsize>) -> Lookup {
    let (answers, asked) = (answers.to_vec(), Arc::clone(asked));
    Arc::new(move |_| {
        let turn = asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        let found = answers[turn].iter().map(|ip| (ip.parse::<IpAddr>().unwrap(), 0).into()).collect();
        Box::pin(std::future::ready(Ok(found)))
    })
}

#[tokio::test]
async fn a_name_is_judged_by_the_address_that_is_connected_to_each_time_anew() {
    const HERE: &[&str] = &["127.0.0.1"];
    const KEYS: &[&str] = &["169.254.169.254"];
    let server = Server::saying(ok("fine")).await;
    let url = format!("http://rebound.test:{}/health", server.port);
    let question = probe::checks(&catalog(&url, "")).remove(0);
    let ask = async |bounds, answers: &[&'static [&'static str]], times: usize| {
        let asked = Arc::new(AtomicUsize::new(0));
        let asker = Asker::looking_up(bounds, &name_of(answers, &asked)).unwrap();
        let mut found = Vec::new();
        for _ in 0..times {
            found.push(asker.ask(question.question()).await.found);
        }
        (found, asked.load(Ordering::Relaxed))
    };
    let (found, lookups) = ask(Bounds::Private, &[HERE, KEYS, HERE], 3).await;
    let refused = Err(Trouble::OutOfBounds(
        "rebound.test leads out of bounds: 169.254.169.254 is no address of a server".to_owned(),
    ));
    assert_eq!(found, [Ok(()), refused, Ok(())], "what was well once is asked again, and judged again");
    assert_eq!((lookups, server.asked.load(Ordering::Relaxed)), (3, 2), "once a connection, no second look");
    let (found, _) = ask(Bounds::Private, &[&["169.254.169.254", "127.0.0.1"]], 1).await;
    assert_eq!(found, [Ok(())], "of several addresses only those within bounds are tried");
    let (found, _) = ask(Bounds::Public, &[HERE], 1).await;
    assert!(
        matches!(&found[0], Err(Trouble::OutOfBounds(why)) if why.contains("allow_private")),
        "{found:?}"
    );
    assert_eq!(server.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn ten_megabytes_are_not_read() {
    let endless = Server::doing(|mut stream| async move {
        let mut question = [0; 2_048];
        let _ = stream.read(&mut question).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10485760\r\n\r\n").await;
        let piece = [b'x'; 16 << 10];
        for _ in 0..640 {
            if stream.write_all(&piece).await.is_err() {
                return;
            }
        }
    })
    .await;
    let plain = tried(Bounds::Private, &endless.url(), "").await;
    assert_eq!((plain.found, plain.read, plain.is_cut_off), (Ok(()), 64 << 10, true));
    let sought = found(&endless.url(), "expect = 'fine'").await;
    assert_eq!(sought, Err(Trouble::TooLarge { read: 64 << 10, expect: "fine".into() }));
}

#[tokio::test]
async fn what_breaks_off_or_makes_no_sense_has_a_name() {
    let short = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await;
    assert!(matches!(found(&short.url(), "").await, Err(Trouble::BrokenOff(_))));
    let curt = Server::doing(|stream| async move { drop(stream) }).await;
    assert!(found(&curt.url(), "").await.is_err());
    let babble = Server::saying("\u{1b}[2J hello \u{202e}").await;
    let said = found(&babble.url(), "").await.unwrap_err().to_string();
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
    let nobody = Server::saying("").await.url();
    assert!(matches!(found(&nobody, "").await, Err(Trouble::NoConnection(_) | Trouble::BrokenOff(_))));
    for url in ["", "health", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a:b@127.0.0.1/"] {
        assert_eq!(found(url, "").await, Err(Trouble::NoAddress), "{url}");
    }
}

/// The first flight of a TLS 1.2 server whose certificate nobody has signed but itself; the client judges it before it
/// looks at anything that would need a key.
#[tokio::test]
async fn a_bad_certificate_has_a_name() {
    let flight = flight(include_bytes!("self-signed.der"));
    let flight: Arc<[u8]> = flight.into();
    let server = Server::doing(move |mut stream| {
        let flight = Arc::clone(&flight);
        async move {
            let mut hello = [0; 4_096];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(&flight).await;
            let _ = stream.read(&mut hello).await;
        }
    })
    .await;
    let url = format!("https://127.0.0.1:{}/", server.port);
    let found = found(&url, "").await;
    assert!(matches!(found, Err(Trouble::Certificate(_))), "{found:?}");
    assert_eq!(found.unwrap_err().word(), "bad certificate");
}

/// Hello, certificate, key exchange and done, in one record of the handshake protocol.
fn flight(certificate: &[u8]) -> Vec<u8> {
    let sized = |bytes: &[u8], width: usize| {
        let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        [&length[4 - width..], bytes].concat()
    };
    let message = |kind: u8, body: &[u8]| [&[kind][..], &sized(body, 3)].concat();
    // TLS 1.2, 32 bytes of chance, no session, ECDHE with ECDSA and AES-128-GCM, no compression, extended master secret.
    let hello = [&[3, 3][..], &[7; 32], &[0, 0xc0, 0x2b, 0], &sized(&[0, 23, 0, 0], 2)].concat();
    let chain = sized(&sized(certificate, 3), 3);
    // A point on P-256 as large as one, and a signature in the shape of one.
    let point = [&[4][..], &[9; 64]].concat();
    let signature = [0x30, 6, 2, 1, 1, 2, 1, 1];
    let exchange = [&[3, 0, 23][..], &sized(&point, 1), &[4, 3], &sized(&signature, 2)].concat();
    let messages =
        [message(2, &hello), message(11, &chain), message(12, &exchange), message(14, &[])].concat();
    [&[22, 3, 3][..], &sized(&messages, 2)].concat()
}

fn started(catalog: &Catalog) -> Supervision {
    let source = Probe::new(probe::checks(catalog), Asker::new(Bounds::Private).unwrap());
    assert_eq!(source.name().as_str(), probe::NAME);
    Supervision::start(vec![Box::new(source)], Rules::default(), &clock(), 7)
}

/// What is told until so many signals are there.
async fn told(supervision: &mut Supervision, wanted: usize) -> (Vec<Signal>, Option<SourceStatus>) {
    let (mut signals, mut status) = (Vec::new(), None);
    let telling = async {
        while signals.len() < wanted {
            match supervision.next().await {
                Some(News::Signals(more)) => signals.extend(more),
                Some(News::Status(now)) => status = Some(now),
                None => break,
            }
        }
    };
    timeout(Duration::from_secs(120), telling).await.expect("the checks are asked");
    (signals, status)
}

#[tokio::test]
async fn a_check_is_told_when_it_changes_its_mind() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let moody = Server::doing(move |stream| {
        let is_well = !(2..5).contains(&count.fetch_add(1, Ordering::Relaxed));
        let answer =
            if is_well { ok("fine") } else { "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n".to_owned() };
        async move { say(stream, &answer).await }
    })
    .await;
    let mut supervision = started(&catalog(&moody.url(), "interval = '1s'\nthreshold = 3"));
    let (signals, _) = told(&mut supervision, 3).await;
    let said: Vec<_> = signals.iter().map(|signal| signal.title.as_str()).collect();
    assert_eq!(said, ["api readiness healthy", "api readiness unhealthy: HTTP 500", "api readiness healthy"]);
    let Body::Health(health) = &signals[1].body else { panic!("a health result") };
    assert_eq!((health.check.as_str(), health.healthy, health.in_a_row), ("readiness", false, Some(3)));
    assert!(!signals[1].raw.as_deref().unwrap().contains('?'));
    assert_eq!(supervision.stop(Duration::from_secs(5)).await, []);
}

#[tokio::test]
async fn many_checks_are_asked_few_at_a_time_and_those_that_hang_keep_nobody_waiting_for_long() {
    let deaf = Server::doing(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let well = Server::saying(ok("fine")).await;
    let mut text = String::new();
    for n in 0..300 {
        let url = if n % 3 == 0 { deaf.url() } else { well.url() };
        text += &format!(
            "[[service]]\nname = 's{n}'\n[[service.health_check]]\nkind = 'liveness'\nurl = '{url}'\n\
             timeout = '300ms'\nthreshold = 1\ninterval = '10m'\n"
        );
    }
    let mut supervision = started(&toml::from_str(&text).unwrap());
    let (signals, status) = told(&mut supervision, 300).await;
    let healthy = signals.iter().filter(|signal| signal.title.ends_with("liveness healthy")).count();
    assert_eq!((signals.len(), healthy), (300, 200));
    assert_eq!(status.map(|status| status.health), Some(Health::Live));
    assert_eq!((well.asked.load(Ordering::Relaxed), deaf.asked.load(Ordering::Relaxed)), (200, 100));
    supervision.stop(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn two_thousand_checks_are_asked_each_once_and_few_at_a_time() {
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = (Arc::clone(&open), Arc::clone(&most));
    let server = Server::doing(move |stream| {
        let (open, most) = (Arc::clone(&counted.0), Arc::clone(&counted.1));
        async move {
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            open.fetch_sub(1, Ordering::SeqCst);
            say(stream, &ok("fine")).await;
        }
    })
    .await;
    let url = server.url();
    let service = |n| {
        format!(
            "[[service]]\nname = 's{n}'\n[[service.health_check]]\nkind = 'liveness'\nurl = '{url}'\n\
             timeout = '20s'\ninterval = '1h'\n"
        )
    };
    let text: String = (0..2_000).map(service).collect();
    let mut supervision = started(&toml::from_str(&text).unwrap());
    let (signals, _) = told(&mut supervision, 2_000).await;
    let services: BTreeSet<_> = signals.iter().filter_map(|signal| signal.service.clone()).collect();
    assert_eq!((signals.len(), services.len()), (2_000, 2_000));
    assert!(signals.iter().all(|signal| signal.title.ends_with("liveness healthy")));
    assert_eq!(server.asked.load(Ordering::Relaxed), 2_000);
    let most = most.load(Ordering::SeqCst);
    assert!(most <= probe::AT_ONCE, "{most} connections at once");
    supervision.stop(Duration::from_secs(5)).await;
}

#[test]
fn each_check_has_a_name_of_its_own_and_one_without_an_address_is_not_run() {
    let catalog: Catalog = toml::from_str(
        "[[service]]\nname = 'api'\nhealth_check = [{ kind = 'readiness', url = 'http://a/' }, \
         { kind = 'readiness', url = 'http://b/' }, { kind = 'liveness' }, \
         { kind = 'liveness', name = 'deep', url = 'http://c/' }]",
    )
    .unwrap();
    let names: Vec<_> = probe::checks(&catalog).into_iter().map(|check| check.name).collect();
    assert_eq!(names, ["readiness", "readiness 2", "deep"]);
}

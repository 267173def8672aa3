//! Servers that send what they are given and are gone: as it should be, or with a reset.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How a connection ends when everything has been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Closed,
    /// By a packet that says so, with nothing handed over in order.
    Reset,
    Never,
}

/// Reads each question, sends these bytes, and ends; until what it gives is dropped.
pub async fn sending(answer: Vec<u8>, end: End) -> (String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut question = [0; 65_536];
            let _ = stream.read(&mut question).await;
            let _ = stream.write_all(&answer).await;
            match end {
                End::Closed => {}
                End::Reset => stream.set_zero_linger().unwrap(),
                End::Never => held.push(stream),
            }
        }
    });
    (url, serving)
}

/// The head of an answer and the first half of its body.
pub fn half(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{kind}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), &body[..body.len() / 2]].concat()
}

/// The head of an answer that does not say how long it is, and its body in pieces; it goes on behind the last of them.
pub fn pieces(kind: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\n{kind}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for piece in body.chunks(60_000) {
        answer.extend(format!("{:x}\r\n", piece.len()).bytes());
        answer.extend(piece);
        answer.extend(b"\r\n");
    }
    answer
}

/// The bytes of a question as it comes over the wire, in HTTP/1.1: its first line, its head and its body.
pub fn weight(question: &wiremock::Request) -> usize {
    let query = question.url.query().map_or_else(String::new, |query| format!("?{query}"));
    let path = format!("{}{query}", question.url.path());
    let first = format!("{} {path} HTTP/1.1\r\n", question.method).len();
    let head = question.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    first + head.sum::<usize>() + 2 + question.body.len()
}

/// What comes behind the last piece.
pub const NO_MORE: &[u8] = b"0\r\n\r\n";

#[tokio::test]
async fn a_reset_is_one_and_what_was_sent_before_arrives() {
    let (url, _serving) = sending(half("", b"0123456789"), End::Reset).await;
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut read = Vec::new();
    let ended = stream.read_to_end(&mut read).await.unwrap_err();
    assert_eq!(ended.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(read.ends_with(b"01234"), "{}", String::from_utf8_lossy(&read));
}

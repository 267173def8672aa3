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

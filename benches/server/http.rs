//! A small HTTP/1.1 client: one connection, one request after the other, or one event stream. It costs a fraction of what a
//! general client does, so that on a machine of two cores most of what is measured is the server.

use std::io::{Error, ErrorKind};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type IoResult<T> = std::io::Result<T>;

/// Answers larger than this are not ours.
const ANSWER_MAX: usize = 256 * 1024 * 1024;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<u64>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; panics, with what came instead, when the request failed: a bench has no use for errors.
    pub fn json(&self) -> serde_json::Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).expect("an answer is JSON")
    }
}

enum Length {
    Known(usize),
    Chunked,
}

/// A connection that is kept alive.
pub struct Wire {
    stream: TcpStream,
    /// Read and not used; from `at` on.
    buffer: Vec<u8>,
    at: usize,
    token: String,
}

fn cut(why: &str) -> Error {
    Error::new(ErrorKind::UnexpectedEof, why.to_owned())
}

impl Wire {
    pub async fn open(address: &str, token: &str) -> IoResult<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new(), at: 0, token: token.to_owned() })
    }

    pub async fn get(&mut self, path: &str) -> IoResult<Answer> {
        self.ask("GET", path, &[], b"").await
    }

    pub async fn post(&mut self, path: &str, body: &[u8]) -> IoResult<Answer> {
        self.ask("POST", path, &[], body).await
    }

    /// Any request; headers as `name: value`.
    pub async fn ask(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> IoResult<Answer> {
        self.send(method, path, headers, body).await?;
        let (status, retry_after, length) = self.head().await?;
        let body = self.body(length).await?;
        Ok(Answer { status, retry_after, body })
    }

    /// Opens the event stream from `cursor`; an answer other than 200 comes back as an answer.
    pub async fn stream(mut self, cursor: &str) -> IoResult<Result<Events, Answer>> {
        self.send("GET", &format!("/api/v1/sync?cursor={cursor}"), &["accept: text/event-stream"], b"").await?;
        let (status, retry_after, length) = self.head().await?;
        if status == 200 {
            return Ok(Ok(Events { wire: self, text: Vec::new() }));
        }
        let body = self.body(length).await?;
        Ok(Err(Answer { status, retry_after, body }))
    }

    async fn send(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> IoResult<()> {
        use std::fmt::Write;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {}\r\n", self.token);
        for header in headers {
            let _ = write!(head, "{header}\r\n");
        }
        if !body.is_empty() {
            let _ = write!(head, "content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.write_all(&bytes).await
    }

    async fn fill(&mut self) -> IoResult<()> {
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        if self.buffer.len() > ANSWER_MAX {
            return Err(cut("too much"));
        }
        let want = if self.buffer.len() > 32 * 1024 { self.buffer.len() } else { 2 * 1024 };
        self.buffer.reserve(want);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(cut("the server closed the connection")),
            _ => Ok(()),
        }
    }

    fn unread(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Up to and without the next CRLF.
    async fn line(&mut self) -> IoResult<String> {
        loop {
            if let Some(end) = self.unread().windows(2).position(|pair| pair == b"\r\n") {
                let line = String::from_utf8_lossy(&self.unread()[..end]).into_owned();
                self.at += end + 2;
                return Ok(line);
            }
            self.fill().await?;
        }
    }

    async fn take(&mut self, bytes: usize) -> IoResult<Vec<u8>> {
        while self.unread().len() < bytes {
            self.fill().await?;
        }
        let taken = self.unread()[..bytes].to_vec();
        self.at += bytes;
        Ok(taken)
    }

    async fn head(&mut self) -> IoResult<(u16, Option<u64>, Length)> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| cut("no HTTP"))?;
        let (mut retry_after, mut length) = (None, Length::Known(0));
        loop {
            let line = self.line().await?.to_ascii_lowercase();
            if line.is_empty() {
                return Ok((status, retry_after, length));
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = Length::Known(value.trim().parse().map_err(|_| cut("no length"))?);
            } else if line.starts_with("transfer-encoding:") && line.contains("chunked") {
                length = Length::Chunked;
            } else if let Some(value) = line.strip_prefix("retry-after:") {
                retry_after = value.trim().parse().ok();
            }
        }
    }

    async fn chunk(&mut self) -> IoResult<Vec<u8>> {
        let size = self.line().await?;
        let size = usize::from_str_radix(size.trim(), 16).map_err(|_| cut("no chunk"))?;
        let data = self.take(size).await?;
        self.take(2).await?;
        Ok(data)
    }

    async fn body(&mut self, length: Length) -> IoResult<Vec<u8>> {
        match length {
            Length::Known(bytes) => self.take(bytes).await,
            Length::Chunked => {
                let mut body = Vec::new();
                loop {
                    let chunk = self.chunk().await?;
                    if chunk.is_empty() {
                        return Ok(body);
                    }
                    body.extend_from_slice(&chunk);
                }
            }
        }
    }
}

/// One event of a stream: its bytes as they came, and when the last of them did.
#[derive(Debug)]
pub struct Heard {
    pub text: Vec<u8>,
    pub at: Instant,
}

impl Heard {
    pub fn is_batch(&self) -> bool {
        self.text.windows(12).any(|word| word == b"event: batch")
    }

    pub fn holds(&self, needle: &[u8]) -> bool {
        self.text.windows(needle.len()).any(|word| word == needle)
    }

    /// The batch's `to`.
    pub fn to(&self) -> Option<String> {
        let start = self.text.windows(6).position(|word| word == b"\"to\":\"")? + 6;
        let end = start + self.text[start..].iter().position(|byte| *byte == b'"')?;
        String::from_utf8(self.text[start..end].to_vec()).ok()
    }
}

/// An open event stream.
pub struct Events {
    wire: Wire,
    text: Vec<u8>,
}

impl Events {
    /// The next event or comment.
    pub async fn next(&mut self) -> IoResult<Heard> {
        loop {
            if let Some(end) = self.text.windows(2).position(|pair| pair == b"\n\n") {
                let text = self.text.drain(..end + 2).collect();
                return Ok(Heard { text, at: Instant::now() });
            }
            let chunk = self.wire.chunk().await?;
            if chunk.is_empty() {
                return Err(cut("the stream ended"));
            }
            self.text.extend_from_slice(&chunk);
        }
    }
}

//! Requests as the proxy reads them: just enough of HTTP/1.1 to know where one ends and what it asks for.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Longer heads or bodies are a mistake of the test.
const LONGEST: usize = 16 * 1024 * 1024;

/// One request, whole.
#[derive(Clone, Debug)]
pub struct Request {
    pub bytes: Vec<u8>,
    head: String,
}

impl Request {
    /// Reads the next one; `kept` is what was read beyond the last. `None`: the client is done.
    pub async fn read(from: &mut (impl AsyncRead + Unpin), kept: &mut Vec<u8>) -> io::Result<Option<Self>> {
        let mut part = vec![0; 16 * 1024];
        loop {
            if let Some(request) = Self::whole(kept) {
                return Ok(Some(request));
            }
            let read = from.read(&mut part).await?;
            if read == 0 {
                return Ok(None);
            }
            kept.extend_from_slice(&part[..read]);
            assert!(kept.len() < LONGEST, "a request without an end");
        }
    }

    fn whole(kept: &mut Vec<u8>) -> Option<Self> {
        let head = kept.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let text = String::from_utf8_lossy(&kept[..head]).to_ascii_lowercase();
        assert!(!text.contains("\r\ntransfer-encoding:"), "this proxy knows no chunked requests");
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(0, |length| length.trim().parse::<usize>().expect("a length"));
        (kept.len() >= head + length).then(|| Self { bytes: kept.drain(..head + length).collect(), head: text })
    }

    /// Asks for an event stream.
    pub fn streams(&self) -> bool {
        self.head.contains("\r\naccept: text/event-stream")
    }

    /// Hands commands over.
    pub fn commands(&self) -> bool {
        self.head.starts_with("post /api/v1/commands ")
    }
}

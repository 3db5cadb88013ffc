//! A snapshot on its way, piece by piece.

use axum::body::BodyDataStream;
use dutydesk::client::desk::DeskClient;
use dutydesk::client::steps::{Load, Steps};
use futures::StreamExt;

use super::server::{Request, Server};

/// Rows written at once: few, so that there is something between the first and the last.
const ROWS_AT_ONCE: usize = 9;

/// See the module.
pub struct Loading {
    pages: BodyDataStream,
    load: Load,
    /// When the server began it: which desk, after restores.
    pub timeline: u32,
}

/// What became of a piece.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    More,
    Whole,
    /// The body ended too early.
    Cut,
}

pub fn request(token: &str) -> Request {
    Request { post: false, path: "/api/v1/snapshot".to_owned(), token: token.to_owned(), body: String::new() }
}

impl Loading {
    pub fn new(pages: BodyDataStream, timeline: u32) -> Self {
        Self { pages, load: Load::new(ROWS_AT_ONCE), timeline }
    }

    /// The server writes its next page, and the client takes it.
    pub async fn piece(&mut self, desk: &DeskClient) -> Result<Piece, String> {
        let Some(page) = self.pages.next().await else { return Ok(Piece::Cut) };
        let page = page.map_err(|error| error.to_string())?;
        for line in std::str::from_utf8(&page).map_err(|error| error.to_string())?.lines() {
            if Steps(desk).line(&mut self.load, line).await.map_err(|error| error.to_string())? {
                return Ok(Piece::Whole);
            }
        }
        Ok(Piece::More)
    }
}

/// A snapshot without a fault.
pub async fn whole(desk: &DeskClient, server: &Server, token: &str) -> Result<(), String> {
    let pages = server.stream(request(token)).await.map_err(|status| format!("the snapshot was answered {status}"))?;
    let mut loading = Loading::new(pages, 0);
    loop {
        match loading.piece(desk).await? {
            Piece::More => {}
            Piece::Whole => return Ok(()),
            Piece::Cut => return Err("the snapshot was cut off without a fault".to_owned()),
        }
    }
}

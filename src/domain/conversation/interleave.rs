//! Several conversations read as one: a ticket's own and those of the tickets merged into it.
//!
//! Each conversation keeps its own order whatever its times say; between them the earlier message comes first.

use std::borrow::Borrow;

use super::Message;

/// The messages of all `streams` in order of time; where times are the same, an earlier stream goes first.
#[must_use]
pub fn interleave<M: Borrow<Message>>(streams: Vec<Vec<M>>) -> Vec<M> {
    let mut all = Vec::with_capacity(streams.iter().map(Vec::len).sum());
    let mut streams: Vec<_> = streams.into_iter().map(|stream| stream.into_iter().peekable()).collect();
    loop {
        let heads = streams.iter_mut().enumerate().filter_map(|(place, stream)| Some((stream.peek()?.borrow().created_at, place)));
        let Some((_, place)) = heads.min() else { return all };
        all.extend(streams[place].next());
    }
}

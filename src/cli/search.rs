//! `dutydesk search`: tickets and messages by their words, each with the line it was found by.

use std::fmt::Write;
use std::io::IsTerminal;

use super::Global;
use super::error::CliError;
use super::names::{self, with_query};
use super::words::{local, word, word_of};
use crate::base::text::clean;
use crate::domain::conversation::Author;
use crate::domain::person::Person;
use crate::domain::search::{HitKind, SearchHit, SearchIn};
use crate::wire::search::SearchPage;

/// Most of one page.
const PAGE_MAX: usize = 100;

/// Search tickets and messages, closed ones too: all words must occur.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words in any order and ending; quote words that stand side by side ('"paper jam"'). Chinese needs no spaces.
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Only tickets, messages, or notes.
    #[arg(long = "in", value_name = "PART", value_parser = word::<SearchIn>)]
    within: Option<SearchIn>,
    /// At most so many.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let words = args.words.join(" ");
    let mut hits: Vec<SearchHit> = Vec::new();
    let mut next: Option<String> = None;
    let complete = loop {
        let query = [
            ("q", Some(words.clone())),
            ("in", args.within.map(|within| word_of(&within))),
            ("limit", Some((args.limit - hits.len()).clamp(1, PAGE_MAX).to_string())),
            ("before", next.take()),
        ];
        let page: SearchPage = api.get(&with_query("/api/v1/search", &query)).await?;
        hits.extend(page.hits);
        next = page.next;
        if next.is_none() || hits.len() >= args.limit {
            break page.complete;
        }
    };
    hits.truncate(args.limit);
    if global.json {
        return global.out.items(&hits, next.as_deref());
    }
    let people = names::people(&api).await?;
    let bright = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines: String = hits.iter().map(|hit| shown(hit, &people, bright)).collect();
    global.out.raw(&lines)?;
    if hits.is_empty() {
        global.out.note("Nothing was found: try fewer words.");
    }
    if next.is_some() {
        global.out.note("There is more: narrow the search, or raise --limit.");
    }
    if !complete {
        global.out.note("Older texts are still being taken in: search again later.");
    }
    Ok(())
}

/// A line that says what and where, and under it the line with the words. Clean but for the marks.
fn shown(hit: &SearchHit, people: &[Person], bright: bool) -> String {
    let who = match &hit.author {
        Author::Person { id } => format!("@{}", names::handle_of(people, *id)),
        Author::Requester { name, .. } => name.clone(),
        Author::System => "the desk".to_owned(),
    };
    let place = match (hit.ticket, hit.kind) {
        (Some(number), HitKind::Ticket) => format!("#{number}"),
        (Some(number), _) => format!("#{number} message {}", hit.seq),
        (None, _) => format!("{} message {}", hit.conversation, hit.seq),
    };
    let title = if hit.kind == HitKind::Ticket || hit.title.is_empty() { String::new() } else { format!("  {}", hit.title) };
    let mut out = clean(&format!("{place}  {}  {who}{title}", local(hit.at)));
    let (open, close) = if bright { ("\x1b[1;4m", "\x1b[0m") } else { ("[", "]") };
    out.push_str("\n    ");
    let mut at = 0;
    for (from, to) in &hit.ranges {
        if let (Some(before), Some(found)) = (hit.line.get(at..*from), hit.line.get(*from..*to)) {
            // Writing to a string does not fail.
            let _ = write!(out, "{}{open}{}{close}", clean(before), clean(found));
            at = *to;
        }
    }
    out.push_str(&clean(hit.line.get(at..).unwrap_or_default()));
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_words_are_marked_and_nothing_else_reaches_the_terminal() {
        let hit = SearchHit {
            kind: HitKind::Note,
            ticket: Some(crate::domain::id::TicketNumber(7)),
            status: None,
            title: "evil \x1b]0;x\x07".into(),
            people: Vec::new(),
            conversation: crate::domain::id::ConversationId::default(),
            message: None,
            seq: 3,
            author: Author::System,
            at: DateTime::UNIX_EPOCH,
            line: "请\x1b[2J退款 now".into(),
            ranges: vec![(7, 13)],
        };
        let plain = shown(&hit, &[], false);
        assert!(plain.starts_with("#7 message 3  ") && plain.ends_with("\n    请␛[2J[退款] now\n"), "{plain}");
        let bright = shown(&hit, &[], true);
        assert_eq!(bright.matches('\x1b').count(), 2, "{bright:?}");
    }
}

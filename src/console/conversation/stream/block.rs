//! One message in lines: who, when and for whom; what it answers; its text with mentions and links set apart; what is attached
//! and how people reacted. Lines are kept while message, width, language, colours and day stay the same.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Stream;
use crate::base::terms::Query;
use crate::base::text::{clean, clean_lines, cut, width, wrap};
use crate::console::conversation::look;
use crate::console::desk_line_words;
use crate::console::locale::Language;
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::id::{MessageId, TicketNumber};

/// Blocks kept; far more than a screen has rows.
const KEPT: usize = 1024;
/// Cells left of the text: the mark, who reads it, a blank.
const GUTTER: usize = 3;

/// A message in lines; the first `lead` are rules over it.
#[derive(Debug)]
pub struct Block {
    pub lines: Vec<Line<'static>>,
    pub lead: usize,
}

/// What lines depend on besides the message.
pub struct Env<'a> {
    cells: usize,
    today: NaiveDate,
    new_from: Option<i64>,
    /// Whose conversation it is.
    ticket: Option<TicketNumber>,
    context: &'a Context<'a>,
}

/// The same, to be compared.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    cells: usize,
    today: NaiveDate,
    new_from: Option<i64>,
    language: Language,
    theme: String,
}

/// Blocks laid out before.
#[derive(Debug, Default)]
pub struct Blocks {
    key: Option<Key>,
    kept: HashMap<MessageId, Kept>,
}

#[derive(Debug)]
struct Kept {
    message: Arc<Message>,
    before: Option<MessageId>,
    /// What was known of the message it answers.
    answers: Option<i64>,
    head: Option<bool>,
    block: Arc<Block>,
}

impl<'a> Env<'a> {
    pub fn new(stream: &Stream, cells: usize, context: &'a Context<'a>) -> Self {
        Self { cells, today: times::date_of(context.now, context.zone), new_from: stream.new_from(context), ticket: stream.ticket, context }
    }
}

impl Blocks {
    pub fn clear(&mut self) {
        self.kept.clear();
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Throws away what was laid out for something else.
    pub fn fit(&mut self, env: &Env<'_>) {
        let context = env.context;
        let key = Key {
            cells: env.cells,
            today: env.today,
            new_from: env.new_from,
            language: context.locale.language,
            theme: context.theme.name.clone(),
        };
        if self.key.as_ref() != Some(&key) || self.kept.len() > KEPT {
            (self.key, self.kept) = (Some(key), HashMap::new());
        }
    }

    pub fn get(&mut self, stream: &Stream, index: usize, env: &Env<'_>) -> Arc<Block> {
        let message = &stream.messages[index];
        let before = index.checked_sub(1).map(|before| &stream.messages[before]);
        let answered = message.reply_to.and_then(|id| stream.places.get(&id)).map(|index| &stream.messages[*index]);
        let (answers, head) = (answered.map(|answered| answered.version), before.is_none().then_some(stream.asked.is_some()));
        if let Some(kept) = self.kept.get(&message.id)
            && kept.before == before.map(|before| before.id)
            && (kept.answers, kept.head) == (answers, head)
            && (Arc::ptr_eq(&kept.message, message) || kept.message == *message)
        {
            return Arc::clone(&kept.block);
        }
        let mut lines = Vec::new();
        if before.is_none() && stream.more {
            let key = if stream.asked.is_some() { "stream-loading" } else { "stream-more" };
            lines.push(Line::styled(cut(&env.context.locale.text(key), env.cells), env.context.theme.style(Role::Dim)));
        }
        rules(&mut lines, message, before, env);
        let lead = lines.len();
        Lay { message, env, words: &stream.words }.all(&mut lines, answered);
        let block = Arc::new(Block { lines, lead });
        let kept = Kept { message: Arc::clone(message), before: before.map(|before| before.id), answers, head, block: Arc::clone(&block) };
        self.kept.insert(message.id, kept);
        block
    }
}

/// The day, and where new messages begin.
fn rules(lines: &mut Vec<Line<'static>>, message: &Message, before: Option<&Arc<Message>>, env: &Env<'_>) {
    let (locale, theme) = (env.context.locale, env.context.theme);
    let day = times::date_of(message.created_at, env.context.zone);
    if before.is_none_or(|before| times::date_of(before.created_at, env.context.zone) != day) {
        lines.push(Line::styled(rule(&times::day(locale, day, env.today), env.cells), theme.style(Role::Dim)));
    }
    if env.new_from == Some(message.seq) {
        lines.push(Line::styled(rule(&locale.text("chat-new-line"), env.cells), theme.style(Role::Changed)));
    }
}

/// `─── words ───`.
fn rule(words: &str, cells: usize) -> String {
    let side = cells.saturating_sub(width(words) + 2) / 2;
    let dashes = "─".repeat(side.min(12));
    cut(&format!("{dashes} {words} {dashes}"), cells)
}

struct Lay<'a> {
    message: &'a Message,
    env: &'a Env<'a>,
    words: &'a str,
}

impl Lay<'_> {
    fn style(&self, role: Role) -> Style {
        self.env.context.theme.style(role)
    }

    fn all(&self, lines: &mut Vec<Line<'static>>, answered: Option<&Arc<Message>>) {
        let (message, locale) = (self.message, self.env.context.locale);
        if message.withheld {
            let (mark, word, _) = look::written(message.visibility);
            let words = locale.with("stream-withheld", &[("word", &locale.text(word))]);
            lines.push(Line::from(vec![
                Span::raw(" "),
                Span::styled(cut(&format!("{mark} {words}"), self.env.cells.saturating_sub(1)), self.style(Role::Dim)),
            ]));
            return;
        }
        lines.push(self.head());
        if message.reply_to.is_some() {
            let words = answered.map_or_else(
                || locale.text("stream-answers-earlier").into_owned(),
                |answered| {
                    let said = desk_line_words::text(answered, self.env.context);
                    let line = clean(said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default());
                    let line = if answered.withheld { "…".to_owned() } else { line };
                    locale.with("stream-answers", &[("who", &look::author(answered, self.env.context)), ("line", &line)])
                },
            );
            lines.push(self.line(vec![Span::styled(cut(&words, self.room()), self.style(Role::Dim))]));
        }
        let body = self.style(if message.author == Author::System { Role::System } else { Role::Text });
        for line in wrap(&clean_lines(&desk_line_words::text(message, self.env.context)), self.room()) {
            lines.push(self.line(self.decorated(&line, body)));
        }
        for attachment in &message.attachments {
            let size = if attachment.size > 0 { format!(" ({} kB)", attachment.size.saturating_add(1023) / 1024) } else { String::new() };
            let words = format!("{} {}{size} {}", locale.text("chat-attachment"), clean(&attachment.name), clean(&attachment.url));
            lines.push(self.line(vec![Span::styled(cut(words.trim_end(), self.room()), self.style(Role::Accent))]));
        }
        if !message.reactions.is_empty() {
            lines.push(self.line(self.reactions()));
        }
    }

    /// Cells for the text.
    fn room(&self) -> usize {
        self.env.cells.saturating_sub(GUTTER).max(2)
    }

    /// A line under the head: a bar in the colour of who reads it.
    fn line(&self, spans: Vec<Span<'static>>) -> Line<'static> {
        let (_, _, role) = look::of(self.message);
        let bar = if self.message.author == Author::System { "  " } else { "│ " };
        Line::from_iter([Span::raw(" "), Span::styled(bar, self.style(role))].into_iter().chain(spans))
    }

    fn head(&self) -> Line<'static> {
        let (message, context) = (self.message, self.env.context);
        let (mark, word, role) = look::of(message);
        let own = message.author == Author::Person { id: context.me.id };
        let mut spans = vec![
            Span::raw(" "),
            Span::styled(format!("{mark} "), self.style(role)),
            Span::styled(cut(&look::author(message, context), self.env.cells / 2), self.style(if own { Role::Accent } else { role })),
            Span::styled(format!(" {}", times::clock(message.created_at, context.zone)), self.style(Role::Dim)),
        ];
        // Within Chats everything is internal: only a ticket's messages differ in who reads them.
        if message.ticket.is_some() || message.visibility != Visibility::Internal {
            spans.push(Span::styled(format!(" {}", context.locale.text(word)), self.style(role)));
        }
        let mut say = |key: &str, role| spans.push(Span::styled(format!(" {}", context.locale.text(key)), self.style(role)));
        if own {
            say("chat-you", Role::Dim);
        }
        if message.edited_at.is_some() {
            say("stream-edited", Role::Dim);
        }
        if message.pinned_by.is_some() {
            say("stream-is-pinned", Role::Accent);
        }
        if message.version == 0 {
            say("stream-sending", Role::Warning);
        }
        let marks = look::origin(message, self.env.ticket, context);
        spans.extend((!marks.is_empty()).then(|| Span::styled(marks, self.style(Role::Accent))));
        if message.mentions.contains(&context.me.id) {
            spans.push(Span::styled(" @", self.style(Role::Mention)));
        }
        Line::from(spans)
    }

    fn reactions(&self) -> Vec<Span<'static>> {
        let me = self.env.context.me.id;
        let spans = self.message.reactions.iter().flat_map(|(reaction, people)| {
            let role = if people.contains(&me) { Role::Accent } else { Role::Dim };
            [Span::styled(format!("[{} {}]", cut(&clean(reaction), 16), people.len()), self.style(role)), Span::raw(" ")]
        });
        spans.collect()
    }

    /// A line of text with handles, ticket numbers and what was searched for set apart.
    fn decorated(&self, line: &str, body: Style) -> Vec<Span<'static>> {
        let mut marks: Vec<(Range<usize>, Style)> = Vec::new();
        for (at, sign) in line.char_indices().filter(|(_, char)| matches!(char, '@' | '#')) {
            if let Some((end, style)) = self.marked(line, at, sign) {
                marks.push((at..end, body.patch(style)));
            }
        }
        let found = Query::parse(self.words).ranges(line, 64);
        let mut spans = Vec::new();
        let mut cuts: Vec<usize> = marks.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
        cuts.extend(found.iter().flat_map(|(start, end)| [*start, *end]));
        cuts.extend([0, line.len()]);
        cuts.sort_unstable();
        cuts.dedup();
        for pair in cuts.windows(2) {
            let (start, end) = (pair[0], pair[1]);
            let mut style = marks.iter().find(|(range, _)| range.contains(&start)).map_or(body, |(_, style)| *style);
            if found.iter().any(|(from, to)| (*from..*to).contains(&start)) {
                style = style.patch(self.style(Role::Match)).add_modifier(Modifier::REVERSED);
            }
            spans.push(Span::styled(line[start..end].to_owned(), style));
        }
        spans
    }

    /// Where a handle or number that starts at `at` ends, and its colour; `None` when it is only a sign.
    fn marked(&self, line: &str, at: usize, sign: char) -> Option<(usize, Style)> {
        let opens = line[..at].chars().next_back().is_none_or(|char| !char.is_ascii_alphanumeric());
        let word: usize =
            line[at + 1..].chars().take_while(|char| char.is_ascii_alphanumeric() || "._-".contains(*char)).map(char::len_utf8).sum();
        let word = line[at + 1..at + 1 + word].trim_end_matches(['.', '-', '_']);
        let end = at + 1 + word.len();
        if !opens || word.is_empty() {
            return None;
        }
        let directory = self.env.context.directory;
        if sign == '#' {
            let digits = word.chars().all(|char| char.is_ascii_digit());
            return digits.then(|| (end, self.style(Role::Accent).add_modifier(Modifier::UNDERLINED)));
        }
        let person = self.message.mentions.iter().filter_map(|id| directory.people.get(id)).find(|person| person.handle == word);
        if let Some(person) = person {
            let role = if person.id == self.env.context.me.id { Role::Mention } else { Role::Accent };
            return Some((end, self.style(role)));
        }
        let known = directory.rota_by_key(word).is_some() || directory.queue_by_key(word).is_some();
        known.then(|| (end, self.style(Role::Accent)))
    }
}

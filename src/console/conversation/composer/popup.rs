//! What may follow the caret: commands and what they take, people, rotas and queues after `@`, tickets after `#`. Pure.

use crate::base::letters::letters;
use crate::base::pinyin;
use crate::base::text::{clean, fold};
use crate::console::conversation::slash::words::{PRIORITIES, STATUSES, VERBS, Verb, verb};
use crate::console::conversation::{slash, snippets};
use crate::console::locale::Language;
use crate::console::pane::Context;
use crate::domain::id::TicketNumber;
use crate::domain::person::Person;
use crate::domain::snippet::select;
use crate::domain::ticket::Ticket;

/// Most choices offered.
pub const ITEMS_MAX: usize = 8;

/// One thing that may follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Put for what was typed.
    pub insert: String,
    pub label: String,
    pub hint: String,
    /// Lines that show what it stands for.
    pub preview: String,
}

/// A list under the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Popup {
    /// Where what it replaces starts.
    pub start: usize,
    pub items: Vec<Item>,
    pub index: usize,
    /// What was typed of it.
    typed: String,
    /// Somebody moved in it.
    touched: bool,
    /// Half a word is of no use where it stands: Enter completes it.
    eager: bool,
}

impl Popup {
    /// What was typed of it, without the sign before it.
    #[must_use]
    pub fn typed(&self) -> &str {
        self.typed.trim_start_matches(['@', '#', '/'])
    }

    /// Nobody moved in it, and its first choice is marked.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        !self.touched && self.index == 0
    }

    pub fn step(&mut self, by: isize) {
        let count = self.items.len().max(1);
        self.index = (self.index + count).saturating_add_signed(by) % count;
        self.touched = true;
    }

    /// Whether Enter takes the marked choice rather than sending.
    #[must_use]
    pub fn takes_enter(&self) -> bool {
        let whole = self.items.iter().any(|item| item.insert.trim_end() == self.typed);
        self.touched || (self.eager && !whole)
    }
}

/// What may follow `before`; commands when a `ticket` is at hand.
#[must_use]
pub fn at(before: &str, ticket: Option<&Ticket>, tickets: &[(TicketNumber, String)], context: &Context<'_>) -> Option<Popup> {
    let found = match (ticket, slash::command_of(before)) {
        (Some(ticket), Some(line)) => command(before, line, ticket, tickets, context),
        _ => None,
    };
    let found = found.or_else(|| mentioned(before, context)).or_else(|| linked(before, tickets));
    found.filter(|popup| !popup.items.is_empty())
}

/// What was typed of a ticket, when one is wanted at the caret.
#[must_use]
pub fn ticket_typed(before: &str, commands: bool) -> Option<String> {
    if commands
        && let Some((word, rest)) = slash::command_of(before).and_then(|line| line.split_once(' '))
        && matches!(verb(word).map(|row| row.verb), Some(Verb::Merge | Verb::Link))
    {
        let rest = rest.trim_start_matches('#');
        return (!rest.contains(char::is_whitespace)).then(|| rest.to_owned());
    }
    hash(before).map(|(_, typed)| typed.to_owned())
}

fn popup(start: usize, typed: &str, eager: bool, items: Vec<Item>) -> Popup {
    let items = items.into_iter().take(ITEMS_MAX).collect();
    Popup { start, items, index: 0, typed: typed.to_owned(), touched: false, eager }
}

fn command(before: &str, line: &str, ticket: &Ticket, tickets: &[(TicketNumber, String)], context: &Context<'_>) -> Option<Popup> {
    let Some((word, rest)) = line.split_once(' ') else {
        let start = before.len() - line.len();
        let typed = fold(line);
        let fits = |row: &&slash::words::Row| row.name.starts_with(&typed) || row.chinese.starts_with(&typed);
        // `zt` finds 状态, but never before a command that is called so.
        let spelled = |row: &&slash::words::Row| !fits(row) && begins_spelled(row.chinese, &typed);
        let rows = VERBS.iter().filter(fits).chain(VERBS.iter().filter(spelled));
        let items = rows
            .map(|row| {
                // Who spells it wants the Chinese word.
                let chinese = context.locale.language == Language::Chinese || !typed.is_ascii() || spelled(&row);
                let name = if chinese && (typed.is_empty() || !row.name.starts_with(&typed)) { row.chinese } else { row.name };
                Item {
                    insert: format!("{name} "),
                    label: format!("/{} /{}", row.name, row.chinese),
                    hint: context.locale.text(row.help).into_owned(),
                    ..Item::default()
                }
            })
            .collect();
        return Some(popup(start, line, true, items));
    };
    if rest.contains(char::is_whitespace) {
        return None;
    }
    let start = before.len() - rest.len();
    let typed = fold(rest.trim_start_matches(['@', '#']));
    let items = match verb(word)?.verb {
        Verb::Assign => people(&typed, context, |_| true),
        Verb::Escalate => {
            let tiers = ["2", "3"].into_iter().filter(|tier| tier.starts_with(&typed)).map(|tier| Item {
                insert: format!("{tier} "),
                label: tier.to_owned(),
                hint: context.locale.with("escalate-tier", &[("tier", tier)]),
                ..Item::default()
            });
            tiers.chain(people(&typed, context, |person| person.tier >= 2)).collect()
        }
        Verb::Status => STATUSES.iter().filter_map(|(_, words)| word_item(words, &typed, context)).collect(),
        Verb::Priority => PRIORITIES.iter().filter_map(|(_, words)| word_item(words, &typed, context)).collect(),
        Verb::Move => queues(&typed, context)
            .map(|(key, name)| Item { insert: format!("{key} "), label: key, hint: name, ..Item::default() })
            .collect(),
        Verb::Untag => ticket.tags.iter().filter(|tag| fold(tag).starts_with(&typed)).map(|tag| plain(tag, "")).collect(),
        Verb::Snippet => snippet_items(&typed, ticket, context),
        Verb::Merge | Verb::Link => ticket_items(tickets),
        Verb::Tag | Verb::Claim | Verb::Release | Verb::Remind => Vec::new(),
    };
    Some(popup(start, rest, true, items))
}

fn plain(insert: &str, hint: &str) -> Item {
    Item { insert: format!("{insert} "), label: clean(insert), hint: hint.to_owned(), ..Item::default() }
}

/// A word of a small table: the first one, or the Chinese one where that is spoken.
fn word_item(words: &[&str], typed: &str, context: &Context<'_>) -> Option<Item> {
    let matching = words.iter().find(|word| word.starts_with(typed) || begins_spelled(word, typed))?;
    let shown = words.iter().find(|word| !word.is_ascii()).copied().unwrap_or(words[0]);
    let chinese = context.locale.language == Language::Chinese || !matching.is_ascii();
    Some(if chinese { plain(shown, words[0]) } else { plain(words[0], shown) })
}

fn snippet_items(typed: &str, ticket: &Ticket, context: &Context<'_>) -> Vec<Item> {
    select::usable_by(context.directory.snippets.values(), context.me.id, Some(ticket.queue))
        .into_iter()
        .filter(|snippet| snippet.key.contains(typed) || holds(&snippet.title, typed))
        .map(|snippet| Item {
            insert: format!("{} ", snippet.key),
            label: clean(&snippet.key),
            hint: clean(&snippet.title),
            preview: snippets::filled(snippet, Some(ticket), context).text,
        })
        .collect()
}

fn ticket_items(tickets: &[(TicketNumber, String)]) -> Vec<Item> {
    let item = |(number, subject): &(TicketNumber, String)| Item {
        insert: format!("#{number} "),
        label: format!("#{number}"),
        hint: subject.clone(),
        ..Item::default()
    };
    tickets.iter().map(item).collect()
}

/// The `@word` being typed at the end of a text: where it starts, and what follows the `@`.
#[must_use]
pub fn mention(before: &str) -> Option<(usize, &str)> {
    marked(before, '@')
}

fn hash(before: &str) -> Option<(usize, &str)> {
    marked(before, '#')
}

fn marked(before: &str, mark: char) -> Option<(usize, &str)> {
    let start = before.rfind(mark)?;
    let typed = &before[start + 1..];
    let opens = before[..start].chars().next_back().is_none_or(|char| !char.is_ascii_alphanumeric());
    (opens && !typed.contains(char::is_whitespace)).then_some((start, typed))
}

fn linked(before: &str, tickets: &[(TicketNumber, String)]) -> Option<Popup> {
    let (start, typed) = hash(before)?;
    Some(popup(start, &format!("#{typed}"), false, ticket_items(tickets)))
}

fn mentioned(before: &str, context: &Context<'_>) -> Option<Popup> {
    let (start, typed) = mention(before)?;
    let folded = fold(typed);
    let mut items = people(&folded, context, |person| person.id != context.me.id);
    let keyed = |key: String, name: String| Item { insert: format!("@{key} "), label: format!("@{key}"), hint: name, ..Item::default() };
    let rotas = context.directory.rotas.values().filter(|rota| rota.active);
    let rotas = rotas.filter(|rota| rota.key.contains(&folded) || holds(&rota.name, &folded));
    let mut roles: Vec<_> =
        rotas.map(|rota| keyed(clean(&rota.key), context.locale.with("compose-duty", &[("rota", &clean(&rota.name))]))).collect();
    roles.sort_by(|a, b| a.label.cmp(&b.label));
    items.extend(roles);
    items.extend(queues(&folded, context).map(|(key, name)| keyed(key, name)));
    let mut popup = popup(start, &format!("@{typed}"), !typed.is_empty(), items);
    // An e-mail address or a sentence's sign is no half a name.
    popup.eager &= typed.chars().all(|char| char.is_alphanumeric() || "._-".contains(char));
    Some(popup)
}

fn queues<'a>(typed: &'a str, context: &Context<'a>) -> impl Iterator<Item = (String, String)> + 'a {
    let queues = context.directory.queues_in_order().into_iter();
    queues.filter(move |queue| queue.key.contains(typed) || holds(&queue.name, typed)).map(|queue| (clean(&queue.key), clean(&queue.name)))
}

/// Whether a text holds what was typed, as it stands or spelled in pinyin.
fn holds(text: &str, typed: &str) -> bool {
    fold(text).contains(typed) || pinyin::spelled(text, typed)
}

fn begins_spelled(text: &str, typed: &str) -> bool {
    pinyin::starts(&letters(text).chars().collect::<Vec<_>>(), typed)
}

/// People whose handle or name begins with what was typed, as it stands or in pinyin, then those who merely contain it, or have
/// it as initials.
fn people(typed: &str, context: &Context<'_>, which: impl Fn(&Person) -> bool) -> Vec<Item> {
    let rank = |person: &Person| {
        let (handle, name) = (fold(&person.handle), fold(&person.name));
        let initials = |text: &str| text.split(['.', '-', '_', ' ']).filter_map(|part| part.chars().next()).collect::<String>();
        match () {
            () if handle.starts_with(typed) => Some(0),
            () if name.starts_with(typed) => Some(1),
            () if begins_spelled(&person.name, typed) => Some(2),
            () if handle.contains(typed) || name.contains(typed) => Some(3),
            () if initials(&handle).starts_with(typed) || initials(&name).starts_with(typed) => Some(4),
            () if pinyin::spelled(&person.name, typed) => Some(5),
            () => None,
        }
    };
    let mut found: Vec<_> = context
        .directory
        .people
        .values()
        .filter(|person| person.active && which(person))
        .filter_map(|person| Some((rank(person)?, person)))
        .collect();
    found.sort_by(|(a, left), (b, right)| (a, &left.handle).cmp(&(b, &right.handle)));
    let item = |person: &Person| Item {
        insert: format!("@{} ", person.handle),
        label: format!("@{}", clean(&person.handle)),
        hint: clean(&person.name),
        ..Item::default()
    };
    found.into_iter().take(ITEMS_MAX).map(|(_, person)| item(person)).collect()
}

//! Reads a filter. What cannot be read is left out and explained; the rest holds, so that a filter that is being typed never
//! means nothing.

use super::lex::{Part, Raw, lex};
use super::text::fold;
use super::time::{Compare, comparison, when};
use super::words::{FIELDS, FLAGS, Field, KINDS, PRIORITIES, STATUSES, Word, find, words};
use super::{FILTER_MAX, Fault, Filter, FilterError, Named, NumberField, TERMS_MAX, Term, Test, TextField, Tie, TimeField, Who};
use crate::domain::directory::Directory;
use crate::domain::id::TicketNumber;
use crate::domain::suggest::nearest;

/// What was read of a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Of all terms that can be read.
    pub filter: Filter,
    /// In the order of the text.
    pub errors: Vec<FilterError>,
}

impl Parsed {
    /// The filter, when all of it could be read.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn whole(self) -> Result<Filter, FilterError> {
        match self.errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(self.filter),
        }
    }
}

/// Reads a filter with the queues and people that `directory` knows.
#[must_use]
pub fn parse(text: &str, directory: &Directory) -> Parsed {
    let mut parsed = Parsed::default();
    if text.chars().count() > FILTER_MAX {
        parsed.errors.push(FilterError::new(Fault::Long, "", "", FILTER_MAX));
        return parsed;
    }
    for raw in lex(text) {
        if parsed.filter.terms.len() == TERMS_MAX {
            parsed.errors.push(FilterError::new(Fault::Many, "", "", raw.at));
            break;
        }
        let negated = raw.negated;
        match test(&raw, directory) {
            Ok(Some(test)) => parsed.filter.terms.push(Term { negated, test }),
            Ok(None) => {}
            Err(error) => parsed.errors.push(error),
        }
    }
    parsed
}

type Read<T> = Result<T, FilterError>;

fn test(raw: &Raw, directory: &Directory) -> Read<Option<Test>> {
    if raw.unclosed {
        let part = raw.parts.last().cloned().unwrap_or(Part { text: String::new(), at: raw.at });
        return Err(FilterError::new(Fault::Quote, "", &part.text, part.at.saturating_sub(1)));
    }
    let Some(head) = &raw.head else {
        let text = raw.parts.first().map(|part| part.text.trim().to_owned()).unwrap_or_default();
        return Ok((!text.is_empty()).then_some(Test::Words(text)));
    };
    let parts: Vec<&Part> = raw.parts.iter().filter(|part| !part.text.trim().is_empty()).collect();
    let sign = match head.text.as_str() {
        "#" if parts.is_empty() => return Ok(None),
        "#" => return Ok(Some(Test::Text(TextField::TagStart, parts.iter().map(|part| part.text.clone()).collect()))),
        "@" => Some(Field::Assignee),
        name => Field::read(name),
    };
    let Some(field) = sign else {
        let near = nearest(&fold(&head.text), &words(FIELDS, &head.text));
        return Err(FilterError::new(Fault::Field, "", &head.text, head.at).near(owned(&near)));
    };
    if parts.is_empty() {
        return Err(FilterError::new(Fault::Missing, shown(head, field), "", raw.end));
    }
    Reading { field, head, parts: &parts, directory }.test().map(Some)
}

/// The field's name as the person wrote it.
fn shown(head: &Part, field: Field) -> &str {
    if head.text == "@" { field.name() } else { &head.text }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// One term's values on their way into a test.
struct Reading<'a> {
    field: Field,
    head: &'a Part,
    parts: &'a [&'a Part],
    directory: &'a Directory,
}

impl Reading<'_> {
    fn fail(&self, fault: Fault, part: &Part) -> FilterError {
        FilterError::new(fault, shown(self.head, self.field), &part.text, part.at)
    }

    fn unknown(&self, part: &Part, known: &[&str]) -> FilterError {
        self.fail(Fault::Value, part).near(owned(&nearest(&fold(&part.text), known)))
    }

    fn test(&self) -> Read<Test> {
        Ok(match self.field {
            Field::Status => Test::Status(flat(self.each(|part| self.word(STATUSES, part))?)),
            Field::Priority => Test::Priority(flat(self.each(|part| self.priorities(part))?)),
            Field::Kind => Test::Kind(self.each(|part| self.word(KINDS, part))?),
            Field::Is => Test::Is(self.each(|part| self.word(FLAGS, part))?),
            Field::Tier => Test::Tier(flat(self.each(|part| self.tiers(part))?)),
            Field::Queue => Test::Queue(self.each(|part| self.queue(part))?),
            Field::Assignee => Test::Assignee(self.each(|part| self.who(part))?),
            Field::With => Test::With(self.each(|part| self.who(part))?),
            Field::Expert => Test::Expert(self.each(|part| self.expert(part))?),
            Field::Incident => Test::Incident(self.each(|part| self.tie(part))?),
            Field::Tag => self.text(TextField::Tag),
            Field::Requester => self.text(TextField::Requester),
            Field::Class => self.text(TextField::Class),
            Field::Site => self.text(TextField::Site),
            Field::Region => self.text(TextField::Region),
            Field::Language => self.text(TextField::Language),
            Field::Number => self.number(NumberField::Number)?,
            Field::Messages => self.number(NumberField::Messages)?,
            Field::Rating => self.number(NumberField::Rating)?,
            Field::Created => self.time(TimeField::Created)?,
            Field::Updated => self.time(TimeField::Updated)?,
            Field::Assigned => self.time(TimeField::Assigned)?,
            Field::Solved => self.time(TimeField::Solved)?,
            Field::Due => self.time(TimeField::Due)?,
            Field::FollowUp => self.time(TimeField::FollowUp)?,
            Field::Older => self.age(Compare::AtLeast)?,
            Field::Newer => self.age(Compare::AtMost)?,
        })
    }

    fn each<T: PartialEq>(&self, read: impl Fn(&Part) -> Read<T>) -> Read<Vec<T>> {
        let mut found = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            let one = read(part)?;
            if !found.contains(&one) {
                found.push(one);
            }
        }
        Ok(found)
    }

    fn word<T: Copy>(&self, table: &'static [Word<T>], part: &Part) -> Read<T> {
        find(table, &part.text).map(|word| word.means).ok_or_else(|| self.unknown(part, &words(table, &part.text)))
    }

    /// One, or all from one on: `>=high` are high and urgent.
    fn priorities(&self, part: &Part) -> Read<Vec<crate::domain::ticket::Priority>> {
        let folded = fold(&part.text);
        let (compare, rest) = comparison(&folded);
        let one = find(PRIORITIES, rest).map(|word| word.means).ok_or_else(|| self.unknown(part, &words(PRIORITIES, rest)))?;
        // The most pressing are the highest, and come first.
        let holds = |other: crate::domain::ticket::Priority| match compare {
            None => other == one,
            Some(Compare::AtLeast) => other <= one,
            Some(Compare::More) => other < one,
            Some(Compare::AtMost) => other >= one,
            Some(Compare::Less) => other > one,
        };
        self.some(PRIORITIES.iter().map(|word| word.means).filter(|other| holds(*other)).collect(), part)
    }

    fn tiers(&self, part: &Part) -> Read<Vec<u8>> {
        let Some((from, to)) = numbers(&part.text) else { return Err(self.fail(Fault::Number, part)) };
        let holds = |tier: &u8| from.is_none_or(|from| i64::from(*tier) >= from) && to.is_none_or(|to| i64::from(*tier) <= to);
        self.some((1..=3).filter(holds).collect(), part)
    }

    /// Nothing can be above urgent: that is an error, not an empty list.
    fn some<T>(&self, found: Vec<T>, part: &Part) -> Read<Vec<T>> {
        if found.is_empty() { Err(self.fail(Fault::Value, part)) } else { Ok(found) }
    }

    fn queue(&self, part: &Part) -> Read<Named<crate::domain::id::QueueId>> {
        let folded = fold(&part.text);
        let mut queues: Vec<_> = self.directory.queues.values().collect();
        queues.sort_by(|a, b| a.key.cmp(&b.key));
        let found = queues.iter().find(|queue| queue.key == folded).or_else(|| queues.iter().find(|queue| fold(&queue.name) == folded));
        match found {
            Some(queue) => Ok(Named { id: queue.id, word: queue.key.clone() }),
            None => {
                let names = queues.iter().filter(|queue| fold(&queue.name) != queue.key).map(|queue| queue.name.as_str());
                let known: Vec<&str> = queues.iter().map(|queue| queue.key.as_str()).chain(names).collect();
                Err(self.unknown(part, &known))
            }
        }
    }

    fn who(&self, part: &Part) -> Read<Who> {
        let folded = fold(&part.text);
        let (handle, signed) = folded.strip_prefix('@').map_or((folded.as_str(), self.head.text == "@"), |handle| (handle, true));
        match handle {
            "me" | "我" | "自己" => return Ok(Who::Me),
            "none" | "nobody" | "无" | "无人" => return Ok(Who::Nobody),
            _ => {}
        }
        let people = self.directory.people.values();
        let by_handle = people.clone().find(|person| person.handle == handle);
        let found = by_handle.or_else(|| people.clone().filter(|person| fold(&person.name) == handle).min_by_key(|person| &person.handle));
        if let Some(person) = found {
            return Ok(Who::Person(Named { id: person.id, word: person.handle.clone() }));
        }
        let mut known: Vec<&str> = people.flat_map(|person| [person.handle.as_str(), person.name.as_str()]).chain(["me", "none"]).collect();
        known.sort_unstable();
        let near = nearest(handle, &known).into_iter().map(|name| if signed { format!("@{name}") } else { name.to_owned() }).collect();
        Err(self.fail(Fault::Value, part).near(near))
    }

    /// The calls of nobody cannot be asked for: who was never called is not on record.
    fn expert(&self, part: &Part) -> Read<Who> {
        match self.who(part)? {
            Who::Nobody => Err(self.fail(Fault::Value, part)),
            who => Ok(who),
        }
    }

    fn tie(&self, part: &Part) -> Read<Tie> {
        match fold(&part.text).trim_start_matches('#') {
            "none" | "无" => Ok(Tie::None),
            "any" | "有" => Ok(Tie::Any),
            number => number
                .parse::<i64>()
                .ok()
                .filter(|number| *number > 0)
                .map(|number| Tie::To(TicketNumber(number)))
                .ok_or_else(|| self.fail(Fault::Number, part)),
        }
    }

    fn text(&self, field: TextField) -> Test {
        Test::Text(field, self.parts.iter().map(|part| part.text.clone()).collect())
    }

    /// The first value: several ranges of one field are several terms.
    fn number(&self, field: NumberField) -> Read<Test> {
        let part = self.single()?;
        let (from, to) = numbers(part.text.trim_start_matches(['#', '＃'])).ok_or_else(|| self.fail(Fault::Number, part))?;
        Ok(Test::Number(field, from, to))
    }

    fn time(&self, field: TimeField) -> Read<Test> {
        let part = self.single()?;
        Ok(Test::Time(field, when(&part.text).ok_or_else(|| self.fail(Fault::Time, part))?))
    }

    fn age(&self, compare: Compare) -> Read<Test> {
        let part = self.single()?;
        let secs = super::time::span(&part.text).ok_or_else(|| self.fail(Fault::Time, part))?;
        Ok(Test::Time(TimeField::Created, super::time::When::Span(compare, secs)))
    }

    fn single(&self) -> Read<&Part> {
        match self.parts {
            [one] => Ok(one),
            [_, second, ..] => Err(self.fail(if self.is_time() { Fault::Time } else { Fault::Number }, second)),
            [] => Err(self.fail(Fault::Missing, self.head)),
        }
    }

    fn is_time(&self) -> bool {
        !matches!(self.field, Field::Number | Field::Messages | Field::Rating)
    }
}

fn flat<T: PartialEq + Clone, L: AsRef<[T]>>(lists: Vec<L>) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for one in lists.iter().flat_map(|list| list.as_ref()) {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
    all
}

/// `3`, `>=3`, `<5`, `3..5`, `3..`: from and to, both included.
fn numbers(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let folded = fold(text);
    let digits = |text: &str| text.parse::<u32>().ok().map(i64::from);
    if let Some((from, to)) = folded.split_once("..") {
        let side = |text: &str| if text.is_empty() { Some(None) } else { digits(text).map(Some) };
        let (from, to) = (side(from)?, side(to)?);
        return (from.is_some() || to.is_some()).then_some((from, to));
    }
    let (compare, rest) = comparison(&folded);
    let number = digits(rest)?;
    Some(match compare {
        None => (Some(number), Some(number)),
        Some(Compare::AtLeast) => (Some(number), None),
        Some(Compare::More) => (Some(number + 1), None),
        Some(Compare::AtMost) => (None, Some(number)),
        Some(Compare::Less) => (None, Some(number - 1)),
    })
}

//! Canned replies as a composer puts them into a text. Which there are and how they are filled are the desk's rules
//! (`domain::snippet`); here is only what this console knows to fill them with.

use crate::console::pane::Context;
use crate::domain::snippet::Snippet;
use crate::domain::snippet::expand::{About, Expanded, expand};
use crate::domain::snippet::select;
use crate::domain::ticket::Ticket;

/// The snippet's text in the ticket's language, else in the console's, with its variables filled in. A console does not know
/// under which address requesters reach the desk, so that a link to the status page is among what is told to be empty.
#[must_use]
pub fn filled(snippet: &Snippet, ticket: Option<&Ticket>, context: &Context<'_>) -> Expanded {
    let wanted: Vec<&str> =
        ticket.and_then(|ticket| ticket.language.as_deref()).into_iter().chain([context.locale.language.tag()]).collect();
    let Some((_, text)) = select::text(snippet, &wanted) else { return Expanded::default() };
    let about = About {
        me: context.me,
        ticket,
        queue: ticket.and_then(|ticket| context.directory.queues.get(&ticket.queue)),
        assignee: ticket.and_then(|ticket| ticket.assignee).and_then(|id| context.directory.people.get(&id)),
        base_url: None,
        now: &context.instant(context.now),
    };
    // A text with a variable that this version does not know stays as it is: its author sees it before it is sent.
    expand(text, &about).unwrap_or_else(|_| Expanded { text: text.to_owned(), empty: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::locale::Language;
    use crate::console::panes::sample::{Sample, ticket};
    use crate::domain::ticket::Priority;

    fn snippet(texts: &[(&str, &str)]) -> Snippet {
        Snippet {
            id: uuid::Uuid::from_u128(1).into(),
            version: 1,
            key: "hello".into(),
            title: "hello".into(),
            owner: None,
            queue: None,
            texts: texts.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect(),
            active: true,
        }
    }

    #[test]
    fn variables_are_filled_in_the_tickets_language_and_what_is_empty_is_told() {
        let sample = Sample::new(Language::English);
        let mut about = (*ticket(1042, 1, "Pump dark", Priority::High, None)).clone();
        about.language = Some("zh".into());
        let one = snippet(&[
            ("en", "Dear {{ requester.name }}, #{{ticket.number}} {{assignee.name}}{{status_url}}{{unclosed"),
            ("zh-CN", "{{requester.name}}您好：{{me.name}}"),
        ]);
        assert_eq!(filled(&one, Some(&about), &sample.context()).text, "陈先生您好：张伟");
        about.language = None;
        let english = filled(&one, Some(&about), &sample.context());
        assert_eq!(english.text, "Dear 陈先生, #1042 {{unclosed");
        assert_eq!(english.empty, ["assignee.name", "status_url"]);
        let unknown = snippet(&[("en", "{{nothing}}")]);
        assert_eq!(filled(&unknown, Some(&about), &sample.context()).text, "{{nothing}}");
    }
}

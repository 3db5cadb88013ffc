//! The rows of a finder, made of what the desk knows: people, queues and views, sites, conversations, tickets, actions.

use std::sync::{Arc, OnceLock};

use super::shortlist::{Pool, Row};
use super::target::Target;
use crate::base::text::clean;
use crate::client::view::{ConversationItem, View};
use crate::console::action::{ACTIONS, Action, Scope as Where};
use crate::console::effect::Choice;
use crate::console::keymap::Keymap;
use crate::console::locale::{Language, Locale};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::access;
use crate::domain::conversation::ConversationKind;
use crate::domain::person::{Person, Presence};
use crate::domain::roster::pattern;
use crate::domain::ticket::Ticket;

/// Typed words that mean one action, as other programs have taught them.
pub const ALIASES: &[(&str, &str)] = &[
    ("q", "quit"),
    ("quit", "quit"),
    ("wq", "quit"),
    ("x", "quit"),
    ("exit", "quit"),
    ("退出", "quit"),
    ("h", "help"),
    ("man", "help"),
    ("lang", "language"),
    ("中文", "language"),
    ("english", "language"),
    ("colorscheme", "theme"),
    ("skin", "theme"),
    ("inbox", "notices"),
    ("mail", "notices"),
    ("log", "outbox"),
    ("sync", "outbox"),
    ("away", "presence"),
    ("dm", "chat.new"),
    ("new", "ticket.new"),
];

/// Pools of all that stands still while a finder is open.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    pub actions: Arc<Pool>,
    pub panes: Arc<Pool>,
    pub people: Arc<Pool>,
    pub queues: Arc<Pool>,
    pub sites: Arc<Pool>,
}

impl Stock {
    /// Everything of the directory; `actions` and `sites` as the functions of these names made them.
    #[must_use]
    pub fn new(actions: Vec<Row>, sites: Arc<Pool>, context: &Context<'_>) -> Self {
        let is_pane = |row: &&Row| row.choice.value.starts_with("pane.");
        Self {
            panes: Pool::new(
                actions.iter().filter(is_pane).map(|row| Row { kind: kind(context, "find-kind-pane"), ..row.clone() }).collect(),
            ),
            actions: Pool::new(actions),
            people: Pool::new(people(context)),
            queues: Pool::new(queues(context)),
            sites,
        }
    }
}

fn kind(context: &Context<'_>, key: &str) -> String {
    context.locale.text(key).into_owned()
}

fn row(target: Target, label: String, hint: String, kind: String) -> Row {
    Row { kind, ..Row::new(Choice { value: target.value(), label, hint, disabled: None }) }
}

/// The words of the other language: made once, for a palette that is opened often.
fn other_language(language: Language) -> &'static Locale {
    static BOTH: OnceLock<[Locale; 2]> = OnceLock::new();
    let both = BOTH.get_or_init(|| [Locale::new(Language::Chinese), Locale::new(Language::English)]);
    match language {
        Language::English => &both[0],
        Language::Chinese => &both[1],
    }
}

/// Rows of actions: label and name, the keys as hint, the label of the other language to be found by as well. `why_not` says
/// why one is not possible now, as a message key.
#[must_use]
pub fn actions(locale: &Locale, keymap: &Keymap, why_not: impl Fn(Action) -> Option<&'static str>) -> Vec<Row> {
    let other = other_language(locale.language);
    let mut listed: Vec<_> = ACTIONS.iter().collect();
    // What is particular to this place first: how to move down is what people know already.
    listed.sort_by_key(|spec| spec.scope == Where::Everywhere);
    let each = listed.into_iter().map(|spec| {
        let choice = Choice {
            value: spec.name.to_owned(),
            label: format!("{}  {}", locale.text(spec.label), spec.name),
            hint: keymap.all_shown(spec.action),
            disabled: why_not(spec.action).map(|why| locale.text(why).into_owned()),
        };
        let aliases = ALIASES.iter().filter(|(_, name)| *name == spec.name).map(|(typed, _)| *typed);
        Row { other: other.text(spec.label).into_owned(), ..Row::new(choice) }.also(&aliases.collect::<Vec<_>>().join(" "))
    });
    each.collect()
}

fn people(context: &Context<'_>) -> Vec<Row> {
    let on_duty: std::collections::HashSet<_> = pattern::on_duty(context.directory, context.now).iter().map(|shift| shift.person).collect();
    let mut people: Vec<&Person> = context.directory.people.values().filter(|person| person.active).collect();
    // Whoever can be reached now stands first.
    people.sort_by_key(|person| (!on_duty.contains(&person.id), &person.handle));
    let each = people.into_iter().map(|person| {
        let presence = context.agent_states.get(&person.id).map_or(Presence::Offline, |state| state.presence);
        let duty = if on_duty.contains(&person.id) { format!("{} · ", kind(context, "find-on-duty")) } else { String::new() };
        let hint = format!("T{} · {duty}{}", person.tier, context.locale.text(words::presence(presence)));
        let label = format!("{} ({})", clean(&person.name), clean(&person.handle));
        let skills: Vec<&str> = person.skills.iter().map(|skill| skill.name.as_str()).collect();
        let also = format!(
            "{} {} {}",
            person.email.as_deref().unwrap_or_default(),
            person.region.as_deref().unwrap_or_default(),
            skills.join(" ")
        );
        row(Target::Person(person.id), label, hint, kind(context, "find-kind-person")).also(&also)
    });
    each.collect()
}

fn queues(context: &Context<'_>) -> Vec<Row> {
    let views = [
        (View::Mine, "view-mine"),
        (View::Unassigned, "view-unassigned"),
        (View::Breaching, "view-breaching"),
        (View::Escalated, "view-escalated"),
        (View::All, "view-all"),
        (View::Solved, "view-solved"),
    ];
    let other = other_language(context.locale.language);
    let views = views.into_iter().map(|(view, key)| {
        let made = row(Target::View(view), context.locale.text(key).into_owned(), String::new(), kind(context, "find-kind-view"));
        Row { other: other.text(key).into_owned(), ..made }
    });
    let all = access::sees_all_queues(context.me);
    let mine = |id| all || context.me.queues.contains(&id);
    let queues = context.directory.queues_in_order().into_iter().filter(|queue| mine(queue.id)).map(|queue| {
        let also = queue.department.as_deref().unwrap_or_default();
        row(Target::Queue(queue.id), clean(&queue.name), clean(&queue.key), kind(context, "find-kind-queue")).also(also)
    });
    views.chain(queues).collect()
}

/// Rows of sites, by code.
#[must_use]
pub fn sites(context: &Context<'_>) -> Vec<Row> {
    let mut sites: Vec<_> = context.directory.sites.values().collect();
    sites.sort_by(|a, b| a.code.cmp(&b.code));
    let named = kind(context, "find-kind-site");
    let each = sites.into_iter().map(|site| {
        let label = format!("{} {}", clean(&site.code), clean(&site.name));
        row(Target::Site(site.id), label, clean(&site.region), named.clone())
    });
    each.collect()
}

/// Rows of conversations, last spoken in first.
#[must_use]
pub fn chats(items: &[ConversationItem], context: &Context<'_>) -> Vec<Row> {
    let each = items.iter().map(|item| {
        let one = &item.conversation;
        let of = match one.kind {
            ConversationKind::Channel => "find-kind-channel",
            ConversationKind::Direct => "find-kind-direct",
            ConversationKind::Escalation => "find-kind-escalation",
        };
        let hint =
            if item.unread > 0 { context.locale.count("find-unread", usize::try_from(item.unread).unwrap_or(0)) } else { String::new() };
        let handles: Vec<&str> =
            one.members.iter().filter_map(|id| context.directory.people.get(id)).map(|person| person.handle.as_str()).collect();
        let also = format!("{} {}", one.topic.as_deref().unwrap_or_default(), handles.join(" "));
        let label = crate::console::panes::chats::title(one, context);
        row(Target::Conversation(one.id), label, hint, kind(context, of)).also(&also)
    });
    each.collect()
}

/// A row of a ticket; also found by its requester, site, tags and queue.
#[must_use]
pub fn ticket(ticket: &Ticket, context: &Context<'_>) -> Row {
    let label = format!("#{} {}", ticket.number, clean(&ticket.subject));
    let queue = words::queue(context.directory, ticket.queue);
    let hint = format!("{queue} · {}", context.locale.text(words::status(ticket.status)));
    let site = ticket.requester.site.as_ref().map(|site| format!("{} {}", site.code, site.name)).unwrap_or_default();
    let also = format!("{} {site} {}", ticket.requester.name, ticket.tags.join(" "));
    row(Target::Ticket(ticket.number), label, hint, kind(context, "find-kind-ticket")).also(&also)
}

/// The row that goes to a ticket by its number, whether it is at hand or not.
#[must_use]
pub fn number(typed: &str, context: &Context<'_>) -> Option<Row> {
    let number = typed.trim().trim_start_matches('#').parse().ok().filter(|number: &i64| *number > 0)?;
    let number = crate::domain::id::TicketNumber(number);
    let label = context.locale.with("find-ticket-number", &[("number", &number.to_string())]);
    Some(row(Target::Ticket(number), label, String::new(), kind(context, "find-kind-ticket")))
}

//! Where a choice leads, as the text that dialogs answer with and sessions keep.

use crate::client::view::View;
use crate::console::action::{ACTIONS, Action};
use crate::domain::id::{ConversationId, PersonId, QueueId, SiteId, TicketNumber};

/// Somewhere to go, or something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Action(Action),
    Ticket(TicketNumber),
    Person(PersonId),
    Queue(QueueId),
    View(View),
    Site(SiteId),
    Conversation(ConversationId),
}

const VIEWS: [(&str, View); 6] = [
    ("mine", View::Mine),
    ("unassigned", View::Unassigned),
    ("breaching", View::Breaching),
    ("escalated", View::Escalated),
    ("all", View::All),
    ("solved", View::Solved),
];

impl Target {
    /// `person:0192…`; an action is its name alone.
    #[must_use]
    pub fn value(self) -> String {
        match self {
            Self::Action(action) => action.spec().name.to_owned(),
            Self::Ticket(number) => format!("ticket:{number}"),
            Self::Person(id) => format!("person:{id}"),
            Self::Queue(id) | Self::View(View::Queue(id)) => format!("queue:{id}"),
            Self::View(view) => {
                let name = VIEWS.iter().find(|(_, one)| *one == view).map_or("all", |(name, _)| name);
                format!("view:{name}")
            }
            Self::Site(id) => format!("site:{id}"),
            Self::Conversation(id) => format!("chat:{id}"),
        }
    }

    /// What [`Target::value`] wrote; absent for what nobody knows (any more).
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let Some((kind, of)) = value.split_once(':') else {
            return ACTIONS.iter().find(|spec| spec.name == value).map(|spec| Self::Action(spec.action));
        };
        match kind {
            "ticket" => of.parse().ok().map(Self::Ticket),
            "person" => of.parse().ok().map(Self::Person),
            "queue" => of.parse().ok().map(Self::Queue),
            "view" => VIEWS.iter().find(|(name, _)| *name == of).map(|(_, view)| Self::View(*view)),
            "site" => of.parse().ok().map(Self::Site),
            "chat" => of.parse().ok().map(Self::Conversation),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::testing::id;

    #[test]
    fn every_target_comes_back_from_its_value() {
        let places = [
            Target::Ticket(TicketNumber(1042)),
            Target::Person(id(1)),
            Target::Queue(id(2)),
            Target::Site(id(3)),
            Target::Conversation(id(4)),
        ];
        let views = VIEWS.map(|(_, view)| Target::View(view));
        let actions = ACTIONS.iter().map(|spec| Target::Action(spec.action));
        for target in places.into_iter().chain(views).chain(actions) {
            assert_eq!(Target::parse(&target.value()), Some(target), "{}", target.value());
        }
        for value in ["", "gone", "person:nobody", "view:none", "odd:1"] {
            assert_eq!(Target::parse(value), None);
        }
    }
}

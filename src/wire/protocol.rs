//! Which protocols a dutydesk speaks, how the two ends say so, and since when there is what.
//!
//! A client says in every request which protocol it speaks; the server says in every answer its own and the oldest that it still
//! speaks. Within that range both get on: rows, fields and words that the older one does not know are left out or passed over.
//! Beyond it, whoever notices says which of the two must be updated.
//!
//! Raise [`PROTOCOL`] with a new kind of row, a new word in a row that clients decide by, or anything that an older client could
//! misread; raise [`PROTOCOL_OLDEST`] only when what is older cannot be served any more.

use crate::domain::row::RowKind;

/// The protocol of this version.
pub const PROTOCOL: u32 = 2;
/// The oldest that this version gets on with, as a server and as a client.
pub const PROTOCOL_OLDEST: u32 = 1;
/// What a client speaks that does not say so: the first consoles, and programs that use plain resources.
pub const PROTOCOL_UNSAID: u32 = 1;
/// In requests `Dutydesk-Protocol: 2`; in answers `Dutydesk-Protocol: 2;oldest=1`.
pub const PROTOCOL_HEADER: &str = "dutydesk-protocol";

/// What one end speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub newest: u32,
    pub oldest: u32,
}

impl Spoken {
    pub const OURS: Self = Self { newest: PROTOCOL, oldest: PROTOCOL_OLDEST };

    /// As an answer's header.
    #[must_use]
    pub fn header(self) -> String {
        format!("{};oldest={}", self.newest, self.oldest)
    }

    /// Reads a header of either direction; without `oldest`, the one that is named is all there is. Other parameters are for newer
    /// versions.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let newest = parts.next()?.parse().ok()?;
        let oldest = parts.find_map(|part| part.strip_prefix("oldest=")).map_or(Some(newest), |oldest| oldest.parse().ok())?;
        Some(Self { newest, oldest })
    }
}

/// The protocol with which a kind of rows came: older clients are not sent it.
#[must_use]
pub fn since(kind: RowKind) -> u32 {
    match kind {
        RowKind::Person
        | RowKind::Queue
        | RowKind::AgentState
        | RowKind::Calendar
        | RowKind::Rota
        | RowKind::RosterPlan
        | RowKind::RosterChange
        | RowKind::Conversation
        | RowKind::ReadMark
        | RowKind::Escalation
        | RowKind::Notice
        | RowKind::Ticket
        | RowKind::Message
        | RowKind::Site
        | RowKind::Snippet
        | RowKind::NoticeSettings
        | RowKind::Reminder
        | RowKind::Handover => 1,
        // Consoles of protocol 1 are about as often without it as with it, and without it they stop syncing.
        RowKind::SavedView => 2,
    }
}

/// Whether a client of this protocol knows such rows.
#[must_use]
pub fn knows(protocol: u32, kind: RowKind) -> bool {
    since(kind) <= protocol
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_written_and_newer_ones_too() {
        assert_eq!(Spoken::parse(&Spoken::OURS.header()), Some(Spoken::OURS));
        assert_eq!(Spoken::parse("2"), Some(Spoken { newest: 2, oldest: 2 }));
        assert_eq!(Spoken::parse("9; shape=round; oldest=4"), Some(Spoken { newest: 9, oldest: 4 }));
        for wrong in ["", "two", "-1", "2;oldest=", "2;oldest=x", "99999999999"] {
            assert_eq!(Spoken::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_kind_came_with_a_protocol_that_there_is() {
        for kind in RowKind::ALL {
            assert!((1..=PROTOCOL).contains(&since(kind)), "{kind:?}");
        }
        const { assert!(PROTOCOL_OLDEST <= PROTOCOL && PROTOCOL_UNSAID <= PROTOCOL) };
    }
}

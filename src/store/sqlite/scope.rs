//! Which rows a person's console holds, in SQL. Mirrors [`access`](crate::domain::access): the contract suite compares the two.

use sqlx::{QueryBuilder, Sqlite};

use super::tables::table_name;
use crate::domain::Timestamp;
use crate::domain::access::{reads_tier, sees_all_queues};
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::store::audience::roster_changes_since;

/// Messages held of each channel and direct conversation.
const MESSAGES_HELD: i64 = 200;

/// Adds the condition that `viewer` may see the ticket `t`.
pub(super) fn push_visible(query: &mut QueryBuilder<Sqlite>, viewer: &Person) {
    if sees_all_queues(viewer) {
        query.push("1 = 1");
        return;
    }
    let me = viewer.id.to_string();
    query.push("(t.assignee = ").push_bind(me.clone());
    query.push(" OR EXISTS (SELECT 1 FROM ticket_people p WHERE p.ticket = t.number AND p.person = ").push_bind(me).push(")");
    if !viewer.queues.is_empty() {
        query.push(" OR t.queue IN (");
        let mut list = query.separated(", ");
        for queue in &viewer.queues {
            list.push_bind(queue.to_string());
        }
        query.push(")");
    }
    query.push(")");
}

/// Adds `FROM … WHERE …`: the rows of `kind` that `viewer`'s console holds at `now`, as `r` with `id` (`number` for tickets),
/// `version` and `data`. More conditions may follow with `AND`.
pub(super) fn push_held(query: &mut QueryBuilder<Sqlite>, viewer: &Person, kind: RowKind, now: Timestamp) {
    let me = viewer.id.to_string();
    match kind {
        RowKind::Person | RowKind::Queue | RowKind::AgentState | RowKind::Calendar | RowKind::Rota | RowKind::Site => {
            query.push(" FROM ").push(table_name(kind)).push(" r WHERE 1 = 1");
        }
        RowKind::RosterPlan => {
            query.push(" FROM roster_plans r WHERE r.ends_on >= ").push_bind(roster_changes_since(now).date_naive().to_string());
        }
        RowKind::RosterChange => {
            query.push(" FROM roster_changes r WHERE r.ends_at >= ").push_bind(roster_changes_since(now).timestamp_millis());
        }
        RowKind::Conversation => {
            query.push(" FROM conversations r WHERE ");
            push_admitted(query, viewer, "r");
        }
        RowKind::ReadMark => {
            query.push(" FROM read_marks r WHERE r.person = ").push_bind(me);
        }
        RowKind::Notice => {
            query.push(" FROM notices r WHERE r.is_read = 0 AND r.person = ").push_bind(me);
        }
        RowKind::Escalation => {
            query.push(" FROM escalations r JOIN tickets t ON t.number = r.ticket WHERE t.status <> 'closed' AND ");
            push_visible(query, viewer);
        }
        RowKind::Ticket => {
            query.push(" FROM (SELECT t.number AS id, t.version, t.data FROM tickets t WHERE t.status <> 'closed' AND ");
            push_visible(query, viewer);
            query.push(") r WHERE 1 = 1");
        }
        RowKind::Snippet => {
            query.push(" FROM snippets r WHERE (r.owner IS NULL OR r.owner = ").push_bind(me).push(")");
        }
        RowKind::NoticeSettings => {
            query.push(" FROM notice_settings r WHERE r.id = ").push_bind(me);
        }
        RowKind::Reminder => {
            query.push(" FROM reminders r WHERE r.fires_at IS NOT NULL AND r.person = ").push_bind(me);
        }
        RowKind::Handover => {
            query.push(" FROM handovers r WHERE r.ends_at >= ").push_bind(roster_changes_since(now).timestamp_millis());
            if !sees_all_queues(viewer) {
                query.push(" AND instr(r.readers, ").push_bind(me).push(") > 0");
            }
        }
        RowKind::SavedView => {
            query.push(" FROM saved_views r WHERE r.active = 1 AND (r.everybody = 1 OR r.owner = ").push_bind(me);
            if sees_all_queues(viewer) {
                query.push(" OR r.queue IS NOT NULL");
            } else if !viewer.queues.is_empty() {
                query.push(" OR r.queue IN (");
                let mut list = query.separated(", ");
                for queue in &viewer.queues {
                    list.push_bind(queue.to_string());
                }
                query.push(")");
            }
            query.push(")");
        }
        RowKind::Message => push_messages(query, viewer),
    }
}

/// Adds the condition that `viewer` is admitted to the conversation `name`, a ticket's own apart.
pub(super) fn push_admitted(query: &mut QueryBuilder<Sqlite>, viewer: &Person, name: &str) {
    let me = viewer.id.to_string();
    query.push(format!("({name}.everybody = 1 OR {name}.id IN (SELECT cm.conversation FROM conversation_members cm WHERE cm.person = "));
    query.push_bind(me).push(")");
    if sees_all_queues(viewer) {
        query.push(format!(" OR {name}.queue IS NOT NULL"));
    } else if !viewer.queues.is_empty() {
        query.push(format!(" OR {name}.queue IN ("));
        let mut list = query.separated(", ");
        for queue in &viewer.queues {
            list.push_bind(queue.to_string());
        }
        query.push(")");
    }
    query.push(")");
}

/// The highest tier whose messages `viewer` reads.
pub(super) fn highest_tier(viewer: &Person) -> i64 {
    let all = reads_tier(viewer, u8::MAX);
    i64::from(if all { u8::MAX } else { viewer.tier.max(1) })
}

/// The last messages of the channels and direct conversations one is admitted to, and all of the unsolved tickets one works on, those
/// for higher tiers apart.
fn push_messages(query: &mut QueryBuilder<Sqlite>, viewer: &Person) {
    let (me, tier) = (viewer.id.to_string(), highest_tier(viewer));
    query.push(
        " FROM (SELECT m.id, m.version, m.data FROM conversations c JOIN messages m ON m.conversation = c.id AND m.seq > c.last_seq - ",
    );
    query.push_bind(MESSAGES_HELD);
    query.push(" WHERE c.kind <> 'escalation' AND m.tier <= ").push_bind(tier).push(" AND ");
    push_admitted(query, viewer, "c");
    query.push(
        " UNION ALL SELECT m.id, m.version, m.data FROM tickets t JOIN messages m ON m.conversation = t.conversation \
         WHERE t.status NOT IN ('solved', 'closed') AND m.tier <= ",
    );
    query.push_bind(tier).push(" AND t.number IN (SELECT w.number FROM tickets w WHERE w.assignee = ");
    query.push_bind(me.clone());
    query.push(" UNION SELECT p.ticket FROM ticket_people p WHERE p.person = ").push_bind(me).push(")) r WHERE 1 = 1");
}

//! For tests: a desk whose every text is hostile, whose answers come when they like and whose server fails with words of its own.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::Duration;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{broadcast, watch};

use super::DeskHandle;
use super::effect::{Load, Loaded};
use super::testing::{FakeDesk, id, message, now, ticket};
use crate::client::drafts::Draft;
use crate::client::here::Everybody;
use crate::client::view::{Changed, ConversationDetail, ConversationItem, LinkStatus, TicketWindow};
use crate::domain::command::Command;
use crate::domain::conversation::{Author, Conversation, ConversationKind, Visibility};
use crate::domain::directory::Directory;
use crate::domain::here::{Doing, Here};
use crate::domain::id::{CommandKey, PersonId, RequesterId, SiteId, TicketNumber};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::person::{AgentState, Person};
use crate::domain::ticket::SiteBrief;

/// What people and programs put into texts to see what happens. Lone surrogates and bytes that are no UTF-8 arrive as U+FFFD:
/// nothing else can be in a `String`.
pub const HOSTILE: &[&str] = &[
    "\x1b[2J\x1b[H\x1b]0;owned\x07\x1b]2;owned\x1b\\\x1b[?1049l\x1b[?25h\x1b[?2004l",
    "\u{9b}2J\u{9d}0;owned\u{9c}\u{90}q\u{9c}\u{84}\u{85}\u{8d}",
    "\x1b]52;c;b3duZWQ=\x07\x1bPtmux;\x1b\x1b]52;c;b3duZWQ=\x07\x1b\\\x1b]8;;http://x\x1b\\x\x1b]8;;\x1b\\",
    "\x1bP$q\"p\x1b\\\x1b[c\x1b[6n\x1b[5n\x1b[>0q\x1b_Gf=24;AAAA\x1b\\\x1bc\x1b#8\x1b(0lqk\x0e\x0f",
    "nul\0bell\x07back\x08\x08\x08tab\tvt\x0bff\x0ccr\rdel\x7fsub\x1aesc\x1b",
    "line\nbreak\r\nand\u{2028}more\u{2029}end\u{85}",
    "\u{202e}gnp.exe\u{202c} \u{2066}isolate\u{2069} \u{200f}mark\u{200e} \u{202d}over\u{202c}",
    "zero\u{200b}width\u{200c}\u{200d}\u{2060}\u{feff}joined\u{ad}soft",
    "z\u{335}\u{334}\u{353}\u{359}\u{31a}\u{306}\u{301}\u{302}\u{303}\u{304}a\u{337}\u{321}\u{32d}\u{34e}l\u{336}\u{32b}go\u{488}\u{489}",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈 👍🏽 1\u{fe0f}\u{20e3} ⚠\u{fe0f} 🇨🇳🇨 ❤\u{fe0f}\u{200d}🔥 ⌚\u{fe0e}",
    "עברית العربية فارسی‎ mixed 中文 ﷽ ﷺ",
    "ᄀ\u{1161}\u{11a8} 각 ｶﾞ ㌀ 𠮷 ꧁꧂ क\u{94d}ष \u{e01}\u{e33} \u{f3f}",
    "\u{fffd}\u{fffe}\u{ffff}\u{10ffff}\u{e000}\u{f8ff}\u{e0041}\u{e007f}\u{1d173}\u{fff9}a\u{fffb}",
    "│┌─┐└┘ ▌█ “…” ①",
    "加油机无法启动显示屏一直闪烁加油机无法启动显示屏一直闪烁加油机无法启动显示屏一直闪烁加油机无法启动显示屏一直闪烁加油机无法启动",
    "{ $n } {{x}} %s %n \\x1b[2J &lt;b&gt; ${jndi:ldap://x} '; DROP TABLE ticket; --",
    "",
];

/// A text without a single place to break.
pub fn long() -> String {
    format!("{}{}", "x".repeat(9_000), "宽".repeat(3_000))
}

/// `row` with every text of it replaced that may be any text.
pub fn poisoned<T: Serialize + DeserializeOwned>(row: &T, text: &str) -> T {
    let mut value = serde_json::to_value(row).unwrap();
    let mut paths = Vec::new();
    collect(&value, &mut Vec::new(), &mut paths);
    for path in paths {
        let Some(place) = find(&mut value, &path) else { continue };
        let before = std::mem::replace(place, Value::String(text.to_owned()));
        // Ids, instants and words with a meaning are not any text.
        if serde_json::from_value::<T>(value.clone()).is_err()
            && let Some(place) = find(&mut value, &path)
        {
            *place = before;
        }
    }
    serde_json::from_value(value).unwrap()
}

fn collect(value: &Value, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let mut into = |step: String, inner: &Value| {
        path.push(step);
        collect(inner, path, paths);
        path.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, inner)| into(n.to_string(), inner)),
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| into(name.clone(), inner)),
        Value::String(_) => paths.push(path.clone()),
        _ => {}
    }
}

fn find<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        Value::Object(fields) => fields.get_mut(step),
        _ => None,
    })
}

/// A desk over a [`FakeDesk`].
pub struct Wild {
    pub inner: Arc<FakeDesk>,
    text: String,
    rng: Mutex<StdRng>,
}

impl Wild {
    /// Every text is `text`; `seed` decides how late answers are.
    pub fn new(count: i64, text: &str, seed: u64) -> Arc<Self> {
        let inner = FakeDesk::made(count, |directory, _| {
            for person in directory.people.values_mut() {
                *person = poisoned(person, text);
            }
            for queue in directory.queues.values_mut() {
                *queue = poisoned(queue, text);
            }
            for rota in directory.rotas.values_mut() {
                *rota = poisoned(rota, text);
            }
        });
        *inner.tickets.lock().unwrap() = (1..=count).map(|n| Arc::new(wild_ticket(n, text))).collect();
        let requester = Author::Requester { id: RequesterId::default(), name: text.into() };
        let authors = [requester, Author::Person { id: id(2) }, Author::System];
        *inner.replies.lock().unwrap() = (110..116u128)
            .map(|n| {
                let author = authors[usize::try_from(n).unwrap() % 3].clone();
                let visibility = if n % 2 == 0 { Visibility::Public } else { Visibility::Internal };
                let mut said = crate::domain::conversation::Message::clone(&message(n, author, visibility, text));
                said.reactions = BTreeMap::from([(text.to_owned(), vec![id(2)])]);
                said.reply_to = (n > 110).then(|| id(n - 1));
                Arc::new(said)
            })
            .collect();
        *inner.conversations.lock().unwrap() = [ConversationKind::Channel, ConversationKind::Direct, ConversationKind::Escalation]
            .into_iter()
            .zip(1..)
            .map(|(kind, n)| conversation(n, kind, text))
            .collect();
        *inner.notices.lock().unwrap() = vec![Notice {
            id: id(1),
            version: 1,
            person: id(1),
            kind: NoticeKind::Assigned,
            ticket: Some(TicketNumber(1)),
            conversation: None,
            at: now(),
            read: false,
        }];
        inner.here.lock().unwrap().insert(TicketNumber(1), vec![Here { person: id(2), doing: Doing::Typing }]);
        *inner.briefing.lock().unwrap() = Some(Arc::new(poisoned(&super::call_tests::briefing(), text)));
        *inner.calls.lock().unwrap() =
            vec![poisoned(&super::call_tests::call(1, 1, 1, 2, crate::domain::escalation::EscalationState::Asked), text)];
        Arc::new(Self { inner, text: text.to_owned(), rng: Mutex::new(StdRng::seed_from_u64(seed)) })
    }

    /// Something changes on the desk, decided by `n`.
    pub fn stir(&self, n: u64) {
        match n % 6 {
            0 => self.inner.change(|tickets| tickets.insert(0, Arc::new(wild_ticket(1_000 + i64::try_from(n % 500).unwrap(), &self.text)))),
            1 => self.inner.change(|tickets| {
                if tickets.len() > 3 {
                    tickets.remove(usize::try_from(n).unwrap() % tickets.len());
                }
            }),
            2 => self.inner.link.send_modify(|status| {
                status.link = crate::client::view::Link::Offline { since: now() - Duration::minutes(4), why: self.text.clone() };
            }),
            3 => self.inner.link.send_modify(|status| status.link = crate::client::view::Link::Live),
            4 => self.inner.call(|calls| calls.iter_mut().for_each(|call| call.accept_by = Some(now() + Duration::seconds(30)))),
            _ => self.inner.meet(|here| {
                here.insert(TicketNumber(2), vec![Here { person: id(3), doing: Doing::Viewing }]);
            }),
        }
    }
}

fn wild_ticket(number: i64, text: &str) -> crate::domain::ticket::Ticket {
    let mut one = ticket(number, "x");
    one.fields = BTreeMap::from([("pump".to_owned(), text.into()), (text.to_owned(), text.into())]);
    let site = SiteBrief { id: SiteId::default(), code: "c".into(), name: "n".into(), region: "r".into() };
    (one.requester.site, one.requester.class) = (Some(site), Some("vip".into()));
    (one.external, one.language) = (None, Some("en".into()));
    poisoned(&one, text)
}

fn conversation(n: u128, kind: ConversationKind, text: &str) -> ConversationItem {
    let conversation = Conversation {
        id: id(600 + n),
        version: 1,
        kind,
        title: text.into(),
        topic: Some(text.into()),
        ticket: None,
        queue: None,
        incident: None,
        region: Some(text.into()),
        members: vec![id(1), id(2)],
        last_seq: 16,
        last_message_at: Some(now()),
        created_at: now(),
    };
    ConversationItem { conversation: Arc::new(conversation), unread: 2, muted: false, mentioned: true, last: None }
}

#[async_trait]
impl DeskHandle for Wild {
    async fn load(&self, load: Load) -> Loaded {
        let late = self.rng.lock().unwrap().random_range(0..4);
        for _ in 0..late {
            tokio::task::yield_now().await;
        }
        let failed = || self.text.clone();
        match load {
            Load::Conversation(id) => {
                let items = self.inner.conversations.lock().unwrap().clone();
                let detail = items.into_iter().find(|item| item.conversation.id == id).map(|item| {
                    let replies = self.inner.replies.lock().unwrap().clone();
                    let messages = replies.iter().map(|said| {
                        Arc::new(crate::domain::conversation::Message {
                            conversation: id,
                            ticket: None,
                            ..crate::domain::conversation::Message::clone(said)
                        })
                    });
                    let messages = messages.collect();
                    let conversation = item.conversation;
                    Arc::new(ConversationDetail { conversation, messages, complete: true, older: true, read_seq: 12, muted: false })
                });
                Loaded::Conversation { id, detail }
            }
            Load::Pool { queue, .. } => {
                let rows = self.inner.tickets.lock().unwrap().iter().take(5).cloned().collect::<Vec<_>>();
                Loaded::Pool { queue, window: TicketWindow { start: 0, total: rows.len(), rows } }
            }
            Load::Timeline(number) => Loaded::Timeline { number, entries: Err(failed()) },
            Load::WhoNow(number) => Loaded::WhoNow { number, decision: Err(failed()) },
            Load::Rebalance(queue) => Loaded::Rebalance { queue, moves: Err(failed()) },
            Load::Roster { .. } => Loaded::Roster(Err(failed())),
            Load::Incidents => Loaded::Incidents(Err(failed())),
            Load::Edits(_) => Loaded::Edits(Err(failed())),
            Load::StatusLink(number) => Loaded::StatusLink { number, url: Ok(failed()) },
            other => self.inner.load(other).await,
        }
    }

    async fn submit(&self, command: Command, base_version: Option<i64>) -> Result<CommandKey, String> {
        if self.rng.lock().unwrap().random_range(0..8) == 0 {
            return Err(self.text.clone());
        }
        self.inner.submit(command, base_version).await
    }
    async fn submit_all(&self, commands: Vec<(Command, Option<i64>)>) -> Result<Vec<CommandKey>, String> {
        self.inner.submit_all(commands).await
    }
    async fn retry(&self, key: CommandKey) -> Result<(), String> {
        self.inner.retry(key).await
    }
    async fn drop_refused(&self, key: CommandKey) -> Result<(), String> {
        self.inner.drop_refused(key).await
    }
    async fn resend(&self, refused: CommandKey, command: Command) -> Result<(), String> {
        self.inner.resend(refused, command).await
    }
    async fn rewrite(&self, refused: CommandKey, command: Command) -> Result<(), String> {
        self.inner.rewrite(refused, command).await
    }
    async fn keep_drafts(&self, drafts: Vec<Draft>) -> Result<(), String> {
        self.inner.keep_drafts(drafts).await
    }
    fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.inner.changes()
    }
    fn link(&self) -> watch::Receiver<LinkStatus> {
        self.inner.link.subscribe()
    }
    fn directory(&self) -> Arc<Directory> {
        self.inner.directory()
    }
    fn here(&self) -> Arc<Everybody> {
        self.inner.here()
    }
    fn be_here(&self, at: Option<(TicketNumber, Doing)>) {
        self.inner.be_here(at);
    }
    fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>> {
        self.inner.agent_states()
    }
    fn me(&self) -> Person {
        poisoned(&self.inner.me(), &self.text)
    }
}

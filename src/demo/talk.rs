//! What the desk said to itself before anybody looked: channels and direct conversations.

use chrono::{DateTime, Duration, Utc};
use rand::RngExt;
use rand::rngs::StdRng;

use super::content::Content;
use super::fill::Variables;
use super::seed::{id_for, pick, rng_for};
use crate::domain::conversation::{Author, Conversation, ConversationKind, Message};
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Role};
use crate::domain::requester::Site;

/// A conversation with its messages, oldest first, `seq` from 1.
#[derive(Clone, Debug)]
pub struct SampleConversation {
    pub conversation: Conversation,
    pub messages: Vec<Message>,
}

/// Channels first, in the order of the content, then direct conversations.
pub(super) fn generate(content: &Content, seed: u64, people: &[Person], sites: &[Site], now: DateTime<Utc>) -> Vec<SampleConversation> {
    let speakers: Vec<&Person> = people.iter().filter(|person| person.role != Role::Viewer).collect();
    let mut conversations = Vec::new();
    for channel in &content.phrases.channel {
        let index = conversations.len() as u64;
        let mut rng = rng_for(seed, "channel", index);
        let lines = channel.lines.iter().map(|line| {
            let author = pick(&mut rng, &speakers).id;
            (author, fill_line(content, line, sites, &mut rng))
        });
        let lines: Vec<_> = lines.collect();
        let mut sample = converse(seed, index, lines, now);
        sample.conversation.kind = ConversationKind::Channel;
        sample.conversation.title.clone_from(&channel.title);
        sample.conversation.topic = Some(channel.topic.clone());
        conversations.push(sample);
    }
    for exchange in &content.phrases.direct {
        let index = conversations.len() as u64;
        let mut rng = rng_for(seed, "direct", index);
        let first = rng.random_range(0..speakers.len());
        let pair = [speakers[first].id, speakers[(first + rng.random_range(1..speakers.len())) % speakers.len()].id];
        let lines: Vec<_> =
            exchange.iter().enumerate().map(|(turn, line)| (pair[turn % 2], fill_line(content, line, sites, &mut rng))).collect();
        let mut sample = converse(seed, index, lines, now);
        sample.conversation.members = pair.to_vec();
        conversations.push(sample);
    }
    conversations
}

/// A line of a channel with its variables filled.
pub(super) fn fill_line(content: &Content, line: &str, sites: &[Site], rng: &mut StdRng) -> String {
    let site = pick(rng, sites);
    let mut variables = Variables::default();
    variables.set("site", site.name.as_str());
    variables.set("region", site.region.as_str());
    variables.set("number", rng.random_range(1..400).to_string());
    variables.set("count", rng.random_range(3..30).to_string());
    variables.set("minutes", rng.random_range(8..50).to_string());
    variables.set("supplier", pick(rng, &content.words.suppliers).as_str());
    variables.set("courier", pick(rng, &content.words.couriers).as_str());
    variables.fill(line)
}

/// A direct conversation of these lines, spread over the last hours before `now`.
fn converse(seed: u64, index: u64, lines: Vec<(PersonId, String)>, now: DateTime<Utc>) -> SampleConversation {
    let mut rng = rng_for(seed, "lines", index);
    let id = id_for(seed, "conversation", index).into();
    // Backwards from the last line, some minutes each, so that all lie before `now`.
    let mut at = now - Duration::minutes(rng.random_range(2..20));
    let mut messages = Vec::with_capacity(lines.len());
    let count = lines.len();
    for (place, (author, text)) in lines.into_iter().enumerate().rev() {
        let seq = i64::try_from(place + 1).unwrap_or_default();
        let line = id_for(seed, "line", index * 1_000 + place as u64).into();
        messages.push(Message::new(line, id, seq, Author::Person { id: author }, text, at));
        at -= Duration::seconds(rng.random_range(40..2_400));
    }
    messages.reverse();
    let conversation = Conversation {
        id,
        version: 1,
        kind: ConversationKind::Direct,
        title: String::new(),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: Vec::new(),
        last_seq: i64::try_from(count).unwrap_or_default(),
        last_message_at: messages.last().map(|message| message.created_at),
        created_at: now - Duration::days(30),
    };
    SampleConversation { conversation, messages }
}

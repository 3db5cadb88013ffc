//! Filling an empty desk: directory, intake, tickets and what was said, each over HTTP.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};

use super::{Colleagues, DriveError};
use crate::base::clock::new_id;
use crate::client::api::{Api, ApiError, Retry};
use crate::demo::{SampleConversation, SampleDesk};
use crate::domain::command::{Command, CreateConversation, MessageTarget, PostMessage, Submission};
use crate::domain::conversation::{Author, ConversationKind, Visibility};
use crate::domain::id::PersonId;
use crate::domain::person::Role;
use crate::domain::queue::Queue;
use crate::domain::sla::policy::SlaPolicy;
use crate::wire::command::Answers;

/// Tickets of one call.
const CHUNK: usize = 500;
/// Up to this many tickets go one call after the other, so that the same seed gives them the same numbers.
const IN_ORDER_MAX: usize = 10_000;
const ATTEMPTS: u32 = 8;
/// Conversations filled at once.
const CONVERSATIONS_AT_ONCE: usize = 4;

/// Brings the whole sample desk to the server of `api`, which is an admin's. `token_for` is asked once for each of the
/// desk's people, after they exist; `progress` is told how many tickets are in.
///
/// # Errors
/// When the server does not answer, or refuses something.
pub async fn fill(
    api: &Api,
    desk: &SampleDesk,
    token_for: impl AsyncFn(PersonId) -> Option<String>,
    progress: impl Fn(u64),
) -> Result<Colleagues, DriveError> {
    people(api, desk).await?;
    let colleagues = Colleagues::new(api.base(), desk, token_for).await?;
    let opener = desk.people.iter().find(|person| person.role == Role::Admin).map(|person| person.id);
    futures::stream::iter(&desk.conversations)
        .map(|sample| converse(&colleagues, sample, opener))
        .buffer_unordered(CONVERSATIONS_AT_ONCE)
        .try_collect::<()>()
        .await?;
    directory(api, desk).await?;
    tickets(api, desk, progress).await?;
    Ok(colleagues)
}

/// Queues and people name each other, and policies name channels that people open: queues come first without either.
async fn people(api: &Api, desk: &SampleDesk) -> Result<(), DriveError> {
    let leaderless = |queue: &Queue| Command::PutQueue(Box::new(Queue { lead: None, sla: SlaPolicy::default(), ..queue.clone() }));
    put(api, desk.calendars.iter().map(|calendar| Command::PutCalendar(Box::new(calendar.clone())))).await?;
    put(api, desk.queues.iter().map(leaderless)).await?;
    put(api, desk.people.iter().map(|person| Command::PutPerson(Box::new(person.clone())))).await
}

async fn directory(api: &Api, desk: &SampleDesk) -> Result<(), DriveError> {
    put(api, desk.queues.iter().map(|queue| Command::PutQueue(Box::new(queue.clone())))).await?;
    put(api, desk.sites.iter().map(|site| Command::PutSite(site.clone()))).await?;
    put(api, desk.rotas.iter().map(|rota| Command::PutRota(Box::new(rota.clone())))).await?;
    put(api, desk.snippets.iter().map(|snippet| Command::PutSnippet(Box::new(snippet.clone())))).await?;
    put(api, desk.roster_changes.iter().map(|change| Command::PutRosterChange(change.clone()))).await?;
    put(api, desk.intake.iter().map(|(channel, _)| Command::PutIntakeChannel(channel.clone()))).await
}

async fn put(api: &Api, commands: impl Iterator<Item = Command>) -> Result<(), DriveError> {
    let mut name = "";
    let (lines, _) = encode(commands.inspect(|command| name = command.name()))?;
    done(name, import(api, lines).await?)
}

/// One submission a line, and how many.
fn encode(commands: impl Iterator<Item = Command>) -> Result<(Bytes, u64), DriveError> {
    let mut lines = Vec::new();
    let mut count = 0;
    for command in commands {
        serde_json::to_writer(&mut lines, &Submission { key: new_id().into(), base_version: None, expires_at: None, command })?;
        lines.push(b'\n');
        count += 1;
    }
    Ok((lines.into(), count))
}

fn done(command: &'static str, answers: Answers) -> Result<(), DriveError> {
    match answers.answers.into_iter().find_map(|answer| answer.refusal) {
        Some(refusal) => Err(DriveError::Refused { command, refusal: Box::new(refusal) }),
        None => Ok(()),
    }
}

/// Tries again while the server is busy: the keys make it safe.
async fn import(api: &Api, lines: Bytes) -> Result<Answers, ApiError> {
    for attempt in 1..ATTEMPTS {
        match api.import(lines.clone()).await {
            Err(error) => match error.retry() {
                Retry::After(wait) => tokio::time::sleep(wait.max(std::time::Duration::from_millis(50) * 2_u32.pow(attempt))).await,
                Retry::Never | Retry::AfterSignIn | Retry::AfterUpdate => return Err(error),
            },
            done => return done,
        }
    }
    api.import(lines).await
}

/// The next chunk is made and encoded while the server works on the last.
async fn tickets(api: &Api, desk: &SampleDesk, progress: impl Fn(u64)) -> Result<(), DriveError> {
    let mut tickets = desk.tickets();
    let chunks = std::iter::from_fn(|| {
        let chunk = encode(tickets.by_ref().take(CHUNK).map(|ticket| Command::ImportTicket(Box::new(ticket))));
        (!matches!(chunk, Ok((_, 0)))).then_some(chunk)
    });
    let at_once = if desk.ticket_count > IN_ORDER_MAX { 2 } else { 1 };
    let mut answers = futures::stream::iter(chunks)
        .map(async |chunk| {
            let (lines, count) = chunk?;
            done("import_ticket", import(api, lines).await?)?;
            Ok::<u64, DriveError>(count)
        })
        .buffered(at_once);
    let mut total = 0;
    while let Some(count) = answers.try_next().await? {
        total += count;
        progress(total);
    }
    Ok(())
}

/// Opens a conversation and says its lines in order, each by who said it.
async fn converse(colleagues: &Colleagues, sample: &SampleConversation, opener: Option<PersonId>) -> Result<(), DriveError> {
    let conversation = &sample.conversation;
    let opener = match conversation.kind {
        ConversationKind::Channel => opener,
        _ => conversation.members.first().copied(),
    };
    let Some(opener) = opener else { return Ok(()) };
    let create = Command::CreateConversation(Box::new(CreateConversation::new(
        conversation.id,
        conversation.kind,
        conversation.title.clone(),
        conversation.members.clone(),
    )));
    colleagues.command(opener, create).await?;
    for line in &sample.messages {
        let Author::Person { id } = line.author else { continue };
        let post = PostMessage {
            target: MessageTarget::Conversation { id: conversation.id },
            message: line.id,
            visibility: Visibility::Internal,
            reply_to: None,
            files: Vec::new(),
            seen: None,
            text: line.text.clone(),
            status: None,
        };
        colleagues.command(id, Command::PostMessage(Box::new(post))).await?;
    }
    Ok(())
}

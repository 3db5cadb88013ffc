//! `dutydesk person`.

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::Global;
use super::error::{CliError, Kind};
use super::names;
use super::secret;
use super::submit::submit;
use super::words::{local, word, word_of};
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::person::{AgentState, Person, Presence, Role};
use crate::wire::list::Items;
use crate::wire::session::SetPassword;

/// The people of the desk.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List people by handle.
    List {
        /// Those who work in this queue.
        #[arg(long, value_name = "KEY")]
        queue: Option<String>,
        /// Also those who left.
        #[arg(long)]
        all: bool,
    },
    /// Show everybody's presence and load, or set your own.
    Presence {
        /// available, busy, away or offline.
        #[arg(value_parser = word::<Presence>)]
        presence: Option<Presence>,
    },
    /// Set a password: your own, or as an administrator anybody's.
    Password {
        /// A handle; your own when absent.
        handle: Option<String>,
        /// Read from stdin: the new password, before it your current one on a line of its own if you set your own.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Add a person; administrators.
    Create(Box<Create>),
}

#[derive(Debug, clap::Args)]
struct Create {
    handle: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// viewer, agent, expert, lead or admin.
    #[arg(long, default_value = "agent", value_parser = word::<Role>)]
    role: Role,
    /// 1, 2 or 3.
    #[arg(long, default_value_t = 1)]
    tier: u8,
    /// A queue's key; may be given many times.
    #[arg(long, value_name = "KEY")]
    queue: Vec<String>,
    /// Tickets they can hold at once.
    #[arg(long, default_value_t = 8)]
    capacity: u32,
    /// An IANA name, such as Asia/Shanghai.
    #[arg(long, default_value = "UTC", value_name = "ZONE")]
    time_zone: String,
    #[arg(long)]
    email: Option<String>,
    #[arg(long)]
    region: Option<String>,
    /// A language they answer in, best first; may be given many times.
    #[arg(long, value_name = "TAG")]
    speaks: Vec<String>,
    /// Read a first password from stdin.
    #[arg(long)]
    password_stdin: bool,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List { queue, all } => list(&api, queue, all, global).await,
        Act::Presence { presence: Some(presence) } => {
            let result = submit(&api, None, Command::SetPresence { presence }).await?;
            global.out.done(&result, &format!("You are {}.", word_of(&presence)))
        }
        Act::Presence { presence: None } => presences(&api, global).await,
        Act::Password { handle, password_stdin } => password(&api, handle, password_stdin, global).await,
        Act::Create(args) => create(&api, *args, global).await,
    }
}

async fn list(api: &Api, queue: Option<String>, all: bool, global: &Global) -> Result<(), CliError> {
    let mut people = names::people(api).await?;
    people.retain(|person| all || person.active);
    if let Some(key) = queue {
        let queue = names::queue(api, &key).await?.id;
        people.retain(|person| person.queues.contains(&queue));
    }
    let queues = if global.json { Vec::new() } else { names::queues(api).await? };
    global.out.list(&people, &["HANDLE", "NAME", "ROLE", "TIER", "CAPACITY", "ZONE", "QUEUES"], |person| {
        vec![
            person.handle.clone(),
            person.name.clone(),
            word_of(&person.role),
            person.tier.to_string(),
            person.capacity.to_string(),
            person.time_zone.clone(),
            person.queues.iter().map(|id| names::key_of(&queues, *id)).collect::<Vec<_>>().join(","),
        ]
    })
}

async fn presences(api: &Api, global: &Global) -> Result<(), CliError> {
    let states = api.get::<Items<AgentState>>("/api/v1/agent-states").await?.items;
    let people = if global.json { Vec::new() } else { names::people(api).await? };
    global.out.list(&states, &["HANDLE", "PRESENCE", "SINCE", "OPEN"], |state| {
        vec![names::handle_of(&people, state.person), word_of(&state.presence), local(state.since), state.open_tickets.to_string()]
    })
}

async fn password(api: &Api, handle: Option<String>, from_stdin: bool, global: &Global) -> Result<(), CliError> {
    let me = names::me(api).await?;
    let person = match handle {
        Some(handle) => names::person(api, &handle).await?,
        None => me.clone(),
    };
    let current = if person.id == me.id { Some(secret::ask("Current password: ", from_stdin)?) } else { None };
    let new = secret::ask_twice(&format!("New password of {}: ", person.handle), from_stdin)?;
    set_password(api, &person, &SetPassword { current, new }).await?;
    global.out.done(&json!({ "handle": person.handle }), &format!("The password of {} is set.", person.handle))
}

async fn set_password(api: &Api, person: &Person, body: &SetPassword) -> Result<(), CliError> {
    Ok(api.call(Method::PUT, &format!("/api/v1/people/{}/password", person.id), body).await?)
}

async fn create(api: &Api, args: Create, global: &Global) -> Result<(), CliError> {
    let taken = names::people(api).await?.into_iter().any(|person| person.handle == args.handle);
    if taken {
        let why = format!("The handle {:?} is taken: choose another.", args.handle);
        return Err(CliError::new(Kind::Conflict, "taken", why));
    }
    let password = if args.password_stdin { Some(secret::ask("", true)?) } else { None };
    let mut queues = Vec::with_capacity(args.queue.len());
    for key in &args.queue {
        queues.push(names::queue(api, key).await?.id);
    }
    let mut person = Person {
        id: new_id().into(),
        version: 0,
        handle: args.handle,
        name: args.name,
        role: args.role,
        tier: args.tier,
        skills: Vec::new(),
        languages: args.speaks,
        capacity: args.capacity,
        time_zone: args.time_zone,
        email: args.email,
        region: args.region,
        queues,
        active: true,
    };
    submit(api, None, Command::PutPerson(Box::new(person.clone()))).await?;
    person.version = 1;
    let handle = person.handle.clone();
    let hint = match password {
        Some(new) => {
            set_password(api, &person, &SetPassword { current: None, new }).await?;
            "They can sign in.".to_owned()
        }
        None => format!("Give them a password with `dutydesk person password {handle}`."),
    };
    global.out.done(&person, &format!("{handle} is added. {hint}"))
}

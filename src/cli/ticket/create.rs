//! `dutydesk ticket create`.

use crate::base::clock::new_id;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::submit::{submit, text_or_stdin};
use crate::cli::words::{pair, word};
use crate::domain::command::{Command, CreateTicket, RequesterInput};
use crate::domain::ticket::{Kind, Priority};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A queue's key.
    #[arg(long, value_name = "KEY")]
    queue: String,
    /// The text's first line when absent.
    #[arg(long, default_value = "")]
    subject: String,
    /// What the requester says; from stdin when absent or `-`.
    text: Option<String>,
    /// The requester's id in the system they come from; found or created by it.
    #[arg(long, value_name = "ID")]
    requester: String,
    /// The requester's name.
    #[arg(long)]
    name: Option<String>,
    #[arg(long)]
    email: Option<String>,
    #[arg(long)]
    phone: Option<String>,
    /// customer, supplier, site, employee, or a word of your own.
    #[arg(long)]
    class: Option<String>,
    /// The code of the requester's site.
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// The language the requester writes in, such as zh-CN.
    #[arg(long, value_name = "TAG")]
    requester_language: Option<String>,
    /// question, complaint, exception, incident or feedback.
    #[arg(long, value_parser = word::<Kind>)]
    kind: Option<Kind>,
    /// urgent, high, normal or low.
    #[arg(long, value_parser = word::<Priority>)]
    priority: Option<Priority>,
    /// May be given many times.
    #[arg(long)]
    tag: Vec<String>,
    /// May be given many times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    field: Vec<(String, String)>,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let queue = names::queue(&api, &args.queue).await?.id;
    let requester = RequesterInput {
        external: args.requester,
        name: args.name,
        email: args.email,
        phone: args.phone,
        class: args.class,
        site: args.site,
        language: args.requester_language,
    };
    let ticket = CreateTicket {
        queue,
        subject: args.subject,
        text: text_or_stdin(args.text)?,
        message: new_id().into(),
        requester,
        kind: args.kind.unwrap_or_default(),
        priority: args.priority.unwrap_or_default(),
        tags: args.tag,
        fields: args.field.into_iter().map(|(name, value)| (name, value.into())).collect(),
    };
    let result = submit(&api, None, Command::CreateTicket(Box::new(ticket))).await?;
    let number = result.ticket.map(|number| format!("#{number}")).unwrap_or_default();
    global.out.done(&result, &format!("Ticket {number} is open."))
}

//! `dutydesk requester`.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names::with_query;
use super::words::local;
use crate::client::api::Api;
use crate::domain::id::RequesterId;
use crate::domain::requester::Requester;
use crate::domain::suggest;
use crate::wire::list::Items;

/// Those who ask.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Search requesters, at most 100.
    List {
        /// Part of the name, external id, e-mail address or phone number.
        search: Option<String>,
    },
    /// Show one requester.
    Show {
        /// Their id here, or in the system they come from.
        requester: String,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    match args.act {
        Act::List { search } => {
            let found = find(&api, search).await?;
            global.out.list(&found, &["EXTERNAL", "NAME", "CLASS", "EMAIL", "PHONE"], |one| {
                vec![one.external.clone(), one.name.clone(), one.class.clone(), optional(&one.email), optional(&one.phone)]
            })
        }
        Act::Show { requester } => {
            let one = show(&api, &requester).await?;
            let fields = [
                ("id", one.id.to_string()),
                ("external", one.external.clone()),
                ("name", one.name.clone()),
                ("class", one.class.clone()),
                ("email", one.email.clone().unwrap_or_default()),
                ("phone", one.phone.clone().unwrap_or_default()),
                ("language", one.language.clone().unwrap_or_default()),
                ("since", local(one.created_at)),
            ];
            global.out.record(&one, &fields)
        }
    }
}

async fn find(api: &Api, search: Option<String>) -> Result<Vec<Requester>, CliError> {
    Ok(api.get::<Items<Requester>>(&with_query("/api/v1/requesters", &[("q", search)])).await?.items)
}

async fn show(api: &Api, typed: &str) -> Result<Requester, CliError> {
    if let Ok(id) = typed.parse::<RequesterId>() {
        return Ok(api.get(&format!("/api/v1/requesters/{id}")).await?);
    }
    let mut found = find(api, Some(typed.to_owned())).await?;
    match found.iter().position(|one| one.external == typed) {
        Some(at) => Ok(found.swap_remove(at)),
        None => {
            let near = suggest::near(typed, found.iter().map(|one| one.external.as_str()));
            Err(CliError::not_found(format!("There is no requester {typed:?}: search with `dutydesk requester list WORDS`.{near}")))
        }
    }
}

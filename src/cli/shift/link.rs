//! Addresses under which calendar programs read shifts.

use serde_json::json;

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::client::api::Api;
use crate::client::duty::{make_calendar_link, revoke_calendar_links};

pub(super) async fn make(api: &Api, rota: Option<String>, global: &Global) -> Result<(), CliError> {
    if let Some(key) = &rota {
        names::rota(api, key).await?;
    }
    let url = make_calendar_link(api, rota.as_deref()).await?;
    global.out.note("Whoever has this address reads the shifts. It is shown once; withdraw it with --revoke.");
    global.out.done(&json!({ "url": url }), &url)
}

pub(super) async fn revoke(api: &Api, rota: Option<String>, global: &Global) -> Result<(), CliError> {
    if let Some(key) = &rota {
        names::rota(api, key).await?;
    }
    let revoked = revoke_calendar_links(api, rota.as_deref()).await?;
    let sentence = match revoked {
        0 => "There was no address to withdraw.".to_owned(),
        1 => "The address is withdrawn.".to_owned(),
        count => format!("{count} addresses are withdrawn."),
    };
    global.out.done(&json!({ "revoked": revoked }), &sentence)
}

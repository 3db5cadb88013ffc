//! `dutydesk profile`: the desks this machine knows.

use clap::Subcommand;
use serde_json::json;

use super::Global;
use super::error::CliError;
use super::profile::Profiles;

/// The desks this machine knows.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the profiles; the one in use is marked.
    List,
    /// Use a profile from now on.
    Use { name: String },
    /// Forget a profile and its token; the desk itself stays.
    Remove { name: String },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let mut profiles = Profiles::load()?;
    match args.act {
        Act::List => {
            let current = profiles.current_key().map(str::to_owned);
            let items: Vec<_> = profiles
                .iter()
                .map(|profile| {
                    let signed_in = profiles.current(Some(&profile.key)).is_some_and(|(_, token)| token.is_some());
                    json!({
                        "profile": profile.key, "server": profile.server, "handle": profile.handle, "name": profile.name,
                        "current": current.as_deref() == Some(&profile.key), "signed_in": signed_in || profile.is_embedded(),
                    })
                })
                .collect();
            let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
            let mark = |value: &serde_json::Value, mark: &str| if value == true { mark.to_owned() } else { String::new() };
            global.out.list(&items, &["", "PROFILE", "SERVER", "HANDLE", "SIGNED IN"], |row| {
                vec![
                    mark(&row["current"], "*"),
                    text(&row["profile"]),
                    text(&row["server"]),
                    text(&row["handle"]),
                    mark(&row["signed_in"], "yes"),
                ]
            })
        }
        Act::Use { name } => {
            profiles.choose(&name)?;
            global.out.done(&json!({ "profile": name }), &format!("Using profile {name}."))
        }
        Act::Remove { name } => {
            profiles.remove(&name)?;
            global.out.done(&json!({ "removed": name }), &format!("Profile {name} is forgotten."))
        }
    }
}

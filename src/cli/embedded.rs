//! The desk of one machine: a server inside the console, over a file in the data folder. A second console on the same
//! machine finds the first one's server by the address it left beside the file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::CliError;
use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::domain::person::Person;
use crate::server::files::FilesConfig;
use crate::server::routes::sessions::{first_admin, issue};
use crate::server::{AWAY_AFTER, RunningServer, ServerConfig, start};
use crate::store::sqlite;

/// What stands beside the database while its server runs; readable by its owner only.
#[derive(Serialize, Deserialize)]
struct Beside {
    url: String,
    token: String,
}

/// A way to the machine's own desk.
pub struct Embedded {
    pub api: Api,
    pub me: Person,
    /// The server, when this process runs it.
    pub server: Option<RunningServer>,
}

/// Opens the desk in `folder`: runs its server, or finds the one that runs. An empty desk gets `name` as its first
/// administrator.
///
/// # Errors
/// When the folder or the database cannot be used.
pub async fn open(folder: &Path, name: &str, zone: &str, language: &str) -> Result<Embedded, CliError> {
    make_private(folder)?;
    let beside = folder.join("server.toml");
    let store = match sqlite::open(&folder.join("desk.sqlite"), Clock::System).await {
        Ok(store) => store,
        Err(error) => return attach(&beside).await.ok_or_else(|| error.into()),
    };
    let files = FilesConfig::folder(folder.join("files"));
    let config = ServerConfig {
        listen: "127.0.0.1:0".to_owned(),
        backup_folder: Some(folder.to_owned()),
        away_after: AWAY_AFTER,
        public_url: None,
        files,
    };
    let server = start(config, store, Clock::System).await?;
    let (me, token) = owner(&server, name, zone, language).await?;
    let left = Beside { url: server.url.clone(), token: token.clone() };
    write_private(&beside, &toml::to_string(&left).map_err(|error| CliError::failed(error.to_string()))?)?;
    Ok(Embedded { api: Api::new(&server.url, Some(&token))?, me, server: Some(server) })
}

/// The machine's own person: the first administrator, made when there is nobody, and a token for this run.
async fn owner(server: &RunningServer, name: &str, zone: &str, language: &str) -> Result<(Person, String), CliError> {
    let failed = |problem: crate::server::error::ApiProblem| CliError::failed(problem.detail);
    let directory = server.desk.directory();
    let known = directory.people.values().filter(|person| person.active && person.role == crate::domain::person::Role::Admin);
    let me = match known.min_by_key(|person| person.id) {
        Some(person) => person.clone(),
        None => {
            let (zone, language) = (Some(zone.to_owned()), Some(language.to_owned()));
            first_admin(&server.desk, handle_of(name), name.to_owned(), zone, language).await.map_err(failed)?
        }
    };
    // Tokens of earlier runs are of no use to anybody.
    for old in server.desk.store.tokens(me.id).await?.into_iter().filter(|token| token.device == "this machine") {
        server.desk.store.revoke_token(&old.sha256).await?;
    }
    let token = issue(&server.desk, me.id, "this machine").await.map_err(failed)?;
    Ok((me, token))
}

/// Address and token of the server that a console on this machine runs over `folder`, when one said so.
#[must_use]
pub fn running(folder: &Path) -> Option<(String, String)> {
    let left: Beside = toml::from_str(&std::fs::read_to_string(folder.join("server.toml")).ok()?).ok()?;
    Some((left.url, left.token))
}

async fn attach(beside: &Path) -> Option<Embedded> {
    let left: Beside = toml::from_str(&std::fs::read_to_string(beside).ok()?).ok()?;
    let api = Api::new(&left.url, Some(&left.token)).ok()?;
    let me = api.get("/api/v1/people/me").await.ok()?;
    Some(Embedded { api, me, server: None })
}

/// A handle made of a name: ASCII letters and digits, `me` where there are none.
fn handle_of(name: &str) -> String {
    let plain = |char: char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '.' };
    let dotted: String = name.trim().chars().map(plain).collect();
    let parts: Vec<_> = dotted.split('.').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "me".to_owned() } else { parts.join(".") }
}

/// Makes a folder that only its owner can read.
///
/// # Errors
/// When it cannot be made.
pub fn make_private(folder: &Path) -> Result<(), CliError> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| CliError::failed(format!("The folder {} cannot be made: {error}.", folder.display())))
}

fn write_private(path: &Path, text: &str) -> Result<(), CliError> {
    use std::io::Write;
    let failed = |error: std::io::Error| CliError::failed(format!("{} cannot be written: {error}.", path.display()));
    // A temporary file is its owner's alone from the start, and moves into place whole.
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

impl Embedded {
    /// Ends the server, when this process runs it.
    pub async fn close(self) {
        if let Some(server) = self.server {
            server.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::handle_of;

    #[test]
    fn handles_are_made_of_names() {
        assert_eq!(handle_of("Li Na"), "li.na");
        assert_eq!(handle_of("  O'Neill, Pat "), "o.neill.pat");
        assert_eq!(handle_of("李娜"), "me");
    }
}

//! `dutydesk login` and `dutydesk logout`: a token for this machine, and its end.

use serde_json::json;

use super::Global;
use super::error::{CliError, Kind};
use super::profile::{Profile, Profiles};
use super::secret;
use crate::client::api::Api;
use crate::wire::desk::DeskInfo;
use crate::wire::session::{Session, Setup, SignIn};
use crate::wire::{PROTOCOL, PROTOCOL_OLDEST};

/// Sign in to a desk and remember it as a profile.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The server's address, such as `https://desk.example`.
    url: String,
    /// Asked for when absent.
    #[arg(long)]
    handle: Option<String>,
    /// Read the password from stdin instead of asking.
    #[arg(long)]
    password_stdin: bool,
    /// Names this token in your list of tokens; the machine's name when absent.
    #[arg(long)]
    device: Option<String>,
    /// Make the first administrator of an empty desk, with the code that `dutydesk serve` printed.
    #[arg(long, value_name = "CODE")]
    setup: Option<String>,
    /// With --setup: your name; the handle when absent.
    #[arg(long, requires = "setup")]
    name: Option<String>,
    /// With --setup: your time zone, such as Asia/Shanghai.
    #[arg(long, requires = "setup", value_name = "ZONE")]
    time_zone: Option<String>,
}

/// Sign out: the token ends on the server and is forgotten here.
#[derive(Debug, clap::Args)]
pub struct LogoutArgs {
    /// Forget the token even when the server does not answer.
    #[arg(long)]
    force: bool,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let url = address(&args.url);
    // Before the password is asked for: a file that cannot be used must not cost a token.
    let mut profiles = Profiles::load()?;
    let api = Api::new(&url, None)?;
    let desk: DeskInfo = api.get("/api/v1/desk").await?;
    fits(&desk)?;
    if desk.needs_setup && args.setup.is_none() {
        let why = "This desk has nobody yet: add --setup CODE, with the code that `dutydesk serve` printed.";
        return Err(CliError::new(Kind::Refused, "needs_setup", why));
    }
    if url.starts_with("http://") && !is_loopback(&url) {
        global.out.note("Careful: this connection is not encrypted; others on the way can read your password.");
    }
    let session = sign_in(&api, args, global).await?;
    let key = global.options.profile.clone().unwrap_or_else(|| host(&url));
    let profile = Profile {
        key: key.clone(),
        server: url.clone(),
        handle: Some(session.person.handle.clone()),
        name: Some(session.person.name.clone()),
    };
    profiles.save(profile, Some(session.token))?;
    let answer = json!({ "profile": key, "server": url, "person": session.person });
    global.out.done(&answer, &format!("Signed in to {url} as {}; the profile is {key}.", session.person.handle))
}

/// Whether the two get on: the answer's header says so as well, but servers of protocol 1 have none.
fn fits(desk: &DeskInfo) -> Result<(), CliError> {
    let (theirs, ours) = (&desk.version, env!("CARGO_PKG_VERSION"));
    if desk.protocol < PROTOCOL_OLDEST {
        let why = format!(
            "The server is dutydesk {theirs} (protocol {}), and this is {ours} (at least {PROTOCOL_OLDEST}): update the server.",
            desk.protocol
        );
        return Err(CliError::new(Kind::Failed, "server_too_old", why));
    }
    if desk.protocol_oldest > PROTOCOL {
        let why = format!(
            "The server is dutydesk {theirs} (protocol {} to {}), and this is {ours} (protocol {PROTOCOL}): update dutydesk on this machine.",
            desk.protocol_oldest, desk.protocol
        );
        return Err(CliError::new(Kind::Failed, "client_too_old", why));
    }
    Ok(())
}

async fn sign_in(api: &Api, args: Args, global: &Global) -> Result<Session, CliError> {
    let handle = match args.handle {
        Some(handle) => handle,
        None => secret::visible("Handle:", args.password_stdin, global.out)?,
    };
    let device = args.device.unwrap_or_else(machine);
    let Some(code) = args.setup else {
        let password = secret::ask("Password: ", args.password_stdin)?;
        return Ok(api.post("/api/v1/sessions", &SignIn { handle, password, device }).await?);
    };
    let password = secret::ask_twice("Choose a password (at least 8 characters): ", args.password_stdin)?;
    let name = args.name.unwrap_or_else(|| handle.clone());
    let language = global.options.language.map(|language| language.tag().to_owned());
    let setup = Setup { code, handle, name, password, device, time_zone: args.time_zone, language };
    Ok(api.post("/api/v1/setup", &setup).await?)
}

/// # Errors
/// See [`CliError`].
pub async fn logout(args: LogoutArgs, global: &Global) -> Result<(), CliError> {
    let mut profiles = Profiles::load()?;
    let (profile, token) = global.profile()?;
    let Some(token) = token else {
        return global.out.done(&json!({ "profile": profile.key }), &format!("You are not signed in to {}.", profile.key));
    };
    if !profile.is_embedded() {
        let api = Api::new(&profile.server, Some(&token))?;
        match api.delete("/api/v1/sessions/current").await.map_err(CliError::from) {
            Err(error) if error.kind == Kind::NotSignedIn || args.force => {}
            Err(error) if error.kind == Kind::Unreachable => {
                let why = format!("{error}; nothing was changed. Add --force to forget the token here all the same.");
                return Err(CliError::new(Kind::Unreachable, "unreachable", why));
            }
            other => other?,
        }
    }
    profiles.forget_token(&profile.key)?;
    global.out.done(&json!({ "profile": profile.key }), &format!("Signed out of {}.", profile.key))
}

/// The address as typed, with a scheme: plain on this machine, encrypted elsewhere.
fn address(typed: &str) -> String {
    let typed = typed.trim().trim_end_matches('/');
    if typed.contains("://") {
        return typed.to_owned();
    }
    let plain = format!("http://{typed}");
    if is_loopback(&plain) { plain } else { format!("https://{typed}") }
}

fn is_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Host and port: the profile's name when none is given.
fn host(url: &str) -> String {
    url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or(url).to_owned()
}

/// The machine's name as the environment or the system's file tells it.
fn machine() -> String {
    let told = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let name = told.or_else(|| std::fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    if name.trim().is_empty() { "cli".to_owned() } else { name.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_the_scheme_that_fits() {
        assert_eq!(address("127.0.0.1:7070/"), "http://127.0.0.1:7070");
        assert_eq!(address("localhost:7070"), "http://localhost:7070");
        assert_eq!(address("[::1]:7070"), "http://[::1]:7070");
        assert_eq!(address("desk.example"), "https://desk.example");
        assert_eq!(address("http://desk.example"), "http://desk.example");
    }

    #[test]
    fn a_profile_is_called_by_its_host() {
        assert_eq!(host("http://127.0.0.1:7070"), "127.0.0.1:7070");
        assert_eq!(host("https://desk.example/below"), "desk.example");
    }
}

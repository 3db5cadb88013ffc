//! One person's machine for a console under measure: configuration, cache and last session of its own in a folder in memory, and the
//! server as another process, or none.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use dutydesk::client::api::Api;
use dutydesk::server::tokens::sha256_hex;
use serde_json::{Value, json};

use crate::data::DeskData;

/// The program under measure.
pub fn binary() -> PathBuf {
    std::env::var_os("DUTYDESK_BENCH_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_dutydesk")), PathBuf::from)
}

/// Where nobody listens.
const NOBODY: &str = "http://127.0.0.1:9";

/// What the console finds at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// A server runs over a copy of the desk.
    pub server: bool,
    /// What the person's console cached the last time.
    pub cache: bool,
}

/// See the module; everything ends and goes with it.
pub struct Place {
    home: tempfile::TempDir,
    server: Option<Child>,
    pub url: String,
    session: PathBuf,
}

impl Place {
    pub fn new(data: &DeskData, given: Given) -> Self {
        let shared = Path::new("/dev/shm");
        let parent = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
        let home = tempfile::Builder::new().prefix("dutydesk-bench-").tempdir_in(parent).expect("a folder");
        let cache = home.path().join("data/cache/bench");
        std::fs::create_dir_all(&cache).expect("a folder");
        let me = data.keys.admin.id;
        if given.cache {
            std::fs::copy(&data.cache, cache.join(format!("{me}.sqlite"))).expect("the cache is copied");
        }
        let session = cache.join(format!("{me}.session.json"));
        let mut place = Self { home, server: None, url: NOBODY.to_owned(), session };
        if given.server {
            data.copy_database(place.home.path());
            place.serve();
        }
        place.write("config/config.toml", "profile = \"bench\"\nlanguage = \"en\"\ntheme = \"dark\"\n");
        place.write("config/profiles.toml", &format!("[bench]\nserver = \"{}\"\nhandle = \"bench\"\n", place.url));
        place.write("config/tokens.toml", &format!("bench = \"{}\"\n", data.keys.admin_token));
        let known = json!({ "server": place.url, "token": sha256_hex(&data.keys.admin_token), "me": data.keys.admin });
        place.write("data/cache/bench/me.json", &known.to_string());
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a name in a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file is written");
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("a file of our own");
    }

    fn serve(&mut self) {
        let database = format!("sqlite:{}", self.home.path().join("desk.sqlite").display());
        let mut server = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &database])
            .envs(self.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(server.stdout.take().expect("it was asked for")).lines().map_while(Result::ok);
        let url = lines.find_map(|line| line.split_once("listening on ").map(|(_, url)| url.trim().to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        self.server = Some(server);
        self.url = url.expect("the server says where it listens");
    }

    /// As somebody with this token.
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.url, Some(token)).expect("a URL")
    }

    /// The console's cache, to be opened by another client.
    pub fn cache(&self, data: &DeskData) -> PathBuf {
        self.home.path().join(format!("data/cache/bench/{}.sqlite", data.keys.admin.id))
    }

    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = |name: &str| self.home.path().join(name).display().to_string();
        vec![
            ("HOME", folder("home")),
            ("DUTYDESK_CONFIG_DIR", folder("config")),
            ("DUTYDESK_DATA_DIR", folder("data")),
            ("LANG", "en_US.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
        ]
    }

    /// The session that each start takes up: all unsolved tickets, with more of its fields.
    pub fn begin_with(&self, more: &Value) -> String {
        let mut session = json!({ "pane": "queues", "view": "all", "tour-offered": true });
        if let (Some(session), Some(more)) = (session.as_object_mut(), more.as_object()) {
            session.extend(more.clone());
        }
        let kept = self.home.path().join("session.json");
        std::fs::write(&kept, session.to_string()).expect("a file is written");
        format!("cp '{}' '{}'", kept.display(), self.session.display())
    }

    /// In the shell: in so many seconds the server is stopped, and goes on so many seconds later.
    pub fn holds_still(&self, after: u32, seconds: u32) -> String {
        let Some(server) = &self.server else { return "true".to_owned() };
        let id = server.id();
        format!("(sleep {after}; kill -STOP {id}; sleep {seconds}; kill -CONT {id}) > /dev/null 2>&1 &")
    }

    /// A path in the place's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // Gone already is as good.
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

//! A desk in this process with an administrator and one queue: whoever tests versions needs no more.

use std::sync::Arc;

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::api::Api;
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::QueueId;
use dutydesk::domain::person::Person;
use dutydesk::domain::queue::Queue;
use dutydesk::server::files::FilesConfig;
use dutydesk::server::routes::sessions::{first_admin, issue};
use dutydesk::server::{RunningServer, ServerConfig, start};
use dutydesk::wire::command::{Answer, Submissions};
use serde_json::{Value, json};

pub struct Place {
    pub folder: tempfile::TempDir,
    pub server: RunningServer,
    pub me: Person,
    pub token: String,
    pub api: Api,
    pub queue: QueueId,
}

impl Place {
    pub async fn new() -> Self {
        let folder = crate::kill::desk::folder();
        let store = dutydesk::store::sqlite::open(&folder.path().join("desk.sqlite"), Clock::System).await.unwrap();
        let config = ServerConfig {
            listen: "127.0.0.1:0".into(),
            backup_folder: Some(folder.path().to_path_buf()),
            away_after: dutydesk::server::AWAY_AFTER,
            public_url: None,
            files: FilesConfig::memory(),
        };
        let server = start(config, store as Arc<_>, Clock::System).await.unwrap();
        let me = first_admin(&server.desk, "ada".into(), "Ada".into(), None, None).await.unwrap();
        let token = issue(&server.desk, me.id, "test").await.unwrap();
        let api = Api::new(&server.url, Some(&token)).unwrap();
        let queue: Queue = serde_json::from_value(json!({
            "id": new_id(), "version": 0, "key": "pumps", "name": "Pumps", "tier": 1, "strategy": "manual",
            "sla": {"targets": {}}, "position": 0, "active": true
        }))
        .unwrap();
        let place = Self { folder, server, me, token, api, queue: queue.id };
        assert_eq!(place.act(Command::PutQueue(Box::new(queue))).await.refusal, None);
        place
    }

    pub async fn act(&self, command: Command) -> Answer {
        let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
        self.api.submit(&Submissions { commands: vec![submission], source: None }).await.unwrap().answers.remove(0)
    }

    /// A new ticket's number.
    pub async fn open(&self, text: &str) -> i64 {
        let body = json!({"queue": "pumps", "text": text, "requester": {"external": "shop:1", "name": "Shop 1"}});
        let made: Value = self.api.post("/api/v1/tickets", &body).await.unwrap();
        made["ticket"].as_i64().unwrap()
    }

    /// A view of everybody's: a kind of rows that came with protocol 2.
    pub async fn put_view(&self) {
        let body = json!({"name": format!("Old ones {}", new_id()), "filter": "older:2h", "shared": "everybody"});
        let _: Value = self.api.call(reqwest::Method::PUT, &format!("/api/v1/views/{}", new_id()), &body).await.unwrap();
    }
}

//! The desk's people as clients: each acts with a token of their own, over one shared connection pool.

use std::collections::HashMap;

use reqwest::Method;
use serde::de::DeserializeOwned;

use super::DriveError;
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::demo::SampleDesk;
use crate::domain::command::{Command, CommandResult, Submission};
use crate::domain::id::PersonId;
use crate::wire::command::{Answers, Submissions};
use crate::wire::conversation::IntakeMessage;

/// Acts over HTTP for the people of a sample desk.
#[derive(Clone, Debug)]
pub struct Colleagues {
    api: Api,
    tokens: HashMap<PersonId, String>,
    by_handle: HashMap<String, PersonId>,
}

impl Colleagues {
    /// The desk's people at `server`, each with the token that `token_for` gives.
    ///
    /// # Errors
    /// When `server` is no URL, or somebody has no token.
    pub async fn new(server: &str, desk: &SampleDesk, token_for: impl AsyncFn(PersonId) -> Option<String>) -> Result<Self, DriveError> {
        let mut tokens = HashMap::new();
        for person in &desk.people {
            let token = token_for(person.id).await.ok_or(DriveError::NoToken(person.id))?;
            tokens.insert(person.id, token);
        }
        let by_handle = desk.people.iter().map(|person| (person.handle.clone(), person.id)).collect();
        Ok(Self { api: Api::new(server, None)?, tokens, by_handle })
    }

    /// The person's token, as handed in.
    #[must_use]
    pub fn token(&self, person: PersonId) -> Option<&str> {
        self.tokens.get(&person).map(String::as_str)
    }

    pub(super) fn by_handle(&self, handle: &str) -> Option<PersonId> {
        self.by_handle.get(handle).copied()
    }

    /// Does `command` as `person`.
    ///
    /// # Errors
    /// When it is refused, or the server does not answer.
    pub(super) async fn command(&self, person: PersonId, command: Command) -> Result<(), DriveError> {
        let name = command.name();
        let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
        let body = Submissions { commands: vec![submission], source: None };
        let token = self.token(person).ok_or(DriveError::NoToken(person))?;
        let answers: Answers = self.api.call_as(token, Method::POST, "/api/v1/commands", Some(&body)).await?;
        let answer = answers.answers.into_iter().next();
        match answer.and_then(|answer| answer.refusal) {
            Some(refusal) => Err(DriveError::Refused { command: name, refusal: Box::new(refusal) }),
            None => Ok(()),
        }
    }

    /// Reads `path` as `person`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(super) async fn get<T: DeserializeOwned>(&self, person: PersonId, path: &str) -> Result<T, DriveError> {
        let token = self.token(person).ok_or(DriveError::NoToken(person))?;
        Ok(self.api.call_as(token, Method::GET, path, None::<&()>).await?)
    }

    /// Hands a message from outside to the intake channel with this key and token.
    ///
    /// # Errors
    /// When it is refused, or the server does not answer.
    pub(super) async fn intake(&self, channel: &str, token: &str, message: &IntakeMessage) -> Result<CommandResult, DriveError> {
        Ok(self.api.call_as(token, Method::POST, &format!("/api/v1/intake/{channel}"), Some(message)).await?)
    }
}

//! What is on its way between clients and server: each thing by itself, in no order.

use super::server::{Answer, Request};

/// What travels.
#[derive(Clone, Debug)]
pub enum Load {
    Request(Request),
    Answer(Answer),
    /// There was nobody to connect to.
    Refused,
}

/// One thing on its way, from or to a client.
#[derive(Clone, Debug)]
pub struct Flight {
    pub client: usize,
    /// The client's life in which it was asked.
    pub life: u32,
    pub ask: u64,
    pub load: Load,
    /// Another copy of the request is or was about.
    pub doubled: bool,
}

impl Flight {
    pub fn words(&self) -> String {
        let what = match &self.load {
            Load::Request(request) => format!("request {}", request.path.split('?').next().unwrap_or_default()),
            Load::Answer(answer) => format!("answer {}", answer.status),
            Load::Refused => "refused connection".to_owned(),
        };
        format!("c{} #{} {what}", self.client, self.ask)
    }
}

//! Bodies of major incidents and broadcasts; what is answered are the domain's own views.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::id::{BroadcastId, ConversationId, TicketNumber};
use crate::domain::incident::preview::BroadcastText;

/// `PUT /api/v1/tickets/{number}/incident`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareIncident {
    /// Seconds between updates to all requesters, 60 to 86,400; absent for no schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1800)]
    pub update_every_secs: Option<u32>,
    /// Id for the channel that is made; one is chosen when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ConversationId>,
}

/// `POST /api/v1/tickets/{number}/tie`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TieTo {
    pub incident: TicketNumber,
}

/// `POST /api/v1/tickets/{number}/likeness`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LikenessAnswer {
    /// Ties it; otherwise it is something else.
    pub accept: bool,
}

/// `POST /api/v1/tickets/{number}/incident/broadcasts`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBroadcast {
    pub body: BroadcastText,
    /// How many got it in the preview; refused when it is another number now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<usize>,
}

/// A broadcast that is on its way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BroadcastMade {
    pub broadcast: BroadcastId,
    pub incident: TicketNumber,
}

//! What a console asks of rosters that the cache cannot tell: the server reckons it, or holds its secrets.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use reqwest::{Method, Url};

use super::api::Api;
use super::desk::DeskClient;
use super::error::ClientError;
use crate::domain::handover::Handover;
use crate::domain::id::WebhookId;
use crate::domain::roster::LimitBreach;
use crate::domain::roster::cover::CoverCandidate;
use crate::domain::roster::fairness::Fairness;
use crate::domain::roster::generate::Proposal;
use crate::wire::duty::{CalendarLinkMade, CalendarLinksRevoked, GenerateRoster};
use crate::wire::handover::NewHandover;
use crate::wire::list::Items;
use crate::wire::webhook::{DeliveryView, WebhookInput, WebhookStored, WebhookView};

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `/api/v1/rotas/{key}/{what}` with a query, encoded.
fn path(rota: &str, what: &str, query: &[(&str, String)]) -> String {
    let mut url = Url::parse("http://desk/api/v1/rotas").expect("a constant URL is a URL");
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.push(rota).push(what);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn span(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(&'static str, String)> {
    vec![("from", rfc3339(from)), ("to", rfc3339(to))]
}

/// The address of shifts as iCalendar: one's own, or those of a rota by key.
///
/// # Errors
/// See [`crate::client::api::ApiError`].
pub async fn make_calendar_link(api: &Api, rota: Option<&str>) -> Result<String, crate::client::api::ApiError> {
    let made: CalendarLinkMade = api.call(Method::POST, &link_path(rota), &()).await?;
    Ok(format!("{}{}", api.base(), made.path))
}

/// Withdraws all such addresses; tells how many there were.
///
/// # Errors
/// See [`crate::client::api::ApiError`].
pub async fn revoke_calendar_links(api: &Api, rota: Option<&str>) -> Result<u64, crate::client::api::ApiError> {
    let gone: CalendarLinksRevoked = api.call(Method::DELETE, &link_path(rota), &()).await?;
    Ok(gone.revoked)
}

fn link_path(rota: Option<&str>) -> String {
    rota.map_or_else(|| "/api/v1/me/calendar-link".to_owned(), |key| path(key, "calendar-link", &[]))
}

impl DeskClient {
    /// Drafts the next handover of a rota (by key) and keeps it.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn draft_handover(&self, rota: &str) -> Result<Handover, ClientError> {
        Ok(self.api()?.call(Method::POST, "/api/v1/handovers", &NewHandover { rota: rota.to_owned() }).await?)
    }

    /// Hours, nights, weekends and holidays per person of a rota (by key) against the mean.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn fairness(&self, rota: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Fairness, ClientError> {
        Ok(self.api()?.get(&path(rota, "fairness", &span(from, to))).await?)
    }

    /// A roster proposed for a rota (by key) from a day for some weeks; leads. It is not stored: put its plan to keep it.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn generate(&self, rota: &str, from: NaiveDate, weeks: u8, seed: u64) -> Result<Proposal, ClientError> {
        let wanted = GenerateRoster { from, weeks, seed, rounds: None };
        Ok(self.api()?.generate(rota, &wanted).await?)
    }

    /// Limits of a rota (by key) that people's shifts break.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn limit_breaches(&self, rota: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<LimitBreach>, ClientError> {
        Ok(self.api()?.get::<Items<LimitBreach>>(&path(rota, "limits", &span(from, to))).await?.items)
    }

    /// Who could be on duty for a rota (by key) in a span, best first; `person` is the handle of whose duty is to be taken.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn cover_candidates(
        &self,
        rota: &str,
        person: Option<&str>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<CoverCandidate>, ClientError> {
        let mut query = span(from, to);
        query.extend(person.map(|handle| ("person", handle.to_owned())));
        Ok(self.api()?.get::<Items<CoverCandidate>>(&path(rota, "cover", &query)).await?.items)
    }

    /// A fresh address of one's own shifts as iCalendar, or of a rota's (by key; leads). It is told once.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn make_calendar_link(&self, rota: Option<&str>) -> Result<String, ClientError> {
        Ok(make_calendar_link(self.api()?, rota).await?)
    }

    /// Withdraws all such addresses; tells how many there were.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn revoke_calendar_links(&self, rota: Option<&str>) -> Result<u64, ClientError> {
        Ok(revoke_calendar_links(self.api()?, rota).await?)
    }

    /// The webhooks without their secrets; admins.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn webhooks(&self) -> Result<Vec<WebhookView>, ClientError> {
        Ok(self.api()?.get::<Items<WebhookView>>("/api/v1/webhooks").await?.items)
    }

    /// Creates or replaces a webhook; admins. The answer holds the secret when it is new.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn put_webhook(&self, id: WebhookId, webhook: &WebhookInput) -> Result<WebhookStored, ClientError> {
        Ok(self.api()?.call(Method::PUT, &format!("/api/v1/webhooks/{id}"), webhook).await?)
    }

    /// A webhook's calls, newest first; admins.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn webhook_deliveries(&self, id: WebhookId) -> Result<Vec<DeliveryView>, ClientError> {
        Ok(self.api()?.get::<Items<DeliveryView>>(&format!("/api/v1/webhooks/{id}/deliveries")).await?.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_instants_are_encoded() {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let found = path("a b", "cover", &span(at, at));
        assert_eq!(found, "/api/v1/rotas/a%20b/cover?from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A00.000Z");
        assert_eq!(link_path(Some("first")), "/api/v1/rotas/first/calendar-link");
    }
}

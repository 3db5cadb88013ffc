//! Full-text search over tickets and messages. What is found is what one may read: the store asks for the rights.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::search::SearchIn;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Query;
use crate::server::state::Desk;
use crate::store::{Search, SearchPlace};
use crate::wire::problem::Problem;
use crate::wire::search::SearchPage;

const FOUND_MAX: usize = 100;
const FOUND_DEFAULT: usize = 50;
/// Characters of what is looked for.
const WORDS_MAX: usize = 200;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Words that must all occur, in any order and ending; `"side by side"` between quotes. Up to 200 characters. The last word
    /// may be unfinished.
    q: String,
    /// Only tickets (by subject, requester, site, tag, number), messages, or internal notes of tickets.
    #[serde(rename = "in")]
    #[param(value_type = Option<String>)]
    within: Option<SearchIn>,
    /// `next` of the page before.
    before: Option<String>,
    /// 1 to 100, 50 by default.
    limit: Option<usize>,
}

/// Tickets and messages one may read that hold the words: the newest in windows of some hundreds, the best of a window first.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchQuery), responses(
    (status = 200, body = SearchPage), (status = 400, body = Problem), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn search(State(desk): State<Desk>, who: SignedIn, Query(query): Query<SearchQuery>) -> ApiResult<Json<SearchPage>> {
    let words = query.q.trim();
    if words.is_empty() {
        return Err(ApiProblem::invalid("q", "Say what to look for."));
    }
    if words.chars().count() > WORDS_MAX {
        return Err(ApiProblem::invalid("q", format!("Look for at most {WORDS_MAX} characters at once.")));
    }
    let place = query.before.as_deref().map(decode).transpose()?;
    let limit = query.limit.unwrap_or(FOUND_DEFAULT).clamp(1, FOUND_MAX);
    // What was typed as it is: a space at its end finishes the last word.
    let search = Search { words: query.q.trim_start().to_owned(), within: query.within };
    let _turn = desk.searching.acquire().await;
    let found = desk.store.search(&who.person, &search, place, limit).await?;
    Ok(Json(SearchPage { hits: found.hits, next: found.next.map(encode), complete: found.complete }))
}

fn encode(place: SearchPlace) -> String {
    let bytes: Vec<u8> = place.0.iter().flat_map(|number| number.to_be_bytes()).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> ApiResult<SearchPlace> {
    let parse = || {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let number = |at: usize| Some(i64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let place = SearchPlace([number(0)?, number(8)?, number(16)?]);
        (bytes.len() == 24 && place.0[2] >= 0).then_some(place)
    };
    parse().ok_or_else(|| {
        ApiProblem::new(StatusCode::BAD_REQUEST, "cursor_invalid", "`before` takes `next` of the page before: start without it.")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_place_comes_back_and_nothing_else_is_one(a in any::<i64>(), b in any::<i64>(), skip in 0..i64::MAX, text in any::<String>()) {
            prop_assert_eq!(decode(&encode(SearchPlace([a, b, skip]))).ok(), Some(SearchPlace([a, b, skip])));
            prop_assert!(decode(&text).is_err() || text.len() == 32);
        }
    }
}

//! Positions as opaque text: base64 of `epoch.xid.seq`.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::server::error::{ApiProblem, ApiResult};
use crate::store::Position;

#[must_use]
pub fn encode(position: Position) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{}.{}", position.epoch, position.xid, position.seq))
}

/// # Errors
/// When the text was not made by [`encode`].
pub fn decode(given: &str) -> ApiResult<Position> {
    let parse = || {
        let bytes = URL_SAFE_NO_PAD.decode(given).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut numbers = text.split('.').map(str::parse::<i64>);
        let mut next = || numbers.next()?.ok().filter(|number| *number >= 0);
        let position = Position { epoch: next()?, xid: next()?, seq: next()? };
        // Only the text that `encode` gives: one place has one name.
        (numbers.next().is_none() && encode(position) == given).then_some(position)
    };
    parse().ok_or_else(|| {
        ApiProblem::new(StatusCode::BAD_REQUEST, "cursor_invalid", "This is no cursor of ours: start with GET /api/v1/snapshot.")
    })
}

/// The cursor cannot be continued: the console starts over.
#[must_use]
pub fn too_old() -> ApiProblem {
    ApiProblem::new(
        StatusCode::GONE,
        "cursor_too_old",
        "This cursor is too old, or from before a restore: start over with GET /api/v1/snapshot.",
    )
}

/// What the person may see may have changed: the console starts over.
#[must_use]
pub fn rights_changed() -> ApiProblem {
    ApiProblem::new(
        StatusCode::GONE,
        "cursor_too_old",
        "Your own person was edited since this cursor, and you may see other things now: start over with GET /api/v1/snapshot.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(epoch in 0..i64::MAX, xid in 0..i64::MAX, seq in 0..i64::MAX) {
            let position = Position { epoch, xid, seq };
            prop_assert_eq!(decode(&encode(position)).ok(), Some(position));
        }

        #[test]
        fn other_text_is_refused_and_never_panics(text in any::<String>()) {
            if let Ok(position) = decode(&text) {
                prop_assert_eq!(encode(position), text);
            }
        }
    }
}

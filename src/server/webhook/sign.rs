//! Signatures of deliveries, by the Standard Webhooks convention, so that receivers check them with a library they have.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Marks a secret whose rest is the key in base64, as the convention's libraries write them.
const ENCODED: &str = "whsec_";

/// The value of `webhook-signature`: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64. `timestamp` is in
/// seconds since 1970. A secret that starts with `whsec_` is decoded; any other is the key as it stands.
#[must_use]
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let decoded = secret.strip_prefix(ENCODED).and_then(|rest| STANDARD.decode(rest).ok());
    let key = decoded.as_deref().unwrap_or(secret.as_bytes());
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the convention's own libraries.
    #[test]
    fn it_agrees_with_the_convention() {
        let signed =
            sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn every_part_counts() {
        let signed = sign("secret", "a", 1, "body");
        for other in [sign("secreT", "a", 1, "body"), sign("secret", "b", 1, "body"), sign("secret", "a", 2, "body")] {
            assert_ne!(signed, other);
        }
        assert_ne!(signed, sign("secret", "a", 1, "bodY"));
        assert_ne!(sign("whsec_not base64", "a", 1, "b"), sign("", "a", 1, "b"), "what cannot be decoded is a key as it stands");
    }
}

//! Proves that the cache holds what the server says this person should hold.

use std::collections::BTreeMap;

use futures::TryStreamExt;
use sha2::{Digest as _, Sha256};

use crate::client::cache::Cache;
use crate::client::error::CacheError;
use crate::domain::row::RowKind;
use crate::wire::sync::{Digest, KindDigest};

use super::newer::{ASIDE, MENDED};

/// Sums rows of one kind; order does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summer {
    count: u64,
    hash: u64,
}

impl Summer {
    pub fn add(&mut self, id: &str, version: i64) {
        let sum = Sha256::digest(format!("{id}:{version}"));
        let mut head = [0; 8];
        head.copy_from_slice(&sum[..8]);
        self.hash ^= u64::from_be_bytes(head);
        self.count += 1;
    }

    #[must_use]
    pub fn finish(self) -> KindDigest {
        KindDigest { count: self.count, hash: format!("{:016x}", self.hash) }
    }
}

/// The cache's own digest; kinds without rows are left out.
///
/// # Errors
/// When the cache cannot be read.
pub async fn of(cache: &Cache) -> Result<Digest, CacheError> {
    let mut tx = cache.readers().begin().await?;
    let cursor: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'cursor'").fetch_optional(&mut *tx).await?;
    let mut kinds: BTreeMap<String, Summer> = BTreeMap::new();
    let mut rows = sqlx::query_as::<_, (String, String, i64)>(
        "SELECT kind, id, version FROM rows UNION ALL SELECT 'ticket', CAST(number AS TEXT), version FROM tickets",
    )
    .fetch(&mut *tx);
    while let Some((kind, id, version)) = rows.try_next().await? {
        // What was mended is among the others, what was set aside is held as well.
        if !kind.starts_with(MENDED) {
            kinds.entry(kind.strip_prefix(ASIDE).unwrap_or(&kind).to_owned()).or_default().add(&id, version);
        }
    }
    Ok(Digest { cursor: cursor.unwrap_or_default(), kinds: kinds.into_iter().map(|(kind, sum)| (kind, sum.finish())).collect() })
}

/// The kinds in which two digests differ. Messages do not count, and no rows are as good as none named.
#[must_use]
pub fn differing(ours: &Digest, theirs: &Digest) -> Vec<RowKind> {
    let nothing = Summer::default().finish();
    let of = |digest: &Digest, kind: RowKind| digest.kinds.get(kind.as_str()).filter(|sum| sum.count > 0).unwrap_or(&nothing).clone();
    RowKind::ALL.into_iter().filter(|kind| *kind != RowKind::Message && of(ours, *kind) != of(theirs, *kind)).collect()
}

//! Texts that were begun and not sent: kept on this machine alone, in the cache's file, per person, conversation and who would
//! read them. They outlive a new shape of the cached rows, as unsent commands do.

use serde::{Deserialize, Serialize};

use crate::client::cache::Cache;
use crate::client::error::CacheError;
use crate::domain::Timestamp;
use crate::domain::conversation::Visibility;
use crate::domain::id::{ConversationId, MessageId};

/// An unsent text. An empty one is no draft: keeping it forgets the draft there was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// A ticket's own conversation, or any other.
    pub conversation: ConversationId,
    /// Who would read it.
    pub visibility: Visibility,
    pub text: String,
    /// The fewest people it was ever meant for: what was begun as internal stays known as that.
    pub written_as: Visibility,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    pub changed_at: Timestamp,
}

/// This person's drafts.
///
/// # Errors
/// When the cache cannot be read.
pub async fn all(cache: &Cache) -> Result<Vec<Draft>, CacheError> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT data FROM drafts WHERE person = ?").bind(cache.me().to_string()).fetch_all(cache.readers()).await?;
    // A draft of a later version's shape is left where it is, for that version.
    Ok(rows.iter().filter_map(|row| serde_json::from_str(row).ok()).collect())
}

/// Keeps drafts in one transaction; empty ones are forgotten.
///
/// # Errors
/// When the cache cannot be written.
pub async fn keep(cache: &Cache, drafts: &[Draft]) -> Result<(), CacheError> {
    let mut writing = cache.write_rows().await?;
    let me = cache.me().to_string();
    for draft in drafts {
        let visibility = serde_json::to_string(&draft.visibility)?;
        let statement = if draft.text.is_empty() {
            sqlx::query("DELETE FROM drafts WHERE person = ? AND conversation = ? AND visibility = ?")
        } else {
            sqlx::query("INSERT OR REPLACE INTO drafts(person, conversation, visibility, data) VALUES (?, ?, ?, ?)")
        };
        let statement = statement.bind(&me).bind(draft.conversation.to_string()).bind(visibility);
        let statement = if draft.text.is_empty() { statement } else { statement.bind(serde_json::to_string(draft)?) };
        statement.execute(writing.connection()).await?;
    }
    writing.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::new_id;
    use crate::domain::id::PersonId;

    fn draft(n: u128, visibility: Visibility, text: &str) -> Draft {
        Draft {
            conversation: uuid::Uuid::from_u128(n).into(),
            visibility,
            text: text.to_owned(),
            written_as: visibility,
            reply_to: None,
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn drafts_are_kept_per_place_and_reader_and_forgotten_when_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("me.sqlite");
        let me = PersonId(new_id());
        let cache = Cache::open(&path, me).await.unwrap();
        let (public, internal, other) = (
            draft(1, Visibility::Public, "马上到"),
            draft(1, Visibility::Internal, "fuse blown\nsee runbook"),
            draft(2, Visibility::Internal, "hi"),
        );
        keep(&cache, &[public.clone(), internal.clone(), other]).await.unwrap();
        keep(&cache, &[draft(2, Visibility::Internal, ""), draft(3, Visibility::Public, "")]).await.unwrap();
        let mut found = all(&cache).await.unwrap();
        found.sort_by_key(|draft| draft.text.clone());
        assert_eq!(found, [internal.clone(), public.clone()]);
        // Rows of another shape are thrown away; drafts are not.
        let mut writing = cache.write_rows().await.unwrap();
        sqlx::query("UPDATE meta SET value = '999' WHERE key = 'schema'").execute(writing.connection()).await.unwrap();
        writing.commit().await.unwrap();
        cache.close().await;
        drop(cache);
        let cache = Cache::open(&path, me).await.unwrap();
        assert_eq!(all(&cache).await.unwrap().len(), 2);
        cache.close().await;
        drop(cache);
        let cache = Cache::open(&path, PersonId(new_id())).await.unwrap();
        assert_eq!(all(&cache).await.unwrap(), [], "another person's are not shown");
    }

    #[tokio::test]
    async fn what_a_second_console_left_unsent_is_found_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("me.sqlite");
        let me = PersonId(new_id());
        let (first, second) = (Cache::open(&path, me).await.unwrap(), Cache::open(&path, me).await.unwrap());
        keep(&second, &[draft(1, Visibility::Public, "half a th")]).await.unwrap();
        for cache in [first, second] {
            cache.close().await;
        }
        let next = Cache::open(&path, me).await.unwrap();
        assert_eq!(all(&next).await.unwrap().len(), 1);
    }
}

//! Search as screens ask for it: at once in what the console holds, and in all history on the server.

use reqwest::Url;

use crate::domain::search::{SearchHit, SearchIn};
use crate::wire::search::SearchPage;

use super::desk::DeskClient;
use super::error::ClientError;

/// A page of what was found, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundHits {
    pub hits: Vec<SearchHit>,
    /// Where the next page starts; absent after the last.
    pub next: Option<String>,
    /// Everything there is was searched; the server may still be taking older texts in.
    pub complete: bool,
}

impl DeskClient {
    /// Of what this console holds: open tickets, and conversations that were read or are followed. `after`: `next` of the page
    /// before.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn search_here(
        &self,
        words: &str,
        within: Option<SearchIn>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<FoundHits, ClientError> {
        let skip = after.and_then(|after| after.parse().ok()).unwrap_or(0);
        Ok(self.cache().search(words, within, skip, limit, self.core.clock.now()).await?)
    }

    /// Of all history that this person may read.
    ///
    /// # Errors
    /// When there is no link, or the server refuses the search.
    pub async fn search_history(
        &self,
        words: &str,
        within: Option<SearchIn>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<FoundHits, ClientError> {
        let page: SearchPage = self.api()?.get(&path(words, within, after, limit)).await?;
        Ok(FoundHits { hits: page.hits, next: page.next, complete: page.complete })
    }
}

fn path(words: &str, within: Option<SearchIn>, after: Option<&str>, limit: usize) -> String {
    let mut url = Url::parse("http://desk/api/v1/search").expect("a constant URL is a URL");
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("q", words).append_pair("limit", &limit.to_string());
        if let Some(within) = within {
            let word = match within {
                SearchIn::Tickets => "tickets",
                SearchIn::Messages => "messages",
                SearchIn::Notes => "notes",
            };
            query.append_pair("in", word);
        }
        if let Some(after) = after {
            query.append_pair("before", after);
        }
    }
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

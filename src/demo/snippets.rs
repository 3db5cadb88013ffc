//! The sample desk's canned replies, each in both languages.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::DemoLanguage;
use super::seed::id_for;
use crate::domain::snippet::Snippet;

#[derive(Deserialize)]
struct Content {
    snippet: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    key: String,
    title: String,
    title_zh: String,
    en: String,
    zh: String,
}

/// The desk's snippets, titled in its language.
pub(super) fn generate(language: DemoLanguage, seed: u64) -> Vec<Snippet> {
    let content: Content = toml::from_str(include_str!("content/snippets.toml")).expect("the sample's snippets are TOML of this shape");
    let snippet = |(index, written): (usize, Written)| Snippet {
        id: id_for(seed, "snippet", index as u64).into(),
        version: 1,
        key: written.key,
        title: match language {
            DemoLanguage::English => written.title,
            DemoLanguage::Chinese => written.title_zh,
        },
        owner: None,
        queue: None,
        texts: BTreeMap::from([("en".to_owned(), written.en), ("zh-CN".to_owned(), written.zh)]),
        active: true,
    };
    content.snippet.into_iter().enumerate().map(snippet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::snippet::expand::check;

    #[test]
    fn every_snippet_is_written_in_both_languages_with_known_variables() {
        for snippet in generate(DemoLanguage::Chinese, 1) {
            assert_eq!(snippet.texts.len(), 2, "{}", snippet.key);
            for text in snippet.texts.values() {
                check(text).unwrap();
                assert!(!text.trim().is_empty());
            }
        }
    }
}

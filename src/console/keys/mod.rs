//! The person's own keys: [`mod@file`] reads what `keys.toml` says, [`doc`] writes the table of all keys, for people and for docs.

pub mod doc;
pub mod file;

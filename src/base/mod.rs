//! Leaf helpers without one desk word.

pub mod backoff;
pub mod clock;
pub mod letters;
pub mod lines;
pub mod lock;
pub mod pinyin;
pub mod safeguard;
pub mod stable_id;
pub mod terms;
pub mod text;

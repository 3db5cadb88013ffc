//! Rotas as people read and write them: a form of fields, the texts in it, and the page that shows one.

pub mod form;
pub mod open;
pub mod page;
pub mod text;

//! Filters and saved views on whole screens.

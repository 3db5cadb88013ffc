//! Holds the sample desk to what it promises.

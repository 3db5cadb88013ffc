//! Figures of the console.

fn main() {}

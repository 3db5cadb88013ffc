//! Names near a mistyped one, so that a refusal can say what was probably meant.

/// Longer texts, in bytes, are no mistyped names, and comparing them takes long.
const TYPED_MAX: usize = 100;

/// ` Did you mean a, b?` with the nearest of `names`, or nothing when none is near.
#[must_use]
pub fn near<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> String {
    let listed = nearest(typed, &names.collect::<Vec<_>>());
    if listed.is_empty() { String::new() } else { format!(" Did you mean {}?", listed.join(", ")) }
}

/// At most three of `names`, the nearest first; none where none is near.
#[must_use]
pub fn nearest<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    if typed.len() > TYPED_MAX {
        return Vec::new();
    }
    let typed = typed.to_lowercase();
    let limit = typed.chars().count().div_ceil(3).max(1);
    let score = |name: &str| {
        let name = name.to_lowercase();
        if !typed.is_empty() && name.contains(&typed) { 0 } else { distance(&typed, &name) }
    };
    let mut found: Vec<(usize, &'a str)> = names.iter().map(|name| (score(name), *name)).filter(|(score, _)| *score <= limit).collect();
    found.sort_unstable();
    found.into_iter().take(3).map(|(_, name)| name).collect()
}

/// As [`near`]; all names where none is near: there are few enough to be read.
#[must_use]
pub fn near_or_all<'a>(typed: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let near = near(typed, names.clone());
    if near.is_empty() { format!(" Use one of {}.", names.collect::<Vec<_>>().join(", ")) } else { near }
}

/// Letters to insert, remove or replace to turn one into the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

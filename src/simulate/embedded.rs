//! The scenarios that come with the program.

/// Name and text of each.
pub const ALL: [(&str, &str); 4] = [
    ("volume-tripled", include_str!("scenarios/volume-tripled.toml")),
    ("hand-dispatch", include_str!("scenarios/hand-dispatch.toml")),
    ("stations-24x7", include_str!("scenarios/stations-24x7.toml")),
    ("complaint-departments", include_str!("scenarios/complaint-departments.toml")),
];

/// The text of the scenario with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(key, _)| *key == name).map(|(_, text)| *text)
}

//! Attaching: a path with completion, then words for it and who is to see it.

use std::path::{Path, PathBuf};

use crate::client::files::local::Local;
use crate::console::overlay::Prompt;
use crate::domain::conversation::Visibility;

/// Completions shown at most.
const PATHS_MAX: usize = 200;

/// Where attaching stands.
pub enum Step {
    /// A path is being typed; these go on from it.
    Path { prompt: Prompt, found: Vec<String>, note: Option<String>, busy: bool },
    /// What to say with the files.
    Say { prompt: Prompt },
}

pub struct Attach {
    pub step: Step,
    pub files: Vec<Local>,
    pub visibility: Visibility,
}

impl Attach {
    #[must_use]
    pub fn new() -> Self {
        let prompt = Prompt::new("~/".to_owned());
        Self {
            step: Step::Path { prompt, found: Vec::new(), note: None, busy: false },
            files: Vec::new(),
            visibility: Visibility::Internal,
        }
    }

    /// The names of what is chosen.
    #[must_use]
    pub fn names(&self) -> String {
        self.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// `~` is the home folder.
#[must_use]
pub fn expand(typed: &str) -> PathBuf {
    let home = || directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    match typed.strip_prefix("~/").or_else(|| (typed == "~").then_some("")) {
        Some(rest) => home().map_or_else(|| PathBuf::from(typed), |home| home.join(rest)),
        None => PathBuf::from(typed),
    }
}

/// What `typed` may go on to, folders with a `/` behind; hidden ones only when asked for.
#[must_use]
pub fn paths(typed: &str) -> Vec<String> {
    let (folder, start) = typed.rsplit_once('/').map_or(("", typed), |(folder, start)| (&typed[..=folder.len()], start));
    let place = if folder.is_empty() { PathBuf::from(".") } else { expand(folder) };
    let mut found: Vec<String> = std::fs::read_dir(place)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let fits = name.starts_with(start) && (start.starts_with('.') || !name.starts_with('.'));
            // What a terminal would obey cannot be typed either.
            let plain = crate::base::text::clean(&name) == name;
            let ending = if is_folder(&entry.path()) { "/" } else { "" };
            (fits && plain).then(|| format!("{folder}{name}{ending}"))
        })
        .collect();
    found.sort();
    found.truncate(PATHS_MAX);
    found
}

fn is_folder(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_dir())
}

/// What all of `found` start with.
#[must_use]
pub fn common(found: &[String]) -> String {
    let Some(first) = found.first() else { return String::new() };
    let mut end = first.len();
    for other in &found[1..] {
        let same = first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        end = end.min(same);
    }
    while !first.is_char_boundary(end) {
        end -= 1;
    }
    first[..end].to_owned()
}

//! Attaching: a path with completion, then words for it and who is to see it.
//!
//! What the path may go on to is listed while it is typed. Tab completes as far as all of them agree and then goes through the
//! list, as up and down do; Enter takes the marked one, or goes into it.

use std::path::{Path, PathBuf};

use crate::base::pinyin;
use crate::client::files::local::Local;
use crate::console::overlay::Prompt;
use crate::domain::conversation::Visibility;

/// Completions shown at most.
const PATHS_MAX: usize = 200;

/// Where attaching stands.
pub enum Step {
    /// A path is being typed; these go on from it.
    Path { prompt: Prompt, found: Vec<String>, marked: Option<usize>, completing: bool, note: Option<String>, busy: bool },
    /// What to say with the files.
    Say { prompt: Prompt },
}

pub struct Attach {
    pub step: Step,
    pub files: Vec<Local>,
    pub visibility: Visibility,
}

impl Attach {
    /// Starts in the folder where the last file was taken, or at home.
    #[must_use]
    pub fn new(folder: Option<&str>) -> Self {
        let prompt = Prompt::new(folder.unwrap_or("~/").to_owned());
        Self {
            step: Step::Path { prompt, found: Vec::new(), marked: None, completing: false, note: None, busy: false },
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

/// The folder of a typed path, with its `/`; absent when it names none.
#[must_use]
pub fn folder(typed: &str) -> Option<&str> {
    typed.rfind('/').map(|at| &typed[..=at])
}

/// How near a name is to what was typed of it; absent when it does not go on from it.
fn nearness(name: &str, start: &str) -> Option<u8> {
    let letters = crate::base::letters::letters;
    match () {
        () if name.starts_with(start) => Some(0),
        () if letters(name).starts_with(&letters(start)) => Some(1),
        () if pinyin::starts(&letters(name).chars().collect::<Vec<_>>(), &letters(start)) => Some(2),
        () => None,
    }
}

/// What `typed` may go on to, folders with a `/` behind; hidden ones only after a dot. Names that start with what was typed; where
/// there are none, those that do with other capitals, or in pinyin (`xz` for 下载).
#[must_use]
pub fn paths(typed: &str) -> Vec<String> {
    if typed == "~" {
        return vec!["~/".to_owned()];
    }
    let folder = folder(typed).unwrap_or_default();
    let start = &typed[folder.len()..];
    let place = if folder.is_empty() { PathBuf::from(".") } else { expand(folder) };
    let mut found: Vec<(u8, String)> = std::fs::read_dir(place)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let nearness = nearness(&name, start).filter(|_| start.starts_with('.') || !name.starts_with('.'))?;
            // What a terminal would obey cannot be typed either.
            let plain = crate::base::text::clean(&name) == name;
            let ending = if plain && is_folder(&entry.path()) { "/" } else { "" };
            plain.then(|| (nearness, format!("{folder}{name}{ending}")))
        })
        .collect();
    found.sort();
    let nearest = found.first().map(|(nearness, _)| *nearness);
    found.into_iter().take_while(|(nearness, _)| Some(*nearness) == nearest).map(|(_, path)| path).take(PATHS_MAX).collect()
}

/// What `typed` is completed to: the only path there is, or as far as all agree.
#[must_use]
pub fn completed(typed: &str, found: &[String]) -> Option<String> {
    let longer = if let [only] = found { only.clone() } else { common(found) };
    let goes_on = longer.len() > typed.len() && longer.starts_with(typed);
    (goes_on || (found.len() == 1 && longer != typed)).then_some(longer)
}

fn is_folder(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_dir())
}

/// What all of `found` start with.
fn common(found: &[String]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_on_by_name_by_capitals_and_by_pinyin() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Report.pdf", "report-2.pdf", ".hidden", "下载", "下午.txt", "\u{1b}[2J.txt"] {
            if name == "下载" {
                std::fs::create_dir(folder.path().join(name)).unwrap()
            } else {
                std::fs::write(folder.path().join(name), "").unwrap()
            }
        }
        let base = format!("{}/", folder.path().display());
        let go_on = |start: &str| -> Vec<String> {
            paths(&format!("{base}{start}")).iter().map(|path| path.strip_prefix(&base).unwrap().to_owned()).collect()
        };
        assert_eq!(go_on(""), ["Report.pdf", "report-2.pdf", "下午.txt", "下载/"], "hidden and unspeakable names are left out");
        assert_eq!(go_on("."), [".hidden"]);
        assert_eq!(go_on("下"), ["下午.txt", "下载/"]);
        assert_eq!(go_on("report"), ["report-2.pdf"]);
        assert_eq!(go_on("REPORT"), ["Report.pdf", "report-2.pdf"]);
        assert_eq!(go_on("xz"), ["下载/"]);
        assert_eq!(go_on("nothing"), Vec::<String>::new());
        assert_eq!(paths("~"), ["~/"]);
    }

    #[test]
    fn completion_goes_as_far_as_all_agree() {
        let found = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(completed("/a/下", &found(&["/a/下载一", "/a/下载二"])).as_deref(), Some("/a/下载"));
        assert_eq!(completed("/a/xz", &found(&["/a/下载/"])).as_deref(), Some("/a/下载/"), "the only one is taken");
        assert_eq!(completed("/a/re", &found(&["/a/Re1", "/a/RE2"])), None, "what was typed is not taken back");
        assert_eq!(completed("/a/b", &found(&["/a/b"])), None);
        assert_eq!(completed("/a/b", &[]), None);
    }
}

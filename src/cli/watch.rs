//! Reads the setup again when `config.toml`, `keys.toml` or a theme was saved. Folders are watched, not files: editors put a new
//! file in the place of the old one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc as out;

use super::setup::{self, Given};
use crate::console::config::Setup;

/// Saving takes several steps; after this silence it is done.
const SILENCE: Duration = Duration::from_millis(120);
/// Events taken as one.
const STEPS_MAX: usize = 50;
const FILES: [&str; 2] = ["config.toml", "keys.toml"];

type Reloads = out::UnboundedReceiver<Result<Setup, String>>;

/// Watches while it lives.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

/// Starts watching `folder`. Where the system cannot watch, the setup stays what it is until the next start.
#[must_use]
pub fn start(folder: PathBuf, given: Given) -> (Option<Watch>, Option<Reloads>) {
    match try_start(folder, given) {
        Ok((watch, reloads)) => (Some(watch), Some(reloads)),
        Err(error) => {
            tracing::warn!(%error, "settings are not watched: they are read again at the next start");
            (None, None)
        }
    }
}

fn try_start(folder: PathBuf, given: Given) -> notify::Result<(Watch, Reloads)> {
    std::fs::create_dir_all(&folder)?;
    let (told, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Where data lives in the same folder, a cache that is written is no news.
        let mine = |path: &PathBuf| path.extension().is_some_and(|end| end == "toml") || path.ends_with("themes");
        if event.is_ok_and(|event| !event.kind.is_access() && (event.need_rescan() || event.paths.iter().any(mine))) {
            // The other end goes when the console ends.
            let _ = told.send(());
        }
    })?;
    watcher.watch(&folder, RecursiveMode::Recursive)?;
    let (sender, reloads) = out::unbounded_channel();
    let before = contents(&folder);
    std::thread::Builder::new().name("settings".to_owned()).spawn(move || follow(&folder, &given, &events, &sender, before))?;
    Ok((Watch { _watcher: watcher }, reloads))
}

type Contents = BTreeMap<PathBuf, Vec<u8>>;

fn follow(
    folder: &Path,
    given: &Given,
    events: &mpsc::Receiver<()>,
    sender: &out::UnboundedSender<Result<Setup, String>>,
    mut before: Contents,
) {
    while events.recv().is_ok() {
        // Editors write in several steps; but somebody who never stops writing does not keep the rest from being read.
        for _ in 0..STEPS_MAX {
            if events.recv_timeout(SILENCE).is_err() {
                break;
            }
        }
        let now = contents(folder);
        if now == before {
            continue;
        }
        before = now;
        let setup = setup::read(folder, given).map_err(|error| error.to_string());
        if sender.send(setup).is_err() {
            return;
        }
    }
}

/// What the files of a setup say: an event that changes nothing is none.
fn contents(folder: &Path) -> Contents {
    let themes = std::fs::read_dir(folder.join("themes")).into_iter().flatten().flatten().map(|entry| entry.path());
    let themes = themes.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let files = FILES.iter().map(|name| folder.join(name)).chain(themes);
    files.filter_map(|path| std::fs::read(&path).ok().map(|text| (path, text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn saving_reads_again_in_whatever_way_it_is_saved() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("config");
        let (watch, reloads) = start(folder.clone(), Given::default());
        let (watch, mut reloads) = (watch.unwrap(), reloads.unwrap());

        std::fs::write(folder.join("config.toml"), "theme = \"mono\"\n").unwrap();
        assert_eq!(reloads.recv().await.unwrap().unwrap().wardrobe.chosen, "mono");

        std::fs::write(folder.join("config.toml.new"), "theme = \"soft-dark\"\n").unwrap();
        std::fs::rename(folder.join("config.toml.new"), folder.join("config.toml")).unwrap();
        assert_eq!(reloads.recv().await.unwrap().unwrap().wardrobe.chosen, "soft-dark");

        std::fs::write(folder.join("config.toml"), "them = \"mono\"\n").unwrap();
        let error = reloads.recv().await.unwrap().unwrap_err();
        assert!(error.contains("line 1") && error.contains("theme"), "{error}");
        drop(watch);
        assert!(reloads.recv().await.is_none(), "the thread ends with the watch");
    }
}

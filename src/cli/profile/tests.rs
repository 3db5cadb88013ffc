//! Profiles on disk: who can read them, and what a wrong file says.

use super::*;
use crate::console::locale::Language;

fn profile(key: &str, server: &str) -> Profile {
    Profile { key: key.to_owned(), server: server.to_owned(), handle: Some("li.na".to_owned()), name: None }
}

fn empty(folder: &Path) -> Profiles {
    Profiles::load_from(folder).expect("an empty folder is no profile")
}

#[test]
fn a_profile_comes_back_with_its_token_and_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let mut profiles = empty(folder.path());
    assert!(profiles.current(None).is_none());
    profiles.save(profile("home", EMBEDDED), None).unwrap();
    profiles.save(profile("work", "http://127.0.0.1:7070"), Some("dd_secret".to_owned())).unwrap();

    let mut again = empty(folder.path());
    let (current, token) = again.current(None).unwrap();
    assert_eq!((current, token.as_deref()), (profile("work", "http://127.0.0.1:7070"), Some("dd_secret")));
    assert_eq!(again.token_for("http://127.0.0.1:7070/").as_deref(), Some("dd_secret"));
    assert!(again.current(Some("home")).unwrap().0.is_embedded());

    again.remove("work").unwrap();
    let left = empty(folder.path());
    assert_eq!(left.current_key(), Some("home"));
    assert!(left.token_for("http://127.0.0.1:7070").is_none());
}

#[test]
fn choosing_keeps_language_and_theme() {
    let folder = tempfile::tempdir().unwrap();
    let mut profiles = empty(folder.path());
    profiles.save(profile("a", EMBEDDED), None).unwrap();
    std::fs::write(folder.path().join("config.toml"), "# Mine.\nlanguage = \"zh-CN\"\ntheme = \"mono\" # rests the eyes\n").unwrap();
    profiles.choose("a").unwrap();
    let text = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    assert!(text.starts_with("# Mine.\n") && text.contains("# rests the eyes"), "{text}");
    let settings = Config::load_from(folder.path()).unwrap();
    assert_eq!(
        (settings.language, settings.theme.as_deref(), settings.profile.as_deref()),
        (Some(Language::Chinese), Some("mono"), Some("a"))
    );
    assert_eq!(profiles.choose("b").unwrap_err().exit_code(), 4);
}

#[cfg(unix)]
#[test]
fn tokens_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    empty(folder.path()).save(profile("work", "http://127.0.0.1:7070"), Some("dd_secret".to_owned())).unwrap();
    let path = folder.path().join("tokens.toml");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = Profiles::load_from(folder.path()).unwrap_err().to_string();
    assert!(error.contains("chmod 600"), "{error}");
    assert!(!error.contains("dd_secret"));
}

#[test]
fn a_wrong_key_names_file_line_and_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), "theme = \"dark\"\nlangauge = \"en\"\n").unwrap();
    let error = Config::load_from(folder.path()).unwrap_err().to_string();
    assert!(error.contains("config.toml line 2"), "{error}");
    assert!(error.contains("Did you mean language?"), "{error}");

    std::fs::write(folder.path().join("profiles.toml"), "[work]\nserver = \"http://x\"\n\n[home]\nserver = 3\n").unwrap();
    let error = Profiles::load_from(folder.path()).unwrap_err().to_string();
    assert!(error.contains("profiles.toml line 5"), "{error}");
}

//! Changes single settings in `config.toml` and leaves the rest as the person wrote it: comments, order, blank lines.

use std::io::Write;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Value};

use super::error::CliError;

/// Sets one key above all tables, or takes it away.
///
/// # Errors
/// When the file cannot be read or written, or is no TOML: then nothing is changed.
pub fn set(folder: &Path, key: &str, value: Option<&str>) -> Result<(), CliError> {
    let path = folder.join("config.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(CliError::failed(format!("{} cannot be read: {error}.", path.display()))),
    };
    let changed = edited(&text, key, value).map_err(|error| {
        let line = line_of(&text, error.span().map_or(0, |span| span.start));
        let why = error.message().lines().collect::<Vec<_>>().join(" ");
        CliError::failed(format!("{} line {line}: {why}; nothing was changed.", path.display()))
    })?;
    if changed == text { Ok(()) } else { replace(&path, &changed) }
}

fn edited(text: &str, key: &str, value: Option<&str>) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let Some(value) = value else {
        document.remove(key);
        return Ok(document.to_string());
    };
    let mut value = Value::from(value);
    if let Some(old) = document.get_mut(key).and_then(Item::as_value_mut) {
        // The remark behind it stays behind it.
        *value.decor_mut() = old.decor().clone();
        *old = value;
        return Ok(document.to_string());
    }
    let line = format!("{key} = {}", value.to_string().trim());
    if let Some(commented) = text.lines().take_while(|line| !line.starts_with('[')).find(|line| names(line, key)) {
        // The commented default: it becomes the setting, where it stands.
        return Ok(text.replacen(commented, &line, 1));
    }
    document.insert(key, Item::Value(value));
    Ok(document.to_string())
}

/// Whether a line is the commented default of a key: `#theme = "auto"`.
fn names(line: &str, key: &str) -> bool {
    let rest = line.strip_prefix('#').map(str::trim_start).and_then(|rest| rest.strip_prefix(key));
    rest.is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// Replaces a file as a whole, readable by its owner alone (a temporary file is born so). A link stays one: settings are often
/// kept elsewhere.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::failed(format!("{} cannot be written: {error}.", path.display()));
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|error| failed(&error))?;
    file.persist(&target).map_err(|error| failed(&error.error))?;
    Ok(())
}

/// The line of a byte, from 1.
#[must_use]
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_order_survive() {
        let text = "# Mine.\nlanguage = \"en\" # at work\n\n# Quiet.\ntheme = \"dark\"\n\n[screen]\n# no mouse\nmouse = false\n";
        let changed = edited(text, "language", Some("zh-CN")).unwrap();
        assert_eq!(changed, text.replace("\"en\"", "\"zh-CN\""));
        let changed = edited(text, "theme", None).unwrap();
        assert!(changed.contains("# Mine.") && changed.contains("# no mouse") && !changed.contains("theme"), "{changed}");
    }

    #[test]
    fn a_key_that_is_not_there_goes_above_the_tables() {
        assert_eq!(edited("", "theme", Some("mono")).unwrap(), "theme = \"mono\"\n");
        let changed = edited("[screen]\nmouse = false\n", "theme", Some("mono")).unwrap();
        let config: crate::console::config::Config = toml::from_str(&changed).unwrap();
        assert_eq!((config.theme.as_deref(), config.screen.mouse), (Some("mono"), false));
    }

    #[test]
    fn a_commented_default_becomes_the_setting() {
        let text = "# Your theme.\n#theme = \"auto\"\n\n#dark-theme = \"dark\"\n[screen]\n";
        let changed = edited(text, "theme", Some("warm-dark")).unwrap();
        assert_eq!(changed, text.replace("#theme = \"auto\"", "theme = \"warm-dark\""));
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), "theme = \n").unwrap();
        let error = set(folder.path(), "theme", Some("mono")).unwrap_err().to_string();
        assert!(error.contains("line 1"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("config.toml")).unwrap(), "theme = \n");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_settings_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("dotfiles.toml");
        std::fs::write(&real, "# kept elsewhere\n").unwrap();
        std::os::unix::fs::symlink(&real, folder.path().join("config.toml")).unwrap();
        set(folder.path(), "theme", Some("mono")).unwrap();
        assert!(folder.path().join("config.toml").is_symlink());
        assert!(std::fs::read_to_string(real).unwrap().contains("theme = \"mono\""));
    }
}

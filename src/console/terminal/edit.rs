//! The person's own editor on a text: the terminal is theirs until it ends. The text is in a file that only they can read, and
//! the file is gone afterwards.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use futures::FutureExt;

use super::screen::{Screen, TerminalError};

/// Most bytes read back.
const BYTES_MAX: u64 = 1024 * 1024;

/// The editor to run: `$VISUAL`, else `$EDITOR`, else `vi`. May hold arguments.
fn program() -> String {
    let named = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".to_owned())
}

impl Screen {
    /// Runs the editor on `text`; the text as it was saved, or why there is none, in the inner result.
    ///
    /// # Errors
    /// When the terminal cannot be taken over again.
    pub async fn edit(&mut self, text: &str) -> Result<Result<String, String>, TerminalError> {
        self.reader.hold()?;
        super::screen::give_back();
        let streams = self.input.try_clone().and_then(|input| Ok((input, self.output.try_clone()?)));
        let text = text.to_owned();
        // The wait blocks a thread of its own: nothing is drawn meanwhile, but sync goes on.
        let work = tokio::task::spawn_blocking(move || run(&program(), &text, streams?));
        let edited = work.await.map_err(io::Error::other).and_then(|edited| edited);
        // Control-C in the editor was meant for the editor.
        while self.interrupted().now_or_never().is_some() {}
        self.take_back()?;
        Ok(edited.map_err(|error| error.to_string()))
    }
}

fn run(program: &str, text: &str, (input, output): (File, File)) -> io::Result<String> {
    let mut file = tempfile::Builder::new().prefix("dutydesk-").suffix(".md").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let status = status_of(program, file.path(), input, output)?;
    if !status.success() {
        return Err(io::Error::other(format!("`{program}` ended with {status}; set EDITOR to one that works")));
    }
    // Editors may replace the file instead of writing into it.
    let mut edited = String::new();
    File::open(file.path())?.take(BYTES_MAX).read_to_string(&mut edited)?;
    // They end the last line; a message does not.
    if !text.ends_with('\n') {
        edited.truncate(edited.trim_end_matches('\n').len());
    }
    Ok(edited)
}

fn status_of(program: &str, path: &Path, input: File, output: File) -> io::Result<ExitStatus> {
    let errors = output.as_fd().try_clone_to_owned()?;
    Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("{program} \"$1\""))
        .arg("sh")
        .arg(path)
        .stdin(Stdio::from(input))
        .stdout(Stdio::from(output))
        .stderr(Stdio::from(errors))
        .status()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streams() -> (File, File) {
        (File::open("/dev/null").unwrap(), File::options().write(true).open("/dev/null").unwrap())
    }

    #[test]
    fn the_text_comes_back_as_saved_and_the_file_is_private_and_goes() {
        let seen = tempfile::tempdir().unwrap();
        let note = seen.path().join("note");
        let script =
            format!("f() {{ ls -l \"$1\" > {note} ; echo \"$1\" >> {note}; printf '第二行\\n\\n' >> \"$1\"; }}; f", note = note.display());
        assert_eq!(run(&script, "first\n", streams()).unwrap(), "first\n第二行\n\n");
        assert_eq!(run(&script, "first", streams()).unwrap(), "first第二行");
        let note = std::fs::read_to_string(note).unwrap();
        assert!(note.starts_with("-rw-------"), "{note}");
        assert!(!Path::new(note.lines().nth(1).unwrap()).exists());
    }

    #[test]
    fn an_editor_that_fails_changes_nothing_and_says_what_to_do() {
        let error = run("false", "text", streams()).unwrap_err().to_string();
        assert!(error.contains("`false`") && error.contains("EDITOR"), "{error}");
        assert!(run("no-such-editor-here", "text", streams()).is_err());
    }
}

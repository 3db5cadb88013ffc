//! Passwords: typed unseen at a terminal, or a line of stdin. Never an argument, which other users can read.

use std::io::{BufRead, IsTerminal};

use super::error::CliError;
use super::output::Output;

/// A password, asked for at the terminal or read as the next line of stdin.
///
/// # Errors
/// When there is no terminal to ask at, or no line.
pub fn ask(prompt: &str, from_stdin: bool) -> Result<String, CliError> {
    if from_stdin {
        return line(&mut std::io::stdin().lock());
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage("There is no terminal to ask for the password at: add --password-stdin and pipe it in."));
    }
    rpassword::prompt_password(prompt).map_err(|error| CliError::failed(format!("The password cannot be asked for: {error}.")))
}

/// As [`ask`]; at a terminal twice, because nobody sees what they type.
///
/// # Errors
/// As [`ask`], or when the two differ.
pub fn ask_twice(prompt: &str, from_stdin: bool) -> Result<String, CliError> {
    let first = ask(prompt, from_stdin)?;
    if from_stdin || ask("Again: ", false)? == first {
        return Ok(first);
    }
    Err(CliError::usage("The two passwords differ: try again."))
}

/// Something that may be seen while it is typed.
///
/// # Errors
/// When there is no terminal to ask at, or stdin is the password's.
pub fn visible(prompt: &str, stdin_taken: bool, out: Output) -> Result<String, CliError> {
    if stdin_taken || !std::io::stdin().is_terminal() {
        return Err(CliError::usage("There is no terminal to ask for the handle at: add --handle HANDLE."));
    }
    out.note(prompt);
    Ok(line(&mut std::io::stdin().lock())?.trim().to_owned())
}

fn line(stdin: &mut impl BufRead) -> Result<String, CliError> {
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    read.map_err(|error| CliError::usage(format!("Stdin cannot be read: {error}.")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(CliError::usage("Nothing was typed: give one line."));
    }
    Ok(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_password_spaces_included() {
        let mut stdin = std::io::Cursor::new(" pass word \r\nnext\n");
        assert_eq!(line(&mut stdin).unwrap(), " pass word ");
        assert_eq!(line(&mut stdin).unwrap(), "next");
        assert_eq!(line(&mut stdin).unwrap_err().exit_code(), 2);
    }
}

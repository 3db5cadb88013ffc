//! What the terminal can do, by what it answered and what its environment says; and what to set.

use std::time::Duration;

use super::{Check, State, advise, check};
use crate::console::terminal::probe::{self, Answers, FOCUS, MOUSE, PASTE, SCHEME, SYNCHRONIZED, WIDTHS};

/// Variables of the environment.
pub type Env<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// How long the terminal may take to answer; farther away it takes longer.
const PATIENCE: Duration = Duration::from_millis(250);
const PATIENCE_SSH: Duration = Duration::from_millis(600);
/// A round trip beyond this is felt with every key.
const TRIP_MAX: Duration = Duration::from_millis(150);

/// Asks the terminal, unless its kind is known to print questions.
pub fn asked(env: &Env<'_>) -> Option<Answers> {
    let term = env("TERM").unwrap_or_default();
    if matches!(term.as_str(), "" | "dumb" | "unknown") {
        return None;
    }
    let patience = if env("SSH_TTY").is_some() { PATIENCE_SSH } else { PATIENCE };
    let careful = term == "linux" || term.starts_with("vt") || term.starts_with("screen") && env("TMUX").is_none();
    probe::ask(patience, careful).ok().flatten()
}

/// A line for each thing.
pub fn checks(answers: Option<&Answers>, env: &Env<'_>) -> Vec<Check> {
    let mut checks = vec![colours(answers, env), ssh(env)];
    checks.extend(mosh(env));
    checks.extend(screen(env));
    if let Some(answers) = answers {
        checks.extend(told(answers, env));
    } else {
        checks.push(check("answers", State::Warn, "no terminal answered: what it can do is guessed from TERM"));
    }
    checks
}

fn told(answers: &Answers, env: &Env<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    let version = answers.version.clone().or_else(|| env("TERM_PROGRAM")).unwrap_or_else(|| "does not say its name".to_owned());
    let trip = answers.round_trip.map(|trip| format!(", answers in {} ms", trip.as_millis())).unwrap_or_default();
    let seen = format!("{version}{trip}");
    checks.push(match answers.round_trip {
        _ if !answers.whole => advise(
            "answers",
            State::Warn,
            seen + ", and not to all that was asked",
            "what follows may be missing; run doctor again, outside of tmux or screen",
        ),
        Some(trip) if trip > TRIP_MAX => {
            advise("answers", State::Warn, seen, "each key takes as long: set `low-bandwidth = true` under [screen] in config.toml")
        }
        _ => check("answers", State::Ok, seen),
    });
    let knows = |mode| answers.modes.get(&mode).is_some_and(|state| matches!(state, 1..=3));
    let mode = |name, mode, without: &str| {
        if knows(mode) {
            check(name, State::Ok, format!("mode {mode} is known"))
        } else {
            check(name, State::Warn, format!("mode {mode} is not known (or not told): {without}"))
        }
    };
    checks.push(mode("synchronized output", SYNCHRONIZED, "frames may be seen half drawn; tmux has it from 3.4 on"));
    checks.push(mode("bracketed paste", PASTE, "a paste may arrive as keys: paste into text fields only"));
    checks.push(mode("focus", FOCUS, "it is not known whether you look: every notification is shown; in tmux `set -g focus-events on`"));
    checks.push(mode("mouse", MOUSE, "clicks and the wheel are not heard"));
    checks.push(mode("light and dark", SCHEME, "a change of its colours is not told: choose a theme with ctrl-t"));
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let seen = format!("Kitty keyboard: {}; Kitty pictures: {}", yes(answers.kitty_keyboard), yes(answers.kitty_graphics));
    checks.push(check("extras", State::Ok, seen + "; neither is needed"));
    checks.extend(widths(&answers.widths));
    checks
}

/// What the answers about widths mean for the settings.
fn widths(cells: &[u16]) -> Vec<Check> {
    if cells.len() != WIDTHS.len() {
        return vec![advise(
            "widths",
            State::Warn,
            format!("{} of {} answered", cells.len(), WIDTHS.len()),
            "if borders are broken, try `ambiguous-width = \"wide\"` or `glyphs = \"ascii\"` under [screen] in config.toml",
        )];
    }
    let seen: Vec<_> = WIDTHS.iter().zip(cells).map(|((text, _), cells)| format!("{text} {cells}")).collect();
    let seen = seen.join("  ");
    let of = |text: &str| WIDTHS.iter().position(|(one, _)| *one == text).map_or(0, |at| cells[at]);
    let ambiguous = match (of("…"), of("│")) {
        (1, 1) => check("ambiguous width", State::Ok, "narrow: … and │ take one cell; ambiguous-width = \"narrow\" is right"),
        _ => advise(
            "ambiguous width",
            State::Warn,
            "wide: … or │ take two cells",
            "set `ambiguous-width = \"wide\"` under [screen] in config.toml, or make them narrow in the terminal's settings",
        ),
    };
    let wrong: Vec<_> = WIDTHS.iter().zip(cells).filter(|((_, wanted), cells)| *wanted != **cells).map(|((text, _), _)| *text).collect();
    let widths = match (of("中"), wrong.is_empty()) {
        (2, true) => check("widths", State::Ok, seen),
        (2, false) => check("widths", State::Ok, format!("{seen}; counted by code points: such emoji are shown in a simple form")),
        _ => advise("widths", State::Fail, seen, "Chinese characters must take two cells: choose a UTF-8 locale and a font that has them"),
    };
    vec![ambiguous, widths]
}

fn colours(answers: Option<&Answers>, env: &Env<'_>) -> Check {
    let (term, colorterm) = (env("TERM").unwrap_or_default(), env("COLORTERM").unwrap_or_default());
    if env("NO_COLOR").is_some() {
        return check("colours", State::Ok, "NO_COLOR is set: none");
    }
    let said = matches!(colorterm.as_str(), "truecolor" | "24bit");
    match answers.and_then(|answers| answers.true_colour) {
        Some(true) if said => check("colours", State::Ok, "24 bits, by COLORTERM and by its answer"),
        Some(true) => advise("colours", State::Warn, "it shows 24 bits, but COLORTERM does not say so", "export COLORTERM=truecolor"),
        Some(false) if said && env("TMUX").is_some() => advise(
            "colours",
            State::Warn,
            "COLORTERM says 24 bits, tmux does not keep them",
            "put `set -as terminal-features \",*:RGB\"` into ~/.tmux.conf",
        ),
        _ if said => check("colours", State::Ok, "24 bits, by COLORTERM"),
        _ if term.contains("256color") => check("colours", State::Ok, format!("256, by TERM={term}")),
        _ if term == "linux" => check("colours", State::Ok, "16, as the Linux console has; it shows no Chinese without fbterm or kmscon"),
        _ => check("colours", State::Ok, "16"),
    }
}

fn ssh(env: &Env<'_>) -> Check {
    if env("SSH_TTY").is_some() {
        check("ssh", State::Ok, "over SSH: fewer frames and pages instead of rows; low-bandwidth = false under [screen] turns that off")
    } else {
        check("ssh", State::Ok, "not over SSH")
    }
}

fn mosh(env: &Env<'_>) -> Option<Check> {
    env("MOSH_CONNECTION")?;
    let seen = "inside mosh: it draws by itself, has no synchronized output, and copies (OSC 52) from 1.4 on";
    Some(check("mosh", State::Ok, seen))
}

fn screen(env: &Env<'_>) -> Option<Check> {
    env("STY")?;
    let set = "put `defutf8 on`, `defbce on` and `maptimeout 10` into ~/.screenrc; tmux shows more";
    Some(advise("screen", State::Warn, "inside GNU screen: no focus, no synchronized output, no titles", set))
}

/// What tmux is set to: how long Esc waits, clipboard, focus, passthrough, colours.
pub fn tmux(env: &Env<'_>, option: impl Fn(&str) -> Option<String>) -> Vec<Check> {
    if env("TMUX").is_none() {
        return vec![check("tmux", State::Ok, "not inside tmux")];
    }
    let mut checks = Vec::new();
    checks.push(match option("escape-time").and_then(|wait| wait.parse::<u64>().ok()) {
        Some(wait) if wait > super::ESCAPE_MAX_MS => {
            advise("tmux escape-time", State::Warn, format!("Esc waits {wait} ms"), "put `set -sg escape-time 10` into ~/.tmux.conf")
        }
        Some(wait) => check("tmux escape-time", State::Ok, format!("Esc waits {wait} ms")),
        None => check("tmux escape-time", State::Warn, "inside tmux, which does not say its escape-time"),
    });
    let passes = option("allow-passthrough").is_some_and(|set| set == "on" || set == "all");
    checks.push(match option("set-clipboard").as_deref() {
        Some("on") => check("clipboard", State::Ok, "set-clipboard is on: what is copied reaches your terminal"),
        _ if passes => check("clipboard", State::Ok, "allow-passthrough is on: what is copied reaches your terminal"),
        set => advise(
            "clipboard",
            State::Warn,
            format!("set-clipboard is {}: what is copied does not reach your terminal", set.unwrap_or("unknown")),
            "put `set -s set-clipboard on` into ~/.tmux.conf",
        ),
    });
    checks.push(match option("focus-events").as_deref() {
        Some("on") => check("tmux focus-events", State::Ok, "on"),
        _ => advise(
            "tmux focus-events",
            State::Warn,
            "off: notifications come while you look",
            "put `set -g focus-events on` into ~/.tmux.conf",
        ),
    });
    let default = option("default-terminal").unwrap_or_default();
    checks.push(if default.contains("256color") || default.contains("direct") {
        check("tmux default-terminal", State::Ok, default)
    } else {
        let seen = format!("{default}: 16 colours");
        advise("tmux default-terminal", State::Warn, seen, "put `set -g default-terminal \"tmux-256color\"` into ~/.tmux.conf")
    });
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'a>(checks: &'a [Check], name: &str) -> &'a Check {
        checks.iter().find(|one| one.check == name).unwrap_or_else(|| panic!("{name} in {checks:?}"))
    }

    fn env(set: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
        move |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn a_good_terminal_needs_nothing() {
        let widths = WIDTHS.iter().map(|(_, cells)| *cells).collect();
        let modes = [SYNCHRONIZED, PASTE, FOCUS, MOUSE, SCHEME].into_iter().map(|mode| (mode, 2)).collect();
        let answers =
            Answers { widths, modes, whole: true, true_colour: Some(true), version: Some("kitty(0.40)".into()), ..Answers::default() };
        let checks = checks(Some(&answers), &env(&[("TERM", "xterm-kitty"), ("COLORTERM", "truecolor")]));
        assert!(checks.iter().all(|one| one.state == State::Ok && one.set.is_none()), "{checks:?}");
    }

    #[test]
    fn each_want_has_its_setting() {
        let mut widths: Vec<u16> = WIDTHS.iter().map(|(_, cells)| *cells).collect();
        (widths[0], widths[1], widths[6]) = (2, 2, 4);
        let answers = Answers { widths, whole: true, true_colour: Some(true), ..Answers::default() };
        let found = checks(Some(&answers), &env(&[("TERM", "xterm")]));
        assert!(find(&found, "ambiguous width").set.as_deref().is_some_and(|set| set.contains("ambiguous-width = \"wide\"")));
        assert!(find(&found, "colours").set.as_deref().is_some_and(|set| set.contains("COLORTERM")));
        assert!(find(&found, "widths").detail.contains("simple form"));
        assert_eq!(find(&found, "synchronized output").state, State::Warn);
        let none = checks(None, &env(&[("STY", "1"), ("MOSH_CONNECTION", "1"), ("SSH_TTY", "x")]));
        assert!(none.iter().any(|one| one.check == "mosh") && none.iter().any(|one| one.check == "screen"), "{none:?}");
    }

    #[test]
    fn tmux_is_told_its_settings() {
        let inside = env(&[("TMUX", "x")]);
        let bare = tmux(&inside, |name| (name == "escape-time").then(|| "500".to_owned()));
        for (name, set) in
            [("tmux escape-time", "escape-time 10"), ("clipboard", "set-clipboard on"), ("tmux focus-events", "focus-events on")]
        {
            assert!(find(&bare, name).set.as_deref().is_some_and(|one| one.contains(set)), "{name}");
        }
        let good = tmux(&inside, |name| {
            Some(
                if name == "escape-time" {
                    "10"
                } else if name == "default-terminal" {
                    "tmux-256color"
                } else {
                    "on"
                }
                .to_owned(),
            )
        });
        assert!(good.iter().all(|one| one.state == State::Ok), "{good:?}");
        assert_eq!(tmux(&env(&[]), |_| None).len(), 1);
    }
}

//! Which terminal this is, by its environment: what it understands is sent, what it might print is not.

/// What stands between the console and the person's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    Nothing,
    Tmux,
    /// GNU screen.
    Screen,
}

/// What is known of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub between: Between,
    /// `TERM` is absent, `dumb` or `unknown`: text cannot be placed.
    pub dumb: bool,
    /// It has titles, and a stack on which the one before is kept.
    pub titles: bool,
    /// It has a second screen to come back from.
    pub alternate: bool,
    /// Texts for its clipboard reach it.
    pub clipboard: bool,
}

impl Kind {
    /// Asks the environment.
    #[must_use]
    pub fn here() -> Self {
        Self::of(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Asks `var`.
    #[must_use]
    pub fn of(var: impl Fn(&str) -> Option<String>) -> Self {
        let term = var("TERM").unwrap_or_default();
        let between = match () {
            () if var("TMUX").is_some() => Between::Tmux,
            () if var("STY").is_some() => Between::Screen,
            // Over SSH the multiplexer may be at the other end, and only its name comes along.
            () if term.starts_with("tmux") => Between::Tmux,
            () if term.starts_with("screen") => Between::Screen,
            () => Between::Nothing,
        };
        // The Linux console takes `OSC P` for its palette and prints the rest of what it does not know; so do old ones.
        let old = term == "linux" || ["vt1", "vt2", "vt5", "cons25", "wsvt25", "sun", "ansi"].iter().any(|name| term.starts_with(name));
        Self {
            between,
            dumb: matches!(term.as_str(), "" | "dumb" | "unknown"),
            titles: !old && between != Between::Screen,
            alternate: !old,
            clipboard: !old,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> Kind {
        Kind::of(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn terminals_get_what_they_understand() {
        assert_eq!(
            of(&[("TERM", "xterm-256color")]),
            Kind { between: Between::Nothing, dumb: false, titles: true, alternate: true, clipboard: true }
        );
        let linux = of(&[("TERM", "linux")]);
        assert!(!linux.titles && !linux.alternate && !linux.clipboard && !linux.dumb, "{linux:?}");
        for dumb in [&[][..], &[("TERM", "dumb")], &[("TERM", "unknown")]] {
            assert!(of(dumb).dumb, "{dumb:?}");
        }
        let tmux = of(&[("TERM", "screen-256color"), ("TMUX", "/tmp/x")]);
        assert_eq!((tmux.between, tmux.titles), (Between::Tmux, true), "tmux is tmux whatever TERM says");
        let screen = of(&[("TERM", "screen"), ("STY", "1.x")]);
        assert_eq!((screen.between, screen.titles, screen.clipboard), (Between::Screen, false, true));
        assert_eq!(of(&[("TERM", "tmux-256color")]).between, Between::Tmux);
    }
}

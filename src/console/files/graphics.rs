//! How this terminal shows pictures: from its environment alone. It is asked nothing, because answers come late and to whoever
//! reads next (ux.md, finding 1); where the environment does not say, half blocks are shown, which every terminal can.

/// A way to show pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Kitty,
    Iterm2,
    Sixel,
    HalfBlocks,
    /// Pictures are named, not shown.
    None,
}

/// The way, and the pixels of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Graphics {
    pub way: Way,
    pub cell: (u16, u16),
}

/// What a cell measures where the terminal does not say.
const CELL: (u16, u16) = (10, 20);

impl Graphics {
    #[must_use]
    pub fn half_blocks() -> Self {
        Self { way: Way::HalfBlocks, cell: CELL }
    }

    /// By the process's environment and the terminal's own size, which the system knows.
    #[must_use]
    pub fn of_terminal() -> Self {
        let way = way(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let size = rustix::termios::tcgetwinsize(std::io::stdout());
        let cell = size.ok().and_then(|size| {
            let cell = (size.ws_xpixel.checked_div(size.ws_col)?, size.ws_ypixel.checked_div(size.ws_row)?);
            (cell.0 > 1 && cell.1 > 1).then_some(cell)
        });
        Self { way, cell: cell.unwrap_or(CELL) }
    }
}

/// The way by environment variables.
fn way(get: impl Fn(&str) -> Option<String>) -> Way {
    match get("DUTYDESK_IMAGES").as_deref() {
        Some("kitty") => return Way::Kitty,
        Some("iterm2") => return Way::Iterm2,
        Some("sixel") => return Way::Sixel,
        Some("halfblocks") => return Way::HalfBlocks,
        Some("none") => return Way::None,
        _ => {}
    }
    let term = get("TERM").unwrap_or_default();
    let program = get("TERM_PROGRAM").unwrap_or_default();
    // A multiplexer stands between, and its terminal may change under us.
    if get("TMUX").is_some() || get("STY").is_some() || get("ZELLIJ").is_some() || term.starts_with("tmux") || term.starts_with("screen") {
        return Way::HalfBlocks;
    }
    if term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty" {
        return Way::Kitty;
    }
    match program.as_str() {
        "iTerm.app" | "WezTerm" => Way::Iterm2,
        _ if term.starts_with("foot") || term == "mlterm" || term == "contour" => Way::Sixel,
        _ => Way::HalfBlocks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_and_doubt_means_half_blocks() {
        let with = |set: &[(&str, &str)]| way(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()));
        assert_eq!(with(&[("TERM", "xterm-kitty")]), Way::Kitty);
        assert_eq!(with(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")]), Way::Iterm2);
        assert_eq!(with(&[("TERM", "foot-extra")]), Way::Sixel);
        assert_eq!(with(&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/x")]), Way::HalfBlocks);
        assert_eq!(with(&[("TERM", "xterm-256color")]), Way::HalfBlocks);
        assert_eq!(with(&[("TERM", "xterm-kitty"), ("DUTYDESK_IMAGES", "none")]), Way::None);
        assert_eq!(with(&[("TERM", "tmux-256color"), ("DUTYDESK_IMAGES", "sixel")]), Way::Sixel);
        assert_eq!(with(&[]), Way::HalfBlocks);
    }
}

//! A file's name as the desk keeps it: the last part of a path, without what terminals, shells or other systems obey.

/// Characters that a name keeps at most.
pub const NAME_MAX: usize = 120;

/// Makes a given name safe to show, to store and to save under. Never empty, never `.` or `..`, never with a path.
#[must_use]
pub fn clean(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter_map(safe).collect();
    let kept = kept.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let kept = shorten(kept);
    if kept.is_empty() { "file".to_owned() } else { kept }
}

fn safe(char: char) -> Option<char> {
    match char {
        // Direction overrides make `exe.gpj` of `gpj.exe`; invisible ones make two names look the same.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        char if char.is_control() => None,
        '\u{2028}' | '\u{2029}' => None,
        // What Windows refuses in a name.
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        char => Some(char),
    }
}

/// Cuts the middle, so that the ending stays.
fn shorten(name: &str) -> String {
    let count = name.chars().count();
    if count <= NAME_MAX {
        return name.to_owned();
    }
    let tail: Vec<char> = match name.rfind('.') {
        Some(at) if name[at..].chars().count() <= 16 => name[at..].chars().collect(),
        _ => Vec::new(),
    };
    let mut cut: String = name.chars().take(NAME_MAX - tail.len()).collect();
    cut.extend(tail);
    cut
}

//! What a file is, by its first bytes. What the uploader says counts only where the bytes say nothing against it.

/// Bytes from the start that are enough to tell.
pub const HEAD_BYTES: usize = 8192;
/// What is kept of a claimed type.
const TYPE_MAX: usize = 100;
const BINARY: &str = "application/octet-stream";
const TEXT: &str = "text/plain";
/// Kinds of text that a claim may name.
const TEXTS: [&str; 10] = [
    "text/plain",
    "text/csv",
    "text/markdown",
    "text/tab-separated-values",
    "text/x-log",
    "text/x-diff",
    "application/json",
    "application/xml",
    "application/yaml",
    "application/x-ndjson",
];

/// A type as given, made harmless: lower case, without parameters; `application/octet-stream` for what is none.
#[must_use]
pub fn tidy(claimed: &str) -> String {
    let plain = claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = |char: char| char.is_ascii_alphanumeric() || "/+-._".contains(char);
    let shaped = plain.len() <= TYPE_MAX && plain.chars().all(fits) && plain.split('/').filter(|part| !part.is_empty()).count() == 2;
    if shaped && plain.matches('/').count() == 1 { plain } else { BINARY.to_owned() }
}

/// The type by the file's first bytes, at most [`HEAD_BYTES`]; `claimed` as [`tidy`] left it.
#[must_use]
pub fn media_type(head: &[u8], claimed: &str) -> String {
    if let Some(found) = infer::get(head).filter(|found| !is_text(head) || is_textual(found.mime_type())) {
        // An office document is a zip archive; a claim that says which is no lie.
        let zip = found.mime_type() == "application/zip" && claimed.starts_with("application/vnd.");
        return if zip { claimed.to_owned() } else { found.mime_type().to_owned() };
    }
    if is_text(head) {
        return if TEXTS.contains(&claimed) { claimed.to_owned() } else { TEXT.to_owned() };
    }
    // No known mark: a claim that the bytes would have borne out is not believed.
    let family = claimed.split('/').next().unwrap_or_default();
    let believed = !matches!(family, "image" | "text" | "video" | "audio" | "font") && !TEXTS.contains(&claimed);
    if believed { claimed.to_owned() } else { BINARY.to_owned() }
}

/// Whether a claim and what was found name different kinds of things. Saying nothing (`application/octet-stream`) is no lie.
#[must_use]
pub fn contradicts(claimed: &str, found: &str) -> bool {
    let kind = |word: &str| if TEXTS.contains(&word) || word.starts_with("text/") { TEXT.to_owned() } else { word.replace("/x-", "/") };
    claimed != BINARY && kind(claimed) != kind(found)
}

/// UTF-8 (its last character may be cut), another encoding of text, or UTF-16 with a mark; no zero bytes, and hardly any control
/// bytes but those of terminals.
#[must_use]
pub fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let usual = |byte: &u8| *byte >= 0x20 || matches!(*byte, b'\n' | b'\r' | b'\t' | 0x07 | 0x08 | 0x0c | 0x1b);
    let odd = head.iter().filter(|byte| !usual(byte)).count();
    !head.contains(&0) && odd * 100 <= head.len()
}

/// Kinds that are text themselves; the marks of others (`BM`, `MZ`) may begin a text.
fn is_textual(found: &str) -> bool {
    found.starts_with("text/")
        || found.ends_with("pdf")
        || found.ends_with("xml")
        || found.ends_with("rtf")
        || found.ends_with("postscript")
}

/// Whether `media_type` is named by one of `patterns`: `image/png`, `image/*`.
#[must_use]
pub fn matches(patterns: &[String], media_type: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(family) => media_type.starts_with(family),
        None => pattern == media_type,
    })
}

/// What is not taken where nobody says otherwise: programs.
#[must_use]
pub fn refused_by_default() -> Vec<String> {
    let programs = [
        "application/vnd.microsoft.portable-executable",
        "application/x-executable",
        "application/x-mach-binary",
        "application/java",
        "application/x-java-applet",
        "application/wasm",
        "application/vnd.android.dex",
        "application/vnd.android.dey",
        "application/x-llvm",
    ];
    programs.map(str::to_owned).to_vec()
}

//! A file on its way out: whole or a range, streamed, never run by a browser.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use object_store::{GetOptions, GetRange, ObjectStore};

use super::{Files, unusable};
use crate::domain::file::StoredFile;
use crate::server::error::{ApiProblem, ApiResult};

/// What the request wants of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// First byte, and the byte after the last.
    Part(u64, u64),
    /// No byte of it.
    Nothing,
}

/// Answers a download: 200, 206, 304 or 416.
///
/// # Errors
/// When the file store fails.
pub async fn give(files: &Files, file: &StoredFile, headers: &HeaderMap) -> ApiResult<Response> {
    let size = u64::try_from(file.size).unwrap_or_default();
    let tag = tag(file);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return Ok(with_headers(StatusCode::NOT_MODIFIED.into_response(), file, &tag));
    }
    let (first, end, status) = match wanted(headers, size, &tag) {
        Wanted::All => (0, size, StatusCode::OK),
        Wanted::Part(first, end) => (first, end, StatusCode::PARTIAL_CONTENT),
        Wanted::Nothing => {
            let problem = ApiProblem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range_outside",
                format!("The file has {size} bytes: ask for a range within."),
            );
            let mut response = problem.into_response();
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(response);
        }
    };
    let body = if size == 0 {
        Body::empty()
    } else {
        let options = GetOptions { range: Some(GetRange::Bounded(first..end)), ..GetOptions::default() };
        let found = files.objects.get_opts(&files.whole(file.id), options).await.map_err(|error| unusable(&error))?;
        Body::from_stream(found.into_stream())
    };
    let mut response = with_headers((status, body).into_response(), file, &tag);
    set(&mut response, header::CONTENT_LENGTH, &(end - first).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        set(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{}/{size}", end - 1));
    }
    Ok(response)
}

fn tag(file: &StoredFile) -> String {
    format!("\"{}\"", file.sha256.as_deref().unwrap_or_default())
}

/// One range of bytes; several, or what cannot be read, is the whole file, as the standard allows.
fn wanted(headers: &HeaderMap, size: u64, tag: &str) -> Wanted {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else { return Wanted::All };
    if text(header::IF_RANGE).is_some_and(|known| known != tag) || range.contains(',') {
        return Wanted::All;
    }
    let part = match range.trim().split_once('-') {
        Some(("", last)) => last.parse::<u64>().ok().map(|last| (size.saturating_sub(last), size)),
        Some((first, "")) => first.parse().ok().map(|first| (first, size)),
        Some((first, last)) => {
            first.parse().ok().zip(last.parse::<u64>().ok()).map(|(first, last)| (first, last.saturating_add(1).min(size)))
        }
        None => None,
    };
    match part {
        Some((first, end)) if first < end => Wanted::Part(first, end),
        Some(_) => Wanted::Nothing,
        None => Wanted::All,
    }
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn with_headers(mut response: Response, file: &StoredFile, tag: &str) -> Response {
    set(&mut response, header::CONTENT_TYPE, &file.media_type);
    set(&mut response, header::ETAG, tag);
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::CONTENT_DISPOSITION, &disposition(&file.name));
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    set(&mut response, header::CACHE_CONTROL, "private, no-cache");
    // Compressed again, a range would be of other bytes.
    set(&mut response, header::CONTENT_ENCODING, "identity");
    response
}

/// `attachment` with the name in both forms: plain ASCII for old programs, RFC 5987 for the others.
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|char| if char.is_ascii_alphanumeric() || " ._-".contains(char) { char } else { '_' }).collect();
    let kept = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let coded: String =
        name.as_bytes().iter().map(|byte| if kept(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        wanted(&headers, 100, "\"x\"")
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        assert_eq!(asked("bytes=0-9"), Wanted::Part(0, 10));
        assert_eq!(asked("bytes=90-"), Wanted::Part(90, 100));
        assert_eq!(asked("bytes=-10"), Wanted::Part(90, 100));
        assert_eq!(asked("bytes=-1000"), Wanted::Part(0, 100));
        assert_eq!(asked("bytes=50-1000"), Wanted::Part(50, 100));
        assert_eq!(asked("bytes=100-"), Wanted::Nothing);
        assert_eq!(asked("bytes=5-1"), Wanted::Nothing);
        for whole in ["bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=5"] {
            assert_eq!(asked(whole), Wanted::All, "{whole}");
        }
    }

    #[test]
    fn names_in_headers_hold_nothing_that_ends_them() {
        assert_eq!(disposition("报\"告.txt"), "attachment; filename=\"___.txt\"; filename*=UTF-8''%E6%8A%A5%22%E5%91%8A.txt");
    }
}

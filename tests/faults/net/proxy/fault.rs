//! What a proxy does to what passes it, and how it chooses.

use std::sync::atomic::{AtomicU64, Ordering};

/// What happens to one exchange (a request and its answer).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Passes as it is.
    Clear,
    /// Each part waits so many milliseconds, and up to so many more.
    Latency { millis: u64, jitter: u64 },
    /// So many bytes a second, both ways.
    Bandwidth { bytes: u64 },
    /// Byte by byte, each in a packet of its own.
    Slices,
    /// RST after so many bytes of the answer.
    Reset { after: usize },
    /// Nothing passes any more, and nobody says so: open connections are dead for good, new ones are accepted and dead.
    BlackHole,
    /// The answer stops after so many bytes; the connection stays open.
    Stall { after: usize },
    /// Commands reach the server and are done; their answer is swallowed and the connection closed.
    CutBeforeReply,
    /// Commands reach the server twice, the second time over another connection.
    Replay,
    /// A page instead of the server.
    Page(Page),
    /// Event streams are held back until they end or fill 64 kB, their head too.
    Buffering,
    /// A head that promises much, then a byte now and then.
    SlowLoris,
    /// 413 with HTML for requests of more than so many bytes.
    Narrow { over: usize },
}

/// Pages of programs in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// 502 with HTML, and what would take a terminal over.
    BadGateway,
    /// 502 with a problem document that is not ours, with the same.
    HostileProblem,
    /// 403 with a problem document of somebody else, whose code looks like one of ours.
    ForeignProblem,
    /// 200 with a captive portal's page.
    Portal,
    /// 307 to somewhere else.
    Redirect,
    /// 404 with HTML.
    NotFound,
    /// 413 with HTML.
    TooLarge,
    /// 431 with HTML.
    HeadTooLarge,
}

/// What no terminal may ever get from a server.
pub const HOSTILE: &str = "\u{1b}]0;pwned\u{7}\u{1b}[2J\u{1b}]52;c;cHduZWQ=\u{7}\u{9b}31m";

impl Fault {
    /// Each alone, as the suite runs them.
    pub const ALL: [Self; 19] = [
        Self::Latency { millis: 30, jitter: 40 },
        Self::Bandwidth { bytes: 8 * 1024 },
        Self::Slices,
        Self::Reset { after: 0 },
        Self::Reset { after: 300 },
        Self::BlackHole,
        Self::Stall { after: 200 },
        Self::CutBeforeReply,
        Self::Replay,
        Self::Page(Page::BadGateway),
        Self::Page(Page::HostileProblem),
        Self::Page(Page::ForeignProblem),
        Self::Page(Page::Portal),
        Self::Page(Page::Redirect),
        Self::Page(Page::NotFound),
        Self::Page(Page::TooLarge),
        Self::Page(Page::HeadTooLarge),
        Self::Buffering,
        Self::SlowLoris,
    ];

    /// Whether a link under it is no link, so that its person must be told.
    pub fn cuts(self) -> bool {
        use Fault as F;
        matches!(self, F::Reset { after: 0 } | F::BlackHole | F::Stall { .. } | F::Page(_) | F::SlowLoris)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Latency { .. } => "latency",
            Self::Bandwidth { .. } => "bandwidth",
            Self::Slices => "slices",
            Self::Reset { .. } => "reset",
            Self::BlackHole => "black hole",
            Self::Stall { .. } => "stall",
            Self::CutBeforeReply => "cut before the reply",
            Self::Replay => "replay",
            Self::Page(_) => "page",
            Self::Buffering => "buffering",
            Self::SlowLoris => "slow loris",
            Self::Narrow { .. } => "narrow",
        }
    }
}

impl Page {
    /// The whole answer.
    pub fn answer(self) -> String {
        let html = format!("<html><title>{HOSTILE}</title><body>Sign in to AirportWiFi {HOSTILE}</body></html>");
        let problem = |code: &str, kind: &str, status: u16| {
            let detail = format!("blocked {HOSTILE}");
            serde_json::json!({ "type": kind, "title": HOSTILE, "status": status, "detail": detail, "code": code }).to_string()
        };
        let (status, kind, more, body) = match self {
            Self::BadGateway => ("502 Bad Gateway", "text/html", "", html),
            Self::HostileProblem => ("502 Bad Gateway", "application/problem+json", "", problem("busy", "about:blank#busy", 502)),
            Self::ForeignProblem => ("403 Forbidden", "application/problem+json", "", problem("forbidden", "about:blank", 403)),
            Self::Portal => ("200 OK", "text/html", "", html),
            Self::Redirect => ("307 Temporary Redirect", "text/html", "Location: http://127.0.0.1:9/login\r\n", html),
            Self::NotFound => ("404 Not Found", "text/html", "", html),
            Self::TooLarge => ("413 Content Too Large", "text/html", "", html),
            Self::HeadTooLarge => ("431 Request Header Fields Too Large", "text/html", "", html),
        };
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }
}

/// A seeded die: the same faults for the same seed and order of requests.
#[derive(Debug)]
pub struct Die(AtomicU64);

impl Die {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number below `sides` (splitmix64).
    pub fn throw(&self, sides: u64) -> u64 {
        let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// A fault for one exchange of a mix; most pass.
    pub fn fault(&self) -> Fault {
        match self.throw(100) {
            0..40 => Fault::Clear,
            40..46 => Fault::Latency { millis: 5, jitter: 80 },
            46..49 => Fault::Bandwidth { bytes: 8 * 1024 },
            49..52 => Fault::Slices,
            52..58 => Fault::Reset { after: usize::try_from(self.throw(600)).expect("small") },
            58..61 => Fault::Stall { after: usize::try_from(self.throw(600)).expect("small") },
            61..75 => Fault::CutBeforeReply,
            75..87 => Fault::Replay,
            87..89 => Fault::Page(Page::BadGateway),
            89..91 => Fault::Page(Page::Portal),
            91..93 => Fault::Page(Page::HostileProblem),
            93..95 => Fault::Page(Page::ForeignProblem),
            95..96 => Fault::Page(Page::TooLarge),
            96..98 => Fault::Buffering,
            98..99 => Fault::SlowLoris,
            _ => Fault::BlackHole,
        }
    }
}

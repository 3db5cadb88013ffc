//! How often frames are drawn: what is typed shows at once, what the desk tells waits for its turn.

use std::time::{Duration, Instant};

use crate::console::config::ScreenConfig;

/// The shortest time between two frames on a slow link.
const SLOW: Duration = Duration::from_millis(250);
/// The time after which a terminal that took no frame is asked again.
const RETRY: Duration = Duration::from_millis(20);
/// What a key asks of the cache is mostly there within this time: the frame waits so long for it, and is drawn once, not twice.
const PATIENCE: Duration = Duration::from_millis(8);

/// When the next frame is due.
#[derive(Debug)]
pub struct Pace {
    between: Duration,
    last: Option<Instant>,
    at_once: bool,
    /// When the first key came that no frame shows yet.
    typed: Option<Instant>,
    /// The terminal took no frame then.
    refused: bool,
}

impl Pace {
    #[must_use]
    pub fn new(screen: &ScreenConfig, over_ssh: bool) -> Self {
        Self { between: between(screen, over_ssh), last: None, at_once: true, typed: None, refused: false }
    }

    /// Another setting.
    pub fn set(&mut self, screen: &ScreenConfig, over_ssh: bool) {
        self.between = between(screen, over_ssh);
    }

    /// Somebody typed, or what they asked for is there: no waiting.
    pub fn typed(&mut self, now: Instant) {
        self.at_once = true;
        self.typed.get_or_insert(now);
    }

    /// How long the frame after a key waits for answers; `awaited`: some are under way.
    #[must_use]
    pub fn held(&self, awaited: bool, now: Instant) -> Duration {
        let since = self.typed.filter(|_| awaited);
        since.map_or(Duration::ZERO, |since| PATIENCE.saturating_sub(now.saturating_duration_since(since)))
    }

    /// How long the next frame waits.
    #[must_use]
    pub fn wait(&self) -> Duration {
        match self.last {
            _ if self.refused => RETRY,
            Some(last) if !self.at_once => self.between.saturating_sub(last.elapsed()),
            _ => Duration::ZERO,
        }
    }

    /// Whether a frame may be drawn now, to a terminal that `ready` says takes one.
    pub fn due(&mut self, ready: impl FnOnce() -> bool) -> bool {
        self.refused = false;
        if !self.wait().is_zero() {
            return false;
        }
        self.refused = !ready();
        !self.refused
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Instant) {
        self.last = Some(now);
        self.at_once = false;
        self.typed = None;
    }
}

/// Whether bytes are dear.
#[must_use]
pub fn low_bandwidth(screen: &ScreenConfig, over_ssh: bool) -> bool {
    screen.low_bandwidth.unwrap_or(over_ssh)
}

fn between(screen: &ScreenConfig, over_ssh: bool) -> Duration {
    let frame = Duration::from_secs(1) / u32::from(screen.frames_per_second.clamp(1, 60));
    if low_bandwidth(screen, over_ssh) { frame.max(SLOW) } else { frame }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paced(fps: u16, low: Option<bool>, ssh: bool) -> Duration {
        between(&ScreenConfig { frames_per_second: fps, low_bandwidth: low, ..ScreenConfig::default() }, ssh)
    }

    #[test]
    fn frames_are_capped_and_fewer_on_slow_links() {
        assert_eq!(paced(30, None, false).as_millis(), 33);
        assert_eq!(paced(10, Some(false), true).as_millis(), 100);
        assert_eq!(paced(30, None, true), SLOW);
        assert_eq!(paced(2, Some(true), false).as_millis(), 500);
        assert_eq!((paced(0, None, false).as_millis(), paced(9_000, None, false).as_millis()), (1_000, 16));
    }

    #[test]
    fn typing_shows_at_once_and_news_waits_its_turn() {
        let mut pace = Pace::new(&ScreenConfig { frames_per_second: 1, ..ScreenConfig::default() }, false);
        assert!(pace.due(|| true), "the first frame waits for nothing");
        pace.drawn(Instant::now());
        assert!(!pace.due(|| true) && !pace.wait().is_zero());
        pace.typed(Instant::now());
        assert!(pace.due(|| true));
    }

    #[test]
    fn a_frame_waits_a_moment_for_what_a_key_asked_for_and_no_longer() {
        let (mut pace, now) = (Pace::new(&ScreenConfig::default(), false), Instant::now());
        assert!(pace.held(true, now).is_zero(), "nobody typed");
        pace.typed(now);
        assert!(pace.held(false, now).is_zero(), "nothing is awaited");
        assert_eq!(pace.held(true, now), PATIENCE);
        pace.typed(now + PATIENCE / 2);
        assert_eq!(pace.held(true, now + PATIENCE / 2), PATIENCE / 2, "a held key does not put the frame off");
        assert!(pace.held(true, now + PATIENCE).is_zero());
        pace.drawn(now + PATIENCE);
        assert!(pace.held(true, now + PATIENCE).is_zero());
    }

    #[test]
    fn a_terminal_that_takes_nothing_is_asked_again_soon() {
        let mut pace = Pace::new(&ScreenConfig::default(), false);
        assert!(!pace.due(|| false));
        assert_eq!(pace.wait(), RETRY);
        assert!(pace.due(|| true));
    }
}

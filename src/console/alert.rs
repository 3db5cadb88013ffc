//! What the terminal is asked to tell: gathered, at most one every few seconds, several as one. Pure.

use chrono::TimeDelta;

use crate::domain::Timestamp;

/// Between two notifications.
const PAUSE: TimeDelta = TimeDelta::seconds(4);

/// One notification of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub text: String,
    pub bell: bool,
}

/// What waits to be told.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    waiting: Vec<Alert>,
    last: Option<Timestamp>,
}

impl Alerts {
    pub fn push(&mut self, alert: Alert) {
        self.waiting.push(alert);
    }

    /// Forgets what waits: the person is looking.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// When something is to be told next.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        (!self.waiting.is_empty()).then(|| self.last.map_or(Timestamp::MIN_UTC, |last| last + PAUSE))
    }

    /// What is to be told now: the one that waits, or all of them as `many` says.
    pub fn take(&mut self, now: Timestamp, many: impl Fn(usize, &str) -> String) -> Option<Alert> {
        self.due_at().filter(|due| *due <= now)?;
        let waiting = std::mem::take(&mut self.waiting);
        let last = waiting.last()?;
        self.last = Some(now);
        let text = if waiting.len() == 1 { last.text.clone() } else { many(waiting.len(), &last.text) };
        Some(Alert { text, bell: waiting.iter().any(|alert| alert.bell) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(text: &str, bell: bool) -> Alert {
        Alert { text: text.into(), bell }
    }

    #[test]
    fn the_first_is_told_at_once_and_a_burst_as_one_later() {
        let now = Timestamp::from_timestamp(1_000_000, 0).unwrap();
        let many = |count: usize, last: &str| format!("{count} new: {last}");
        let mut alerts = Alerts::default();
        assert_eq!((alerts.take(now, many), alerts.due_at()), (None, None));
        alerts.push(alert("a", false));
        assert_eq!(alerts.take(now, many), Some(alert("a", false)));
        for text in ["b", "c", "d"] {
            alerts.push(alert(text, text == "c"));
        }
        assert_eq!(alerts.take(now + TimeDelta::seconds(3), many), None);
        assert_eq!(alerts.due_at(), Some(now + PAUSE));
        assert_eq!(alerts.take(now + PAUSE, many), Some(alert("3 new: d", true)));
        assert_eq!(alerts.take(now + PAUSE * 9, many), None);
        alerts.push(alert("e", false));
        alerts.clear();
        assert_eq!(alerts.due_at(), None);
    }
}

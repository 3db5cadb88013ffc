//! What Overview remembers: which figures, which chart has the keys, and what is marked in each.

use std::cell::Cell;
use std::sync::Arc;

use crate::domain::Timestamp;
use crate::domain::id::QueueId;
use crate::domain::stats::{Overview, Range};

/// One of the charts, in the order of Tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chart {
    #[default]
    Flow,
    Backlog,
    Response,
    Load,
    Heat,
    Places,
}

impl Chart {
    pub const ALL: [Self; 6] = [Self::Flow, Self::Backlog, Self::Response, Self::Load, Self::Heat, Self::Places];

    /// The chart `by` places on, around.
    pub fn step(self, by: i64) -> Self {
        let here = Self::ALL.iter().position(|chart| *chart == self).unwrap_or(0);
        let there = (i64::try_from(here).unwrap_or(0) + by).rem_euclid(6);
        Self::ALL[usize::try_from(there).unwrap_or(0)]
    }

    /// Message key of its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Flow => "overview-title-flow",
            Self::Backlog => "overview-title-backlog",
            Self::Response => "overview-title-response",
            Self::Load => "overview-title-load",
            Self::Heat => "overview-title-heat",
            Self::Places => "overview-title-places",
        }
    }
}

/// The pane.
#[derive(Default)]
pub struct OverviewPane {
    pub(super) range: Range,
    pub(super) queue: Option<QueueId>,
    pub(super) figures: Option<Arc<Overview>>,
    /// Why the figures are old, or why there are none.
    pub(super) why: Option<String>,
    /// When they were asked for last.
    pub(super) asked_at: Option<Timestamp>,
    pub(super) chart: Chart,
    /// The marked step; the last one when absent, so that it stays the newest.
    pub(super) step: Option<usize>,
    /// Weekday (0 is Monday) and hour.
    pub(super) cell: (usize, usize),
    pub(super) person: usize,
    pub(super) place: usize,
    /// It was drawn since the last tick: only then its figures are worth a question.
    pub(super) seen: Cell<bool>,
}

/// A row of the list of places: regions first, then sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceRow {
    Region(usize),
    Site(usize),
}

/// The rows of the list of places, those with nothing left out.
pub fn place_rows(figures: &Overview) -> Vec<PlaceRow> {
    let busy =
        |(place, region): (usize, &crate::domain::stats::Region)| (region.open + region.arrived > 0).then_some(PlaceRow::Region(place));
    let regions = figures.regions.iter().enumerate().filter_map(busy);
    regions.chain((0..figures.places.len()).map(PlaceRow::Site)).collect()
}

impl OverviewPane {
    /// The marked step's place.
    pub fn marked_step(&self, figures: &Overview) -> Option<usize> {
        let last = figures.steps.len().checked_sub(1)?;
        Some(self.step.unwrap_or(last).min(last))
    }
}

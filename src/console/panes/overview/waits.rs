//! How long requesters waited: the middle wait at each step, and both goals in words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::flow::{Series, over_time};
use super::state::{Chart, OverviewPane};
use crate::base::text::cut;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::domain::stats::{Overview, Response, Step};

/// Goals met less often than this are worth a warning.
const WELL: u32 = 90;

pub fn draw(pane: &OverviewPane, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (head, body) = paint::take_top(area, 2);
    let lines = [("overview-first-response", &figures.first_response), ("overview-resolution", &figures.resolution)]
        .map(|(name, response)| sentence(&context.locale.text(name), response, usize::from(area.width), context));
    paint::lines(frame, head, lines);
    let values: Vec<u32> =
        figures.steps.iter().map(|step| u32::try_from(step.first_response_secs.unwrap_or(0).max(0)).unwrap_or(u32::MAX)).collect();
    let most = values.iter().copied().max().unwrap_or(0);
    let rows = usize::from(body.height.saturating_sub(2));
    let name = context.locale.text("overview-half").into_owned();
    let series = [Series { name, values, role: Role::Accent, rows, most: context.locale.span(i64::from(most)), top: "" }];
    let words = |step: &Step, from: &str| match step.first_response_secs {
        Some(secs) => context.locale.with("overview-step-wait", &[("from", from), ("span", &context.locale.span(secs))]),
        None => context.locale.with("overview-step-nobody", &[("from", from)]),
    };
    over_time(pane, figures, &series, most, Chart::Response, &words, (frame, body), context);
}

fn sentence<'a>(name: &str, response: &Response, width: usize, context: &Context<'_>) -> Line<'a> {
    let locale = context.locale;
    let (Some(half), Some(most)) = (response.p50_secs, response.p90_secs) else {
        return Line::styled(locale.with("overview-waits-none", &[("name", name)]), context.theme.style(Role::Dim));
    };
    let mut text = locale.with("overview-waits", &[("name", name), ("half", &locale.span(half)), ("most", &locale.span(most))]);
    let percent = response.percent();
    if let Some(percent) = percent {
        text.push_str(
            &locale.with("overview-waits-goal", &[("percent", &percent.to_string()), ("count", &response.with_goal.to_string())]),
        );
    }
    let role = if percent.is_some_and(|percent| percent < WELL) { Role::Warning } else { Role::Text };
    Line::styled(cut(&text, width), context.theme.style(role))
}

//! The tickets behind a mark, as a list of Queues: which view, and which filter text.

use super::state::{Chart, OverviewPane, PlaceRow, place_rows};
use crate::client::view::View;
use crate::console::effect::Effect;
use crate::console::pane::Context;

fn toast(key: &'static str) -> Vec<Effect> {
    vec![Effect::Toast { key, args: Vec::new() }]
}

/// A term of the filter language; a value with blanks stands in quotes.
fn term(field: &str, value: &str) -> String {
    let plain = value.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.'));
    if plain { format!("{field}:{value}") } else { format!("{field}:\"{}\"", value.replace(['"', '\\'], " ")) }
}

/// Shows them in Queues. What the cache does not hold (closed tickets) is not found there.
pub fn tickets(pane: &OverviewPane, context: &Context<'_>) -> Vec<Effect> {
    let Some(figures) = &pane.figures else { return toast("overview-no-tickets") };
    let view = pane.queue.map_or(View::All, View::Queue);
    let show = |view: View, filter: String| vec![Effect::ShowTickets { view, filter }];
    match pane.chart {
        Chart::Load => match figures.people.get(pane.person).and_then(|one| context.directory.people.get(&one.person)) {
            Some(person) => show(view, format!("@{}", person.handle)),
            None => toast("overview-no-tickets"),
        },
        Chart::Places => match place_rows(figures).get(pane.place) {
            Some(PlaceRow::Site(place)) => show(view, term("site", &figures.places[*place].code)),
            Some(PlaceRow::Region(place)) => show(view, term("region", &figures.regions[*place].region)),
            None => toast("overview-no-tickets"),
        },
        // What was solved in a step is in another list than what arrived: the open ones are what can be acted on.
        Chart::Flow | Chart::Backlog | Chart::Response | Chart::Heat => {
            let name = pane.queue.and_then(|queue| context.directory.queues.get(&queue)).map(|queue| queue.name.clone());
            let queue = name.unwrap_or_else(|| context.locale.text("overview-all-queues").into_owned());
            let step = pane.marked_step(figures).and_then(|at| figures.steps.get(at));
            let day =
                step.filter(|_| matches!(pane.chart, Chart::Flow | Chart::Response)).map(|step| step.from.with_timezone(&context.zone));
            // The language knows days, no hours.
            let filter = day.map(|day| term("created", &day.format("%Y-%m-%d").to_string())).unwrap_or_default();
            let mut effects = show(view, filter);
            effects.push(Effect::Toast { key: "overview-past-tickets", args: vec![("queue", queue)] });
            effects
        }
    }
}

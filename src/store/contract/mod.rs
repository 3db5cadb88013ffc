//! What every engine must do, told against the trait alone: each engine's tests run [`all`] over empty stores it makes.

mod clocks;
mod deliveries;
mod escalations;
mod files;
mod fixtures;
mod messages;
mod reading;
mod search;
mod stats;
mod sync;
mod told;
mod units;

use std::future::Future;
use std::sync::Arc;

use super::Store;

/// Runs the whole suite; `make` gives a fresh, empty store whose clock stands at [`now`].
pub(crate) async fn all<F, T>(make: F)
where
    F: Fn() -> T,
    T: Future<Output = Arc<dyn Store>>,
{
    units::replays_a_known_key(&*make().await).await;
    units::refuses_a_reused_key(&*make().await).await;
    units::stores_refusals(&*make().await).await;
    units::keeps_one_open_assignment(&*make().await).await;
    units::names_the_field_that_is_taken(&*make().await).await;
    units::a_failing_unit_takes_nothing_with_it(&*make().await).await;
    units::alike_units_see_each_other(&*make().await).await;
    units::alike_units_fail_alone(&*make().await).await;
    units::concurrent_units_all_land(make().await).await;
    units::loads_what_is_needed(&*make().await).await;
    units::follows_merged_threads(&*make().await).await;
    sync::replicas_agree_with_snapshots(&*make().await).await;
    sync::versions_agree_with_access(&*make().await).await;
    sync::a_page_never_shows_what_was_written_after_leaving(&*make().await).await;
    sync::messages_held(&*make().await).await;
    sync::trims_and_says_so(&*make().await).await;
    sync::announces_the_head(&*make().await).await;
    reading::filters_tickets(&*make().await).await;
    reading::pages_tickets(&*make().await).await;
    reading::finds_work_for_jobs(&*make().await).await;
    clocks::finds_stale_marks(&*make().await).await;
    clocks::finds_policy_steps(&*make().await).await;
    clocks::keeps_the_clock_ledger(&*make().await).await;
    clocks::loads_what_steps_want(&*make().await).await;
    reading::keeps_the_record(&*make().await).await;
    reading::keeps_tokens_and_passwords(&*make().await).await;
    reading::keeps_calendar_links(&*make().await).await;
    reading::keeps_the_directory(&*make().await).await;
    messages::reads_both_ways(&*make().await).await;
    messages::an_edit_is_told_only_to_those_who_may_read_it_then(&*make().await).await;
    messages::keeps_tiers_apart(&*make().await).await;
    messages::finds_by_place_author_and_pin(&*make().await).await;
    search::finds_words_of_both_languages(&*make().await).await;
    search::finds_exactly_what_one_reads(&*make().await).await;
    search::merged_messages_are_read_with_their_target(&*make().await).await;
    search::pages_hold_each_hit_once_while_more_is_written(&*make().await).await;
    search::new_and_fitting_comes_first(&*make().await).await;
    deliveries::gives_each_webhook_its_share(&*make().await).await;
    escalations::finds_calls_for_jobs(&*make().await).await;
    escalations::finds_tickets_for_briefings(&*make().await).await;
    deliveries::notes_every_attempt(&*make().await).await;
    files::advances_by_compare_and_set(&*make().await).await;
    files::what_is_attached_is_not_dropped(&*make().await).await;
    units::survives_a_rule_that_panics(&*make().await).await;
    deliveries::keeps_each_line_in_order(&*make().await).await;
    stats::counts_by_queue_and_span(&*make().await).await;
    told::what_is_due(&*make().await).await;
    told::handovers_and_their_readers(&*make().await).await;
}

pub(crate) use fixtures::{execute, message_put, new_ticket, now, person, queue, ticket, ticket_put, work};

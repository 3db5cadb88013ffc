//! One match from command to rule.

use super::{Command, Context, Facts, Given, MessageTarget, Outcome};
use crate::domain::Refusal;
use crate::domain::assignment::{auto_assign, return_ticket};
use crate::domain::conversation::{create as create_conversation, edit as edit_message, mark_read, members, pin, post, react, update};
use crate::domain::directory::{put_calendar, put_intake_channel, put_person, put_queue, put_requester, put_rota, put_site, put_webhook};
use crate::domain::escalation::{answer, escalate, join, leave, pass, withdraw};
use crate::domain::follow_up::put as follow_up;
use crate::domain::handover::{edit as edit_handover, put as put_handover, sign};
use crate::domain::incident::{broadcast, declare, deliver, due, tie};
use crate::domain::notice::settings::put_notice_settings;
use crate::domain::notice::{dismiss, tell};
use crate::domain::person::presence;
use crate::domain::reminder::{cancel, fire as fire_reminder, put as put_reminder};
use crate::domain::roster::{change, plan};
use crate::domain::saved_view::put as put_saved_view;
use crate::domain::sla::{fire, replan};
use crate::domain::snippet::put as put_snippet;
use crate::domain::ticket::{
    accept, assign, claim, close, create, edit, import, link, merge, move_queue, participants, rate, receive, release, reply, split,
    status, tags, undo_merge,
};
use crate::domain::webhook::raise::raise;

/// Decides `command`: what changes, or why not.
///
/// # Errors
/// A [`Refusal`] with what was wrong and what to do next.
pub fn decide(command: &Command, facts: &Facts, context: &Context<'_>) -> Result<Outcome, Refusal> {
    let given = Given { facts, context, action: command.name() };
    let mut outcome = rule(command, given)?;
    raise(given, &mut outcome);
    Ok(outcome)
}

fn rule(command: &Command, given: Given<'_>) -> Result<Outcome, Refusal> {
    match command {
        Command::CreateTicket(body) => create::create(given, body),
        Command::PostMessage(body) => match body.target {
            MessageTarget::Ticket { .. } => reply::reply(given, body),
            MessageTarget::Conversation { .. } => post::post(given, body),
        },
        Command::ClaimTicket { .. } => claim::claim(given),
        Command::AssignTicket { person, .. } => assign::assign(given, *person),
        Command::ReleaseTicket { reason, .. } => release::release(given, reason.as_deref()),
        Command::AcceptTicket { .. } => accept::accept(given),
        Command::SetStatus { status, .. } => status::set_status(given, *status),
        Command::SetPriority { priority, .. } => edit::set_priority(given, *priority),
        Command::SetSubject { subject, .. } => edit::set_subject(given, subject),
        Command::SetField { name, value, .. } => edit::set_field(given, name, value),
        Command::MoveTicket { queue, .. } => move_queue::move_ticket(given, *queue),
        Command::AddTag { tag, .. } => tags::add_tag(given, tag),
        Command::RemoveTag { tag, .. } => tags::remove_tag(given, tag),
        Command::AddParticipant { person, .. } => participants::add_participant(given, *person),
        Command::RemoveParticipant { person, .. } => participants::remove_participant(given, *person),
        Command::LinkTicket { link, .. } => link::link(given, *link),
        Command::UnlinkTicket { link, .. } => link::unlink(given, *link),
        Command::MergeTicket { .. } => merge::merge(given),
        Command::UndoMerge { .. } => undo_merge::undo_merge(given),
        Command::SplitTicket(body) => split::split(given, body),
        Command::RateTicket { score, words, .. } => rate::rate(given, *score, words),
        Command::DeclareMajor { update_every_secs, channel, .. } => declare::declare(given, *update_every_secs, *channel),
        Command::StandDown { .. } => declare::stand_down(given),
        Command::TieTicket { .. } => tie::tie(given),
        Command::UntieTicket { .. } => tie::untie(given),
        Command::AnswerLikeness { accept, .. } => tie::answer(given, *accept),
        Command::SendBroadcast(body) => broadcast::send(given, body.broadcast, &body.body, body.expected),
        Command::DeliverBroadcast { .. } => deliver::deliver(given),
        Command::TellUpdateDue { .. } => due::tell(given),
        Command::ForgetLikeness { .. } => tie::forget(given),
        Command::Escalate(body) => escalate::escalate(given, body),
        Command::AnswerEscalation { escalation, accept, reason, .. } => answer::answer(given, *escalation, *accept, reason.as_deref()),
        Command::JoinEscalation { escalation, .. } => join::join(given, *escalation),
        Command::LeaveEscalation { escalation, result, note, .. } => leave::leave(given, *escalation, *result, note),
        Command::WithdrawEscalation { escalation, reason, .. } => withdraw::withdraw(given, *escalation, reason.as_deref()),
        Command::PassEscalation { escalation, .. } => pass::pass(given, *escalation),
        Command::CreateConversation(body) => create_conversation::create(given, body),
        Command::UpdateConversation { title, topic, .. } => update::update(given, title.as_deref(), topic.as_deref()),
        Command::AddMember { person, .. } => members::add(given, *person),
        Command::RemoveMember { person, .. } => members::remove(given, *person),
        Command::MuteConversation { conversation, muted } => mark_read::mute(given, *conversation, *muted),
        Command::EditMessage { text, .. } => edit_message::edit(given, text),
        Command::ReactToMessage { reaction, on, .. } => react::react(given, reaction, *on),
        Command::PinMessage { on, .. } => pin::pin(given, *on),
        Command::MarkRead { conversation, seq } => mark_read::mark_read(given, *conversation, *seq),
        Command::DismissNotice { .. } => dismiss::dismiss(given),
        Command::SetPresence { presence } => presence::set_presence(given, *presence),
        Command::PutRosterChange(row) => change::put(given, row),
        Command::CancelRosterChange { id } => change::cancel(given, *id),
        Command::AnswerRosterChange { id, accept, reason } => change::answer(given, *id, *accept, reason.as_deref()),
        Command::PutRosterPlan(row) => plan::put(given, row),
        Command::PutPerson(row) => put_person::put_person(given, row),
        Command::PutQueue(row) => put_queue::put_queue(given, row),
        Command::PutSite(row) => put_site::put_site(given, row),
        Command::PutRequester(row) => put_requester::put_requester(given, row),
        Command::PutRota(row) => put_rota::put_rota(given, row),
        Command::PutIntakeChannel(row) => put_intake_channel::put_intake_channel(given, row),
        Command::PutCalendar(row) => put_calendar::put_calendar(given, row),
        Command::PutSavedView(row) => put_saved_view::put_saved_view(given, row),
        Command::PutSnippet(row) => put_snippet::put_snippet(given, row),
        Command::PutWebhook(row) => put_webhook::put_webhook(given, row),
        Command::ReceiveMessage(body) => receive::receive(given, body),
        Command::ImportTicket(body) => import::import(given, body),
        Command::AutoAssign { .. } => auto_assign::auto_assign(given),
        Command::FireSlaSteps { .. } => fire::fire_sla_steps(given),
        Command::ReturnTicket { reason, .. } => return_ticket::return_ticket(given, *reason),
        Command::ReplanClocks { .. } => replan::replan_clocks(given),
        Command::TimeOutPresence { person } => presence::time_out(given, *person),
        Command::TellPerson { notice, person, kind } => tell::tell(given, *notice, *person, kind),
        Command::CloseTicket { .. } => close::close(given),
        Command::PutNoticeSettings(row) => put_notice_settings(given, row),
        Command::PutReminder(body) => put_reminder::put_reminder(given, body),
        Command::CancelReminder { .. } => cancel::cancel_reminder(given),
        Command::FireReminder { .. } => fire_reminder::fire_reminder(given),
        Command::PutFollowUp { follow_up, .. } => follow_up::put_follow_up(given, follow_up),
        Command::SettleFollowUp { id, done, .. } => follow_up::settle_follow_up(given, *id, *done),
        Command::TellFollowUps { .. } => follow_up::tell_follow_ups(given),
        Command::PutHandover(row) => put_handover::put_handover(given, row),
        Command::EditHandover { notes, watch, .. } => edit_handover::edit_handover(given, notes.as_deref(), watch.as_deref()),
        Command::SignHandover { .. } => sign::sign_handover(given),
    }
}

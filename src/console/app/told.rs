//! What the person is told and how: notices by their settings, the settings' page, reminders and promises.

use chrono::NaiveTime;

use super::global::{ask, choice, show_notices, submit};
use super::model::{Model, Owner};
use super::update::toast;
use crate::base::text::clean;
use crate::client::view::TicketDetail;
use crate::console::action::Action;
use crate::console::alert::Alert;
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded, QuestionKind};
use crate::console::locale::Locale;
use crate::console::notices;
use crate::domain::command::Command;
use crate::domain::follow_up::{Found, proposals};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::notice::Notice;
use crate::domain::notice::deliver::deliver;
use crate::domain::notice::settings::{EVENTS, Level, NoticeSettings, QuietHours, TerminalWay};
use crate::domain::reminder::{self, PutReminder};
use crate::domain::ticket::FollowUp;
use crate::domain::when::WhenError;

/// What is being asked, until its answer comes.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The settings as changed here; the desk's own come back by sync.
    pub settings: Option<NoticeSettings>,
    /// The event whose level is being chosen.
    event: String,
    /// The ticket whose promises are asked for.
    ticket: Option<TicketNumber>,
    found: Vec<Found>,
}

/// How this person wants to be told.
pub fn settings(model: &Model) -> NoticeSettings {
    let me = model.shared.me.id;
    let kept = || model.shared.directory.notice_settings.get(&me).cloned();
    model.asked.settings.clone().or_else(kept).unwrap_or_else(|| NoticeSettings::usual(me))
}

/// Takes newly read notices: counts them, tells of what is new as the person wishes, and lists them when that was asked for.
pub fn take_notices(model: &mut Model, list: Vec<Notice>) {
    let (settings, now, zone, focused) = (settings(model), model.shared.now, model.shared.zone, model.focused_terminal);
    let told = |notice: &Notice| deliver(&notice.kind.word(), &settings, zone, now, focused);
    let list: Vec<Notice> = list.into_iter().filter(|notice| told(notice).list).collect();
    let known = model.notices_known.replace(list.iter().map(|notice| notice.id).collect());
    model.notices_unread = list.iter().filter(|notice| !notice.read && told(notice).badge).count();
    // Newest first; what was there when the console opened is in the count and told no more.
    let fresh = |notice: &&Notice| !notice.read && known.as_ref().is_some_and(|known| !known.contains(&notice.id));
    let urgent = list.iter().filter(fresh).find(|notice| told(notice).badge && notices::urgent(&notice.kind));
    if let Some(notice) = urgent {
        let text = notices::sentence(notice, &model.shared.context());
        let key = model.keymap.shown(Action::Notices, model.focused());
        toast(model, "toast-notice", &[("text", text), ("key", key)]);
    }
    for notice in list.iter().filter(fresh).rev() {
        let aloud = told(notice);
        if aloud.terminal {
            let ticket = notice.ticket.map(|number| format!("#{number} ")).unwrap_or_default();
            let text = format!("{ticket}{}", notices::sentence(notice, &model.shared.context()));
            model.alerts.push(Alert { text, bell: aloud.bell });
        }
    }
    if std::mem::take(&mut model.notices_asked) {
        show_notices(model, list);
    }
}

/// Hands the loop what the terminal is to tell now.
pub fn ring(model: &mut Model) {
    let locale = &model.shared.locale;
    let many = |count: usize, last: &str| locale.with("alert-many", &[("n", &count.to_string()), ("last", last)]);
    model.ringing.extend(model.alerts.take(model.shared.now, many));
}

/// Does one of these actions; false when it is none of them.
pub fn act(model: &mut Model, action: Action) -> bool {
    match action {
        Action::NoticeSettings => show_settings(model),
        Action::Remind => show_reminders(model),
        _ => return false,
    }
    true
}

/// Shows a ticket's promises, once they are read.
pub fn promises_of(model: &mut Model, number: TicketNumber) {
    model.asked.ticket = Some(number);
    model.effects.push((Owner::App, Effect::Load(Load::Ticket(number))));
}

/// Answers to what is asked here; gives back what is not.
pub fn loaded(model: &mut Model, loaded: Loaded) -> Option<Loaded> {
    match loaded {
        Loaded::Ticket { number, detail: Some(detail) } if model.asked.ticket == Some(number) => show_promises(model, &detail),
        Loaded::Answer { id: "noticesettings", answer: Answer::Picked(value) } => setting_picked(model, &value),
        Loaded::Answer { id: "noticelevel", answer: Answer::Picked(value) } => level_picked(model, &value),
        Loaded::Answer { id: "noticeway", answer: Answer::Picked(value) } => {
            let way = TerminalWay::ALL.into_iter().find(|way| way_key(*way) == value).unwrap_or_default();
            change(model, |settings| settings.terminal = way);
        }
        Loaded::Answer { id: "noticequiet", answer: Answer::Text(text) } => quiet_typed(model, &text),
        Loaded::Answer { id: "reminders", answer: Answer::Picked(value) } => reminder_picked(model, &value),
        Loaded::Answer { id: "reminder", answer: Answer::Text(text) } => reminder_typed(model, &text),
        Loaded::Answer { id: "promises", answer: Answer::Picked(value) } => promise_picked(model, &value),
        Loaded::Answer { id: "promise", answer: Answer::Text(text) } => promise_typed(model, &text),
        other => return Some(other),
    }
    None
}

fn level_key(level: Level) -> &'static str {
    match level {
        Level::None => "level-none",
        Level::List => "level-list",
        Level::Badge => "level-badge",
        Level::Terminal => "level-terminal",
        Level::Bell => "level-bell",
    }
}

fn way_key(way: TerminalWay) -> &'static str {
    match way {
        TerminalWay::Auto => "way-auto",
        TerminalWay::Osc9 => "way-osc9",
        TerminalWay::Osc777 => "way-osc777",
        TerminalWay::Osc99 => "way-osc99",
        TerminalWay::Bell => "way-bell",
    }
}

/// What an event is called.
fn event_words(locale: &Locale, event: &str) -> String {
    locale.find(&format!("event-{}", event.replace('_', "-"))).unwrap_or_else(|| event.to_owned())
}

fn quiet_words(quiet: Option<QuietHours>) -> String {
    quiet.map(|quiet| format!("{}-{}", quiet.from.format("%H:%M"), quiet.to.format("%H:%M"))).unwrap_or_default()
}

fn show_settings(model: &mut Model) {
    let (settings, locale) = (settings(model), &model.shared.locale);
    let quiet = if settings.quiet.is_some() { quiet_words(settings.quiet) } else { locale.text("setting-off").into_owned() };
    let focus = locale.text(if settings.when_focused { "setting-on" } else { "setting-off" });
    let mut choices = vec![
        choice("quiet", &locale.text("setting-quiet"), &quiet),
        choice("way", &locale.text("setting-way"), &locale.text(way_key(settings.terminal))),
        choice("focus", &locale.text("setting-focus"), &focus),
    ];
    for event in EVENTS {
        let passes = if settings.urgent.contains(event) { format!("{} · ", locale.text("setting-passes")) } else { String::new() };
        let hint = format!("{passes}{}", locale.text(level_key(settings.level(event))));
        choices.push(choice(event, &event_words(locale, event), &hint));
    }
    ask(model, "noticesettings", "ask-notice-settings", QuestionKind::Pick { choices });
}

fn setting_picked(model: &mut Model, value: &str) {
    let (settings, locale) = (settings(model), &model.shared.locale);
    match value {
        "quiet" => {
            let text = if settings.quiet.is_some() { quiet_words(settings.quiet) } else { "22:00-07:00".to_owned() };
            ask(model, "noticequiet", "ask-quiet-hours", QuestionKind::Prompt { text });
        }
        "way" => {
            let now = |way| if settings.terminal == way { locale.text("setting-now") } else { "".into() };
            let choices = TerminalWay::ALL.map(|way| choice(way_key(way), &locale.text(way_key(way)), &now(way))).to_vec();
            ask(model, "noticeway", "ask-way", QuestionKind::Pick { choices });
        }
        "focus" => change(model, |settings| settings.when_focused = !settings.when_focused),
        event => {
            let now = |level| if settings.level(event) == level { locale.text("setting-now") } else { "".into() };
            let mut choices: Vec<Choice> =
                Level::ALL.into_iter().rev().map(|level| choice(level_key(level), &locale.text(level_key(level)), &now(level))).collect();
            let passes = if settings.urgent.contains(event) { "setting-hush" } else { "setting-pass" };
            choices.push(choice("pass", &locale.text(passes), ""));
            model.asked.event = event.to_owned();
            ask(model, "noticelevel", "ask-level", QuestionKind::Pick { choices });
        }
    }
}

fn level_picked(model: &mut Model, value: &str) {
    let event = std::mem::take(&mut model.asked.event);
    let level = Level::ALL.into_iter().find(|level| level_key(*level) == value);
    change(model, |settings| match level {
        Some(level) => drop(settings.levels.insert(event, level)),
        None if settings.urgent.remove(&event) => {}
        None => drop(settings.urgent.insert(event)),
    });
}

fn quiet_typed(model: &mut Model, text: &str) {
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let text = text.replace('：', ":").replace(['–', '－', '~', '～'], "-");
    let read = text.split_once('-').and_then(|(from, to)| Some(QuietHours { from: time(from)?, to: time(to)? }));
    match read.filter(|quiet| quiet.from != quiet.to) {
        Some(quiet) => change(model, |settings| settings.quiet = Some(quiet)),
        None if ["", "-", "off"].contains(&text.trim()) => change(model, |settings| settings.quiet = None),
        None => {
            toast(model, "toast-quiet-hours", &[("text", text.clone())]);
            ask(model, "noticequiet", "ask-quiet-hours", QuestionKind::Prompt { text });
        }
    }
}

/// Changes the settings, sends them, and shows them again.
fn change(model: &mut Model, how: impl FnOnce(&mut NoticeSettings)) {
    let mut settings = settings(model);
    how(&mut settings);
    model.asked.settings = Some(settings.clone());
    submit(model, Command::PutNoticeSettings(Box::new(settings)));
    show_settings(model);
}

fn show_reminders(model: &mut Model) {
    let context = model.shared.context();
    let mut mine: Vec<_> = context.directory.reminders.values().collect();
    mine.sort_by_key(|row| (row.at, row.id));
    let mut choices = vec![choice("new", &context.locale.text("reminder-new"), "")];
    choices.extend(mine.into_iter().map(|row| {
        let ticket = row.ticket.map(|number| format!("#{number} ")).unwrap_or_default();
        choice(&row.id.to_string(), &format!("{ticket}{}", clean(&row.text)), &context.instant(row.at))
    }));
    if choices.len() == 1 {
        reminder_picked(model, "new");
        return;
    }
    ask(model, "reminders", "ask-reminders", QuestionKind::Pick { choices });
}

fn reminder_picked(model: &mut Model, value: &str) {
    match value.parse() {
        Ok(id) => {
            submit(model, Command::CancelReminder { id });
            toast(model, "toast-reminder-cancelled", &[]);
        }
        Err(_) => ask(model, "reminder", "ask-reminder", QuestionKind::Prompt { text: String::new() }),
    }
}

fn reminder_typed(model: &mut Model, text: &str) {
    match reminder::parse(text, model.shared.now, model.shared.zone) {
        Ok((at, words_of)) => {
            // About the ticket that is open, when there is one.
            let ticket = if model.ticket_open { model.shown_ticket } else { None };
            let body = PutReminder { id: (model.shared.new_id)().into(), at, text: words_of, ticket, conversation: None };
            submit(model, Command::PutReminder(Box::new(body)));
            let time = model.shared.context().instant(at);
            toast(model, "toast-reminder", &[("time", time)]);
        }
        Err(error) => {
            toast_when(model, &error);
            ask(model, "reminder", "ask-reminder", QuestionKind::Prompt { text: text.to_owned() });
        }
    }
}

/// Why what was typed is no time.
fn toast_when(model: &mut Model, error: &WhenError) {
    match error {
        WhenError::NoTime(text) => toast(model, "toast-no-time", &[("text", clean(text))]),
        WhenError::Past => toast(model, "toast-time-past", &[]),
        WhenError::Far => toast(model, "toast-time-far", &[]),
        WhenError::NoDay => toast(model, "toast-no-day", &[]),
    }
}

fn show_promises(model: &mut Model, detail: &TicketDetail) {
    let context = model.shared.context();
    let found = proposals(&detail.ticket, detail.messages.iter().map(AsRef::as_ref), context.zone);
    let when = |at| context.instant(at);
    let mut choices = vec![choice("new", &context.locale.text("promise-new"), "")];
    for one in &detail.ticket.follow_ups {
        let state = context.locale.text(if one.done { "promise-kept" } else { "promise-open" });
        let value = format!("{}:{}", if one.done { "undo" } else { "done" }, one.id);
        choices.push(choice(&value, &format!("{state} {}", clean(&one.text)), &when(one.at)));
    }
    for (index, one) in found.iter().enumerate() {
        let label = format!("{} {}", context.locale.text("promise-found"), clean(&one.text));
        choices.push(choice(&format!("found:{index}"), &label, &when(one.at)));
    }
    model.asked.found = found;
    ask(model, "promises", "ask-promises", QuestionKind::Pick { choices });
}

fn promise_picked(model: &mut Model, value: &str) {
    let Some(number) = model.asked.ticket else { return };
    match value.split_once(':') {
        Some(("found", index)) => {
            let found = index.parse().ok().and_then(|index: usize| model.asked.found.get(index).cloned());
            if let Some(found) = found {
                put_promise(model, number, found);
            }
        }
        Some((what, id)) => {
            if let Ok(id) = id.parse() {
                submit(model, Command::SettleFollowUp { number, id, done: what == "done" });
            }
        }
        None => ask(model, "promise", "ask-promise", QuestionKind::Prompt { text: String::new() }),
    }
}

fn promise_typed(model: &mut Model, text: &str) {
    let Some(number) = model.asked.ticket else { return };
    match reminder::parse(text, model.shared.now, model.shared.zone) {
        Ok((at, promised)) if !promised.is_empty() => {
            let found = Found { at, text: promised, confidence: crate::domain::follow_up::Confidence::High, message: None };
            put_promise(model, number, found);
        }
        read => {
            match read {
                Err(error) => toast_when(model, &error),
                Ok(_) => toast(model, "promise-no-text", &[]),
            }
            ask(model, "promise", "ask-promise", QuestionKind::Prompt { text: text.to_owned() });
        }
    }
}

fn put_promise(model: &mut Model, number: TicketNumber, found: Found) {
    let (id, by) = ((model.shared.new_id)().into(), PersonId::default());
    let follow_up = FollowUp { id, at: found.at, text: found.text, by, message: found.message, done: false, told: false };
    let time = model.shared.context().instant(follow_up.at);
    submit(model, Command::PutFollowUp { number, follow_up });
    toast(model, "toast-promise", &[("time", time)]);
}

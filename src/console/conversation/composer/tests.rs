//! Who reads what is written is never left to chance, and drafts follow every key.

use std::sync::Arc;

use super::{Composer, Place, Then, Writing};
use crate::client::drafts::Draft;
use crate::client::view::TicketWindow;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::locale::Language;
use crate::console::panes::sample::{Sample, now, person_id, ticket};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Priority, Status};

fn writing(visibility: Visibility, draft: Option<Draft>) -> Writing {
    let about = ticket(1042, 1, "Pump dark", Priority::High, None);
    let place = Place { target: MessageTarget::Ticket { number: about.number }, conversation: about.conversation, ticket: Some(about) };
    Writing { place, visibility, answering: None, editing: None, draft, seen: Some(4) }
}

/// Presses keys by name, keeping drafts as the console does; what happened besides.
fn press(sample: &mut Sample, composer: &mut Composer, keys: &str) -> (Vec<Effect>, Then) {
    let mut all = Vec::new();
    let mut then = Then::Stay;
    for key in keys.split(' ') {
        let (effects, next) = composer.key(key.parse().unwrap(), &sample.context());
        then = next;
        for effect in effects {
            match effect {
                Effect::Draft(draft) => sample.drafts.put(*draft, now()),
                Effect::Remember { what, text } => drop(sample.history.push(what, &text)),
                other => all.push(other),
            }
        }
    }
    (all, then)
}

fn write(sample: &mut Sample, composer: &mut Composer, text: &str) {
    for char in text.chars() {
        let key = if char == ' ' { "space".to_owned() } else { char.to_string() };
        press(sample, composer, &key);
    }
}

fn posts(effects: &[Effect]) -> Vec<PostMessage> {
    let posts = effects.iter().filter_map(|effect| match effect {
        Effect::Submit { command, .. } => match &**command {
            Command::PostMessage(post) => Some((**post).clone()),
            _ => None,
        },
        _ => None,
    });
    posts.collect()
}

#[test]
fn a_note_that_becomes_public_is_asked_about_and_a_reply_is_not() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Internal, None));
    write(&mut sample, &mut composer, "their fault");
    // Tier 1 may choose between two: the requester, and all colleagues.
    press(&mut sample, &mut composer, "shift-tab");
    assert_eq!(composer.visibility(), Visibility::Public);
    assert_eq!(press(&mut sample, &mut composer, "enter"), (Vec::new(), Then::Stay));
    assert!(composer.asking.as_ref().unwrap().sentence.contains("REQUESTER"));
    assert_eq!(press(&mut sample, &mut composer, "enter space x n"), (Vec::new(), Then::Stay), "only a clear yes sends");
    assert_eq!(composer.text(), "their fault");
    let (effects, then) = press(&mut sample, &mut composer, "enter y");
    assert_eq!((posts(&effects)[0].visibility, posts(&effects)[0].seen, then), (Visibility::Public, Some(4), Then::Sent));
    assert!(!sample.drafts.any(composer.conversation()));

    let mut composer = Composer::new(writing(Visibility::Public, None));
    write(&mut sample, &mut composer, "on our way");
    assert_eq!(press(&mut sample, &mut composer, "enter").1, Then::Sent);
}

#[test]
fn what_a_draft_was_written_as_is_remembered() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Internal, None));
    write(&mut sample, &mut composer, "secret");
    press(&mut sample, &mut composer, "shift-tab esc");
    let draft = sample.drafts.get(composer.conversation(), Visibility::Public).cloned().unwrap();
    assert_eq!((draft.text.as_str(), draft.written_as), ("secret", Visibility::Internal));
    assert!(sample.drafts.get(composer.conversation(), Visibility::Internal).is_none(), "it moved");
    let mut again = Composer::new(writing(Visibility::Public, Some(draft)));
    press(&mut sample, &mut again, "enter");
    assert!(again.asking.is_some());
    // Emptied, it is a new text.
    press(&mut sample, &mut again, "n ctrl-a backspace");
    write(&mut sample, &mut again, "hello");
    assert_eq!(press(&mut sample, &mut again, "enter").1, Then::Sent);
}

#[test]
fn a_draft_for_others_is_not_overwritten() {
    let mut sample = Sample::new(Language::English);
    let mut reply = Composer::new(writing(Visibility::Public, None));
    write(&mut sample, &mut reply, "reply");
    let mut note = Composer::new(writing(Visibility::Internal, None));
    write(&mut sample, &mut note, "note");
    press(&mut sample, &mut note, "shift-tab");
    assert_eq!((note.visibility(), note.text()), (Visibility::Internal, "note"));
    assert!(note.problem.is_some());
    press(&mut sample, &mut note, "ctrl-a delete shift-tab");
    assert_eq!((note.visibility(), note.text()), (Visibility::Public, "reply"));
}

#[test]
fn tiers_are_offered_to_those_who_read_them() {
    for (me, expected) in [
        (1, vec![Visibility::Internal]),
        (4, vec![Visibility::Internal, Visibility::Tier2]),
        (5, vec![Visibility::Internal, Visibility::Tier2, Visibility::Tier3]),
    ] {
        let mut sample = Sample::new(Language::English);
        sample.me = person_id(me);
        let mut composer = Composer::new(writing(Visibility::Public, None));
        let mut seen = Vec::new();
        loop {
            press(&mut sample, &mut composer, "shift-tab");
            if composer.visibility() == Visibility::Public {
                break;
            }
            seen.push(composer.visibility());
        }
        assert_eq!(seen, expected, "{me}");
    }
}

#[test]
fn colleagues_named_to_the_requester_are_asked_about() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Public, None));
    composer.paste("ask @maria, she knows", &sample.context());
    press(&mut sample, &mut composer, "enter");
    assert!(composer.asking.as_ref().unwrap().sentence.contains("@maria"));
    assert_eq!(press(&mut sample, &mut composer, "esc y").1, Then::Stay, "back in the text a y is a letter");
    assert_eq!(composer.text(), "ask @maria, she knowsy");
}

#[test]
fn commands_act_and_never_post() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Public, None));
    write(&mut sample, &mut composer, "/status pen");
    press(&mut sample, &mut composer, "enter");
    assert_eq!(composer.text(), "/status pending ", "Enter completes half a word");
    let (effects, then) = press(&mut sample, &mut composer, "enter");
    let command = Command::SetStatus { number: TicketNumber(1042), status: Status::Pending };
    assert_eq!(effects, [Effect::Submit { command: Box::new(command), base_version: Some(7) }]);
    assert_eq!(then, Then::Sent);

    composer.paste("/asign @maria", &sample.context());
    assert_eq!(press(&mut sample, &mut composer, "enter"), (Vec::new(), Then::Stay));
    assert!(composer.problem.as_ref().unwrap().contains("/assign"));
    press(&mut sample, &mut composer, "ctrl-a");
    composer.paste("/merge 7", &sample.context());
    assert_eq!(press(&mut sample, &mut composer, "enter"), (Vec::new(), Then::Stay));
    let (effects, _) = press(&mut sample, &mut composer, "y");
    let command = Command::MergeTicket { number: TicketNumber(1042), into: TicketNumber(7) };
    assert_eq!(effects, [Effect::Submit { command: Box::new(command), base_version: None }]);

    composer.paste("//etc/hosts", &sample.context());
    let (effects, _) = press(&mut sample, &mut composer, "enter");
    assert_eq!(posts(&effects)[0].text, "/etc/hosts");
}

#[test]
fn commands_are_brought_back_and_found_by_pinyin() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Public, None));
    for line in ["/status pending", "/priority low"] {
        composer.paste(line, &sample.context());
        press(&mut sample, &mut composer, "enter");
    }
    assert_eq!(sample.history.of("slash"), ["/status pending", "/priority low"]);
    let mut seen = Vec::new();
    for key in ["/", "up", "up", "up", "down", "down"] {
        press(&mut sample, &mut composer, key);
        seen.push(composer.text().to_owned());
    }
    assert_eq!(seen, ["/", "/priority low", "/status pending", "/status pending", "/priority low", "/"]);
    press(&mut sample, &mut composer, "ctrl-a");
    write(&mut sample, &mut composer, "/zhuangtai");
    assert_eq!(composer.popup.as_ref().unwrap().items[0].insert, "状态 ");
    press(&mut sample, &mut composer, "tab");
    write(&mut sample, &mut composer, "yjj");
    assert_eq!(composer.popup.as_ref().unwrap().items[0].insert, "已解决 ");
}

#[test]
fn people_are_mentioned_by_pinyin() {
    let mut sample = Sample::new(Language::Chinese);
    for (typed, first) in [("wangf", "@wang.fang"), ("wf", "@wang.fang"), ("lina", "@li.na"), ("fang", "@wang.fang"), ("erx", "@experts")] {
        let mut composer = Composer::new(writing(Visibility::Internal, None));
        write(&mut sample, &mut composer, &format!("请 @{typed}"));
        let popup = composer.popup.as_ref().unwrap_or_else(|| panic!("{typed} offers nobody"));
        assert_eq!(popup.items[0].label, first, "{typed}");
    }
}

#[test]
fn tickets_are_looked_for_after_the_sign() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Internal, None));
    write(&mut sample, &mut composer, "see");
    press(&mut sample, &mut composer, "space");
    let (effects, _) = press(&mut sample, &mut composer, "# p");
    let Some(Effect::Load(Load::Tickets { query, .. })) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(query.filter, "p");
    let rows = vec![Arc::clone(&ticket(7, 1, "Pump seven", Priority::Low, None))];
    composer.loaded(Loaded::Tickets { query: query.clone(), window: TicketWindow { start: 0, total: 1, rows } }, &sample.context());
    press(&mut sample, &mut composer, "tab");
    assert_eq!(composer.text(), "see #7 ");
}

#[test]
fn the_persons_own_editor_gets_the_text_and_gives_it_back() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Public, None));
    write(&mut sample, &mut composer, "draft");
    assert_eq!(press(&mut sample, &mut composer, "ctrl-g"), (vec![Effect::EditText("draft".into())], Then::Stay));
    let effects = composer.loaded(Loaded::Edited(Ok("draft\nlonger\u{1b}".into())), &sample.context());
    assert!(matches!(&effects[0], Effect::Draft(draft) if draft.text == "draft\nlonger␛"));
    composer.loaded(Loaded::Edited(Err("no such editor".into())), &sample.context());
    assert_eq!(composer.text(), "draft\nlonger␛");
    assert!(composer.problem.as_ref().unwrap().contains("no such editor"));
    press(&mut sample, &mut composer, "ctrl-_");
    assert_eq!(composer.text(), "draft");
}

#[test]
fn a_message_that_is_too_long_stays() {
    let mut sample = Sample::new(Language::English);
    let mut composer = Composer::new(writing(Visibility::Public, None));
    composer.paste(&"x".repeat(70_000), &sample.context());
    assert_eq!(press(&mut sample, &mut composer, "enter").1, Then::Stay);
    assert!(composer.problem.as_ref().unwrap().contains("65536"));
    assert_eq!(composer.text().len(), 70_000);
}

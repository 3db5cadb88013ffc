//! Making and changing a rota in the form.

use super::*;
use crate::console::panes::shifts::state::View;

fn lead() -> (Sample, ShiftsPane) {
    let mut sample = desk(Language::English);
    sample.me = person_id(5);
    let pane = shown(&sample);
    (sample, pane)
}

fn key(sample: &Sample, pane: &mut ShiftsPane, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split(' ') {
        effects = pane.update(PaneEvent::Key(key.parse().unwrap()), &sample.context());
    }
    effects
}

#[test]
fn a_new_rota_is_typed_and_saved() {
    let (sample, mut pane) = lead();
    sample.act(&mut pane, Action::NewRota);
    assert!(pane.captures_text() && pane.view == View::Form);
    let effects = key(&sample, &mut pane, "ctrl-s");
    assert_eq!(toast(&effects), "shifts-refused", "a rota needs a name");
    let fill = |pane: &mut ShiftsPane, text: &str, then: &str| {
        pane.update(PaneEvent::Paste(text.into()), &sample.context());
        key(&sample, pane, then)
    };
    fill(&mut pane, "Night watch", "down");
    fill(&mut pane, "night", "down down");
    fill(&mut pane, "payments", "down down");
    fill(&mut pane, "wang.fang", "down down down down");
    fill(&mut pane, "zhang.wei+0 maria+2", "down");
    let effects = fill(&mut pane, "Mon-Fri 07:00-15:00 1", "ctrl-s");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.starts_with("Makes the rota Night watch: 2 people, 8 days in turn."), "{sentence}");
    let Command::PutRota(rota) = command else { panic!("{command:?}") };
    assert_eq!((rota.key.as_str(), rota.members.len(), rota.required.len(), rota.pattern.len()), ("night", 2, 1, 8));
    assert_eq!(rota.lead, Some(person_id(5)));
    assert!(!pane.captures_text());
}

#[test]
fn a_rota_that_is_changed_keeps_what_is_not_touched() {
    let (sample, mut pane) = lead();
    act_all(&sample, &mut pane, &[Action::Rotas, Action::EditRota]);
    let effects = key(&sample, &mut pane, "! ctrl-s");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.starts_with("Changes the rota Front desk!"), "{sentence}");
    let Command::PutRota(rota) = command else { panic!("{command:?}") };
    let old = &sample.directory.rotas[&rota_id(1)];
    assert_eq!(*rota, Rota { name: "Front desk!".into(), ..old.clone() });
}

#[test]
fn what_is_wrong_is_named_and_the_field_gets_the_keys() {
    let (sample, mut pane) = lead();
    act_all(&sample, &mut pane, &[Action::Rotas, Action::EditRota]);
    key(&sample, &mut pane, "down down down down down down down space Q up up");
    let screen = sample.screen(&pane, (120, 40));
    assert!(screen.contains("“Q” is no shift type"), "{screen}");
    let effects = key(&sample, &mut pane, "ctrl-s");
    assert_eq!(toast(&effects), "shifts-refused");
    assert_eq!(pane.form.as_ref().unwrap().field, 7);
}

#[test]
fn leaving_a_form_with_changes_asks_first() {
    let (sample, mut pane) = lead();
    act_all(&sample, &mut pane, &[Action::Rotas, Action::EditRota]);
    assert_eq!(key(&sample, &mut pane, "esc"), [], "nothing typed, nothing asked");
    assert_eq!(pane.view, View::Rotas);
    sample.act(&mut pane, Action::EditRota);
    let effects = key(&sample, &mut pane, "x esc");
    assert!(matches!(asked(&effects), QuestionKind::Confirm { .. }));
    answer(&sample, &mut pane, Answer::Dismissed(None));
    assert!(pane.captures_text());
    key(&sample, &mut pane, "esc");
    answer(&sample, &mut pane, Answer::Confirmed);
    assert!(!pane.captures_text());
}

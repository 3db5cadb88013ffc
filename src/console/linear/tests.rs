//! Work in lines: what is heard, what is typed, what reaches the desk.

use std::sync::Arc;

use super::front::Front;
use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id, message, ticket};
use crate::domain::command::Command;
use crate::domain::conversation::{Author, Visibility};
use crate::domain::id::{RequesterId, TicketNumber};

async fn front(desk: &Arc<FakeDesk>, language: Language) -> Front {
    let screen = Screen::open(Arc::clone(desk), language, 100, 40).await;
    let mut front = Front::new(screen.app, Arc::clone(desk) as Arc<dyn crate::console::DeskHandle>);
    front.start().await;
    front
}

async fn typed(front: &mut Front, lines: &[&str]) -> String {
    let mut said = Vec::new();
    for line in lines {
        said = front.line(line).await;
    }
    said.join("\n")
}

#[tokio::test]
async fn what_is_focused_is_said_in_a_sentence() {
    let desk = FakeDesk::new(12);
    let mut english = front(&desk, Language::English).await;
    let said = typed(&mut english, &["next"]).await;
    assert_eq!(said, "Mine, 2 of 12: 2 evil ␛]0;x␇subject, Normal, Open, overdue by 6 minutes, yours");
    let mut chinese = front(&desk, Language::Chinese).await;
    let said = typed(&mut chinese, &["下"]).await;
    assert!(said.contains("第 2 条，共 12 条") && said.contains("已超时6 分钟") && said.contains("您负责"), "{said}");
    assert!(typed(&mut english, &["previous", "p"]).await.starts_with("This is the first."));
}

#[tokio::test]
async fn a_ticket_is_opened_answered_and_given_on_by_lines() {
    let desk = FakeDesk::new(5);
    let mut front = front(&desk, Language::English).await;
    let list = typed(&mut front, &["list"]).await;
    assert!(list.contains("2. 2 ") && list.starts_with("Mine, 5 in all:"), "{list}");
    let opened = typed(&mut front, &["2"]).await;
    assert!(opened.contains("From 客户 Chen") && opened.contains("runbook ␛[2Jpay-7 step 3"), "{opened}");
    assert_eq!(typed(&mut front, &["reply On my way."]).await, "Sent.");
    let asked = typed(&mut front, &["note"]).await;
    assert!(asked.contains("single full stop"), "{asked}");
    assert_eq!(typed(&mut front, &["first line", "第二行", "."]).await, "Done.");
    let people = typed(&mut front, &["assign"]).await;
    let n = people.lines().find(|line| line.contains("张伟")).and_then(|line| line.split('.').next()).unwrap().to_owned();
    assert_eq!(typed(&mut front, &[&n]).await, "Done.");
    let submitted: Vec<_> = desk.submitted.lock().unwrap().iter().map(|(command, _)| command.clone()).collect();
    let texts: Vec<_> = submitted
        .iter()
        .filter_map(|command| match command {
            Command::PostMessage(post) => Some((post.text.as_str(), post.visibility)),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [("On my way.", Visibility::Public), ("first line\n第二行", Visibility::Internal)]);
    assert!(submitted.contains(&Command::AssignTicket { number: TicketNumber(2), person: id(2) }), "{submitted:?}");
}

#[tokio::test]
async fn what_happens_is_told_once() {
    let desk = FakeDesk::new(3);
    let mut front = front(&desk, Language::English).await;
    typed(&mut front, &["open 1"]).await;
    let requester = Author::Requester { id: RequesterId::default(), name: "客户 Chen".into() };
    desk.replies.lock().unwrap().push(message(120, requester, Visibility::Public, "Still dark.\nPlease hurry."));
    desk.change(|tickets| tickets[0] = Arc::new(ticket(1, "Pump 4")));
    let said = front.news().await;
    assert!(said[0].starts_with("New on 1: 客户 Chen, ") && said[0].ends_with("Still dark.") && said[1] == "Please hurry.", "{said:?}");
    assert!(front.line("repeat").await.iter().all(|line| !line.starts_with("New on")));
    desk.link.send_modify(|status| {
        let since = crate::console::testing::now();
        status.link = crate::client::view::Link::Offline { since, why: "the server does not answer.".into() };
    });
    let said = front.news().await;
    assert_eq!(said, ["Link lost: the server does not answer. What you do waits and is sent later."]);
}

#[tokio::test]
async fn a_wrong_word_is_met_with_the_nearest_and_help_names_all() {
    let desk = FakeDesk::new(1);
    let mut front = front(&desk, Language::English).await;
    assert_eq!(typed(&mut front, &["replay"]).await, "replay is no command; did you mean reply?");
    let help = typed(&mut front, &["?"]).await;
    for word in ["claim", "reply", "note", "status", "assign", "escalate", "answer", "shifts", "duty"] {
        assert!(help.lines().any(|line| line.starts_with(&format!("{word}: "))), "{word}\n{help}");
    }
    assert!(typed(&mut front, &["status"]).await.contains("1. "), "choices are numbered");
    assert_eq!(typed(&mut front, &["99"]).await, "Type a number, or cancel.");
    assert_eq!(typed(&mut front, &["cancel"]).await, "Left.");
    let page = typed(&mut front, &["key 4"]).await;
    assert!(!page.contains('│') && !page.contains('─'), "{page}");
    typed(&mut front, &["quit"]).await;
    assert!(front.model().exit.is_some());
}

#[tokio::test]
async fn nothing_typed_stops_the_lines() {
    let desk = crate::console::wild::Wild::new(6, crate::console::wild::HOSTILE[0], 3);
    for language in Language::ALL {
        let screen = Screen::over(Arc::clone(&desk) as Arc<dyn crate::console::DeskHandle>, language, 100, 40).await;
        let mut front = Front::new(screen.app, Arc::clone(&desk) as Arc<dyn crate::console::DeskHandle>);
        front.start().await;
        for command in super::commands::COMMANDS {
            for line in [command.words[0].to_owned(), "1".into(), format!("{} 1", command.words[0]), "cancel".into(), "cancel".into()] {
                front.line(&line).await;
            }
        }
    }
}

/// Messages that reached the desk: number of the ticket, text.
fn written(desk: &FakeDesk) -> Vec<(i64, String)> {
    let submitted = desk.submitted.lock().unwrap();
    let post = |command: &Command| match command {
        Command::PostMessage(post) => Some((command.ticket().map_or(0, |number| number.0), post.text.clone())),
        _ => None,
    };
    submitted.iter().filter_map(|(command, _)| post(command)).collect()
}

#[tokio::test]
async fn acts_go_to_the_ticket_that_was_heard_last() {
    let desk = FakeDesk::new(5);
    let mut front = front(&desk, Language::English).await;
    typed(&mut front, &["key 1 j j enter", "reply on my way"]).await;
    assert_eq!(written(&desk), [(3, "on my way".to_owned())], "the model opened it, by keys or a notice");
    typed(&mut front, &["open 5", "key 1 k", "note two"]).await;
    assert_eq!(written(&desk)[1], (2, "two".to_owned()), "the page had its cursor there");
    let said = typed(&mut front, &["back", "list", "previous"]).await;
    assert!(said.contains("1 of 5: 1 "), "{said}");
    desk.change(|tickets| tickets.insert(0, Arc::new(ticket(9, "newest"))));
    front.news().await;
    typed(&mut front, &["note one"]).await;
    assert_eq!(written(&desk)[2], (1, "one".to_owned()), "what came in above it was not heard");
}

#[tokio::test]
async fn a_text_begun_before_is_heard_before_it_is_sent() {
    let desk = FakeDesk::new(5);
    let mut front = front(&desk, Language::English).await;
    typed(&mut front, &["open 2", "reply", "he is lying", "cancel"]).await;
    let said = typed(&mut front, &["reply Fixed."]).await;
    assert!(said.contains("Now: he is lying") && said.contains("Nothing is sent yet"), "{said}");
    assert!(written(&desk).is_empty());
    let said = typed(&mut front, &["clear"]).await;
    assert!(!said.contains("lying"), "{said}");
    assert_eq!(typed(&mut front, &["."]).await, "Done.");
    assert_eq!(written(&desk), [(2, "Fixed.".to_owned())]);
    typed(&mut front, &["reply", "half a", "cancel", "reply sentence", "."]).await;
    assert_eq!(written(&desk)[1], (2, "half a\nsentence".to_owned()));
}

#[tokio::test]
async fn what_cannot_be_read_is_explained_and_what_opens_is_read() {
    let desk = FakeDesk::new(5);
    let mut front = front(&desk, Language::English).await;
    let said = typed(&mut front, &["filter stauts:open"]).await;
    assert!(said.contains("status") && !said.contains("in all"), "{said}");
    assert!(typed(&mut front, &["filter number:2"]).await.starts_with("Mine, 1 in all"), "the filter that can be read narrows");
    assert!(typed(&mut front, &["do pane.shifts"]).await.contains("Shifts"));
    assert!(typed(&mut front, &["say hello"]).await.contains("say TEXT"), "no conversation is open");
    assert!(written(&desk).is_empty());
}

#[tokio::test]
async fn say_sends_what_was_typed_and_nothing_begun_before() {
    let desk = crate::console::wild::Wild::new(6, "x", 3);
    let screen = Screen::over(Arc::clone(&desk) as Arc<dyn crate::console::DeskHandle>, Language::English, 100, 40).await;
    let mut front = Front::new(screen.app, Arc::clone(&desk) as Arc<dyn crate::console::DeskHandle>);
    front.start().await;
    let texts = || written(&desk.inner).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    typed(&mut front, &["chats", "1", "key i h esc"]).await;
    let said = typed(&mut front, &["say hi"]).await;
    assert!(said.starts_with("Now: h") && texts().is_empty(), "{said}");
    assert_eq!(typed(&mut front, &["say ."]).await, "Sent.");
    assert_eq!(typed(&mut front, &["key i o esc", "say clear"]).await, "Done.");
    assert_eq!(typed(&mut front, &["key 1", "say hi"]).await, "Sent.", "it is that conversation's, wherever keys led");
    assert_eq!(texts(), ["h", "hi"]);
}

//! A transaction that the engine ends by itself in the middle of a group, as a full disk does: here by a trigger that says
//! `ROLLBACK`, which to the writer looks the same, and comes whenever it is wanted.

use dutydesk::client::api::ApiError;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage, Submission};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{CommandKey, TicketNumber};
use dutydesk::wire::command::Answers;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::desk::TestDesk;
use super::dice::Dice;
use super::writer;
use crate::check::{self, Evidence};
use crate::history::{Event, History};
use dutydesk::base::clock::new_id;

fn open(desk: &TestDesk, dice: &mut Dice) -> Submission {
    let key = CommandKey(new_id());
    Submission { key, base_version: None, expires_at: None, command: writer::create(key, desk.queues[1], dice) }
}

fn post(number: TicketNumber, text: &str) -> Submission {
    let key = CommandKey(new_id());
    let post = PostMessage::new(MessageTarget::Ticket { number }, new_id().into(), Visibility::Internal, format!("{text} ({key})"));
    Submission { key, base_version: None, expires_at: None, command: Command::PostMessage(Box::new(post)) }
}

/// Many commands in one call, which the writer takes as one group.
async fn together(desk: &TestDesk, commands: &[Submission], events: &mut Vec<Event>) -> Result<Answers, ApiError> {
    let lines: Vec<_> = commands.iter().map(|one| serde_json::to_string(one).expect("plain data")).collect();
    events.extend(commands.iter().map(|one| Event::Invoked { submission: Box::new(one.clone()) }));
    let answers = desk.admin.api(&desk.server.url).import(lines.join("\n").into()).await?;
    for answer in &answers.answers {
        events.push(match (&answer.refusal, &answer.result) {
            (Some(refusal), _) => Event::Refused { key: answer.key, refusal: refusal.clone() },
            (None, result) => {
                let result = Box::new(result.clone().unwrap_or_default());
                Event::Done { key: answer.key, result, replayed: answer.replayed }
            }
        });
    }
    Ok(answers)
}

#[tokio::test]
async fn a_group_whose_transaction_is_gone_fails_as_a_whole_and_the_next_one_works() {
    let mut desk = TestDesk::new(1).await;
    let (mut dice, mut events) = (Dice::new(11), Vec::new());
    let first = together(&desk, &[open(&desk, &mut dice)], &mut events).await.expect("taken");
    let number = first.answers[0].result.as_ref().and_then(|result| result.ticket).expect("a ticket");
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON messages WHEN NEW.data LIKE '%TRAP%' BEGIN SELECT RAISE(ROLLBACK, 'sprung'); END";
    let mut beside = SqliteConnectOptions::new().filename(desk.database()).connect().await.expect("a second connection");
    sqlx::raw_sql(trap).execute(&mut beside).await.expect("a trigger");
    for round in 0..3 {
        let group = [open(&desk, &mut dice), post(number, "before"), post(number, "TRAP"), post(number, "after"), open(&desk, &mut dice)];
        let lost = together(&desk, &group, &mut events).await.expect_err("the trap springs");
        let ApiError::Problem(problem, after) = &lost else { panic!("not a problem document: {lost:?}") };
        assert_eq!((problem.status, problem.code.as_str()), (503, "database_unavailable"), "round {round}: {problem:?}");
        assert!(after.is_some(), "it says when to come again: {problem:?}");
        // Without the trap, and under the same keys, all of it is taken.
        let rest: Vec<_> =
            group.iter().filter(|one| !matches!(&one.command, Command::PostMessage(post) if post.text.contains("TRAP"))).cloned().collect();
        let taken = together(&desk, &rest, &mut events).await.expect("the desk works on");
        for answer in &taken.answers {
            assert!(answer.refusal.is_none(), "round {round}: refused though nothing was wrong with it: {:?}", answer.refusal);
        }
    }
    desk.server.kill();
    sqlx::Connection::close(beside).await.expect("closed");
    let histories = vec![History::of("ada/import", events)];
    let findings = check::run(&Evidence { database: desk.database(), histories, consoles: Vec::new() }).await;
    println!("lost groups: {findings}");
    findings.assert_clean(&["acknowledged", "keys", "versions", "audit"]);
}

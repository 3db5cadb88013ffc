//! The command line as a whole.

use clap::{CommandFactory, Parser};

use super::Cli;
use crate::console::action::ACTIONS;

/// The console's actions that change the desk, with a command line that does the same.
const SAME: &[(&str, &str)] = &[
    ("presence", "person presence away"),
    ("ticket.new", "ticket create --queue q --requester shop:1 text"),
    ("ticket.claim", "ticket claim 42"),
    ("ticket.assign", "ticket assign 42 li.na"),
    ("ticket.release", "ticket release #42 --reason lunch"),
    ("ticket.reply", "ticket reply 42 text --status solved"),
    ("ticket.note", "ticket note 42 text"),
    ("ticket.status", "ticket status 42 on-hold"),
    ("ticket.priority", "ticket priority 42 urgent"),
    ("ticket.tags", "ticket tag 42 pump urgent"),
    ("ticket.merge", "ticket merge 42 43"),
    ("ticket.undo-merge", "ticket unmerge 42"),
    ("ticket.split", "ticket split 42 --message 3 --following --queue pumps --subject other"),
    ("ticket.timeline", "ticket timeline 42 --show people"),
    ("ticket.status-link", "ticket status-link 42"),
    ("ticket.link", "ticket link 42 duplicate_of 43"),
    ("ticket.move", "ticket move 42 payments"),
    ("ticket.escalate", "ticket escalate 42 --tier 3 --skill routers --code outage --tried restart --take-over note"),
    ("ticket.answer-escalation", "ticket answer 42 decline --reason busy"),
    ("ticket.briefing", "ticket brief 42"),
    ("ticket.promises", "ticket follow-up 42 --at 2h text"),
    ("remind", "remind 2h text --ticket 42"),
    ("notices.settings", "notice settings show"),
    ("chat.answer-call", "ticket answer 42 accept"),
    ("chat.answer", "chat send general text --reply-to 3"),
    ("chat.menu", "chat mute general"),
    ("message.react", "chat react general 3 ok"),
    ("message.edit", "chat edit general 3 text"),
    ("message.pin", "chat pin general 3"),
    ("message.history", "chat edits general 3"),
    ("search", "search 加油机 pump --in messages --limit 5"),
    ("ticket.why", "ticket why 42"),
    ("ticket.clocks", "ticket clocks 42"),
    ("mark.all", "ticket bulk --queue pumps --search network --set-status pending --dry-run"),
    ("bulk", "ticket bulk -n 1,2,3 --add-tag storm"),
    ("ticket.incident", "incident broadcast 42 text --status pending --preview"),
    ("ticket.files", "ticket attach 42 photo.png --note text --public"),
    ("ticket.field", "ticket field 42 pump -- -4"),
    ("assignment.give", "ticket assign 42 li.na"),
    ("assignment.rebalance", "queue rebalance pumps --apply"),
    ("assignment.queue", "queue set pumps --strategy sticky --cap 4 --end-of-shift relief"),
    ("chat.compose", "chat send general text"),
    ("chat.new", "chat new @li.na"),
    ("view.save", "view save Late is:late --share everybody"),
    ("view.edit", "view save Late is:late --sort priority"),
    ("view.delete", "view delete Late"),
    ("keys", "keys list"),
    // What the next ticket changes is that it is claimed.
    ("ticket.next", "ticket claim 42"),
];

/// Actions that move about in the console, or concern it alone.
fn concerns_the_screen(name: &str) -> bool {
    let prefixes = ["move.", "pane.", "focus.", "tab.", "shifts.", "goto.", "layout."];
    let names = [
        "open",
        "back",
        "palette",
        "help",
        "notices",
        "outbox",
        "language",
        "theme",
        "redraw",
        "quit",
        "filter",
        "sort",
        "load-new",
        "preview",
        "ticket.copy",
        "mark",
        "mark.range",
        "mark.none",
        "undo",
        "repeat",
        "jump.back",
        "jump.forward",
        "tour",
        "filter.clear",
        "view.pick",
        "assignment.who-now",
        "chat.next-unread",
        "chat.ticket",
        "message.menu",
        "message.copy",
        "message.follow",
        "message.answered",
        "message.find",
    ];
    prefixes.iter().any(|prefix| name.starts_with(prefix)) || names.contains(&name)
}

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("dutydesk").chain(line.split(' ')))
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn what_a_console_changes_a_subcommand_changes_too() {
    for action in ACTIONS {
        let same = SAME.iter().find(|(name, _)| *name == action.name);
        assert!(same.is_some() || concerns_the_screen(action.name), "{} has no subcommand", action.name);
    }
    for (_, line) in SAME {
        assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
    }
}

#[test]
fn calls_for_experts_are_lines_too() {
    for line in [
        "ticket join 42",
        "ticket leave 42 --result not-ours ask_payments",
        "ticket withdraw 42 --of max --reason solved",
        "ticket calls",
        "ticket calls 42 --json",
        "ticket calls --all",
        "ticket brief 42",
        "queue set pumps --expert-accept-within 120",
    ] {
        assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
    }
    assert_eq!(parse("ticket escalate 42 --code hunger note").unwrap_err().exit_code(), 2);
}

#[test]
fn wrong_lines_exit_as_usage() {
    for line in
        ["ticket status 42 sovled", "ticket claim forty", "ticket field 42 pump", "shift leave --from yesterday --to today", "chat new"]
    {
        let error = parse(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}: {error}");
    }
    assert!(parse("ticket status 42 sovled").unwrap_err().to_string().contains("Did you mean solved?"));
}

#[test]
fn global_options_stand_anywhere() {
    let cli = parse("ticket show 42 --json --server http://127.0.0.1:1 --language zh-CN").unwrap();
    assert!(cli.options.json);
    assert_eq!(cli.options.server.as_deref(), Some("http://127.0.0.1:1"));
}

#[test]
fn help_lists_the_exit_codes_and_hides_the_token() {
    let help = Cli::command().render_long_help().to_string();
    assert!(help.contains("7  not signed in"));
    assert!(help.contains("DUTYDESK_TOKEN"));
}

/// Every subcommand, by its words.
fn commands(command: &clap::Command, words: &[String], found: &mut Vec<Vec<String>>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let words: Vec<_> = words.iter().cloned().chain([sub.get_name().to_owned()]).collect();
        commands(sub, &words, found);
        found.push(words);
    }
}

#[test]
fn completions_and_manual_pages_cover_every_subcommand_and_shells_can_read_them() {
    let mut found = Vec::new();
    commands(&Cli::command(), &[], &mut found);
    assert!(found.len() > 80 && found.contains(&vec!["keys".to_owned(), "check".to_owned()]));
    let folder = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(Cli::command(), folder.path()).unwrap();
    for words in &found {
        let page = folder.path().join(format!("dutydesk-{}.1", words.join("-")));
        assert!(page.exists(), "{words:?} has no manual page");
    }
    for (shell, program, check) in [
        (clap_complete::Shell::Bash, "bash", &["-n"][..]),
        (clap_complete::Shell::Zsh, "zsh", &["-n"]),
        (clap_complete::Shell::Fish, "fish", &["--no-execute"]),
    ] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "dutydesk", &mut script);
        let text = String::from_utf8(script).unwrap();
        for words in &found {
            let last = words.last().unwrap();
            assert!(text.contains(last.as_str()), "{program}: {words:?} is not completed");
        }
        let path = folder.path().join(program);
        std::fs::write(&path, &text).unwrap();
        // Where the shell is installed, it reads the script itself.
        if let Ok(status) = std::process::Command::new(program).args(check).arg(&path).status() {
            assert!(status.success(), "{program} does not read its completions");
        }
    }
}

#[test]
fn completions_and_manual_pages_are_made() {
    let mut script = Vec::new();
    clap_complete::generate(clap_complete::Shell::Bash, &mut Cli::command(), "dutydesk", &mut script);
    assert!(String::from_utf8(script).unwrap().contains("on-duty"));
    let folder = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(Cli::command(), folder.path()).unwrap();
    assert!(folder.path().join("dutydesk-ticket-claim.1").exists());
}

//! The whole story as two people live it: a requester writes, the desk gives it to who is on duty, she calls an expert in with
//! one key, he sees the screenshot and gives his verdict, she solves, the requester says how it was. Two real consoles, the
//! requester over HTTP; and the audit tells the same story.

use serde_json::{Value, json};

use super::desk::{Desk, PASSWORD, QUEUE, console, http, http_bytes, ok, texts};
use super::pty::{Machine, Terminal};
use super::receiver::Receiver;
use super::server::run;

const SIZE: u32 = 160;
/// What only the desk may read.
const SECRETS: [&str; 4] = ["spare-card-42", "boot-slot-B", "cable-swapped", "till stays dark"];

/// What stands on the screen, in one language.
struct Words {
    tag: &'static str,
    goto: &'static str,
    reply: &'static str,
    note: &'static str,
    tier: &'static str,
    form: &'static str,
    calls_you: &'static str,
    answer: &'static str,
    accept: &'static str,
    asked: &'static str,
    files: &'static str,
    conversation: &'static str,
    verdict: &'static str,
    status: &'static str,
    solved: &'static str,
    rating: &'static str,
}

const ENGLISH: Words = Words {
    tag: "en",
    goto: "Go to a ticket",
    reply: "PUBLIC reply",
    note: "INTERNAL note",
    tier: "TIER 2+ note",
    form: "Call an expert",
    calls_you: "calls you",
    answer: "Calls for an expert",
    accept: "Accept",
    asked: "What was asked",
    files: "Files of #",
    conversation: "[conversation]",
    verdict: "Leave: what came of it?",
    status: "Pending",
    solved: "Solved",
    rating: "4 of 5",
};

const CHINESE: Words = Words {
    tag: "zh-CN",
    goto: "转到工单",
    reply: "公开回复",
    note: "内部备注，",
    tier: "二线及以上备注",
    form: "呼叫专家",
    calls_you: "请你支援",
    answer: "专家呼叫",
    accept: "接受",
    asked: "请求内容",
    files: " 的附件",
    conversation: "[对话]",
    verdict: "离开：结果如何？",
    status: "待客户",
    solved: "已解决",
    rating: "4 / 5",
};

/// The requester's side: an intake channel with its token, and the receiver of its webhook.
struct Outside<'a> {
    desk: &'a Desk,
    token: String,
    heard: Receiver,
}

impl<'a> Outside<'a> {
    fn new(desk: &'a Desk) -> Self {
        let heard = Receiver::listen();
        desk.admin(&["webhook", "add", "tills", "--url", &heard.url, "--allow-private"]);
        let made = desk.json(&["channel", "add", "tills", "--queue", QUEUE]);
        desk.admin(&["channel", "set", "tills", "--reply-webhook", "tills", "--asks-rating", "true"]);
        Self { desk, token: made["token"].as_str().expect("a token").to_owned(), heard }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = http(self.desk.server.address(), &self.token, method, &format!("/api/v1/intake/tills{path}"), Some(body));
        assert!((200..300).contains(&status), "{path}: {answer}");
        answer
    }

    /// Writes into the thread; the ticket's number.
    fn write(&self, external: &str, text: &str, attachments: &Value) -> String {
        let author = json!({"external": "till:7", "name": "Chen Wei"});
        let body =
            json!({"thread": "t-7", "external": external, "author": author, "subject": "Till 7", "text": text, "attachments": attachments});
        self.call("POST", "", &body)["ticket"].to_string()
    }

    /// Uploads in two slices; the file's id.
    fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let begun = self.call("POST", "/files", &json!({"name": name, "media_type": "image/png", "size": bytes.len()}));
        let id = begun["id"].as_str().expect("an id").to_owned();
        let half = bytes.len() / 2;
        for (offset, slice) in [(0, &bytes[..half]), (half, &bytes[half..])] {
            let path = format!("/api/v1/intake/tills/files/{id}?offset={offset}");
            let body = ("application/octet-stream", slice);
            let (status, answer) = http_bytes(self.desk.server.address(), &self.token, "PATCH", &path, body);
            assert!((200..300).contains(&status), "{answer}");
        }
        id
    }
}

fn rota(key: &str, tier: u8, person: &str) -> String {
    format!(
        "key = \"{key}\"\nname = \"{key}\"\ntime_zone = \"UTC\"\nqueues = [\"{QUEUE}\"]\ntier = {tier}\nstarts_on = 2026-01-01\n\
         pattern = \"D\"\nlead = \"ada\"\n[[shift]]\ncode = \"D\"\nname = \"Day and night\"\nstart = \"00:00\"\nend = \"00:00\"\n\
         [[member]]\nperson = \"{person}\"\n"
    )
}

/// A desk on which li.na is on duty in tier 1 and 陈工 in tier 2.
fn on_duty() -> Desk {
    let desk = Desk::new("least_loaded");
    let people = "handle,name,role,tier,queues,time zone\nli.na,李娜,agent,1,support,UTC\nchen.gong,陈工,expert,2,support,UTC\n";
    desk.import("people", "people.csv", people);
    for (key, tier, person) in [("first", 1, "li.na"), ("second", 2, "chen.gong")] {
        desk.admin_input(&["person", "password", person, "--password-stdin"], &format!("{PASSWORD}\n"));
        let file = desk.file(&format!("{key}.toml"), &rota(key, tier, person));
        desk.admin(&["rota", "apply", &file]);
    }
    desk
}

/// A screenshot of four coloured quarters.
fn screenshot(desk: &Desk) -> Vec<u8> {
    let path = desk.folder.path().join("screen.png");
    let colour = |x: u32, y: u32| match (x < SIZE / 2, y < SIZE / 2) {
        (true, true) => image::Rgb([220, 40, 40]),
        (false, true) => image::Rgb([40, 200, 60]),
        (true, false) => image::Rgb([40, 60, 220]),
        (false, false) => image::Rgb([230, 220, 40]),
    };
    image::RgbImage::from_fn(SIZE, SIZE, colour).save(&path).expect("a picture");
    std::fs::read(path).expect("a picture")
}

/// A console whose person is available.
fn available(machine: &Machine, words: &Words, (columns, rows): (u16, u16)) -> Terminal {
    let terminal = console(machine, &["--language", words.tag], columns, rows);
    ok(run(machine, &["person", "presence", "available"], ""));
    terminal
}

fn open(terminal: &mut Terminal, words: &Words, number: &str, seen: &str) {
    terminal.send("gt");
    terminal.wait_for(words.goto);
    terminal.send(&format!("{number}\r"));
    terminal.wait_for(&format!("#{number} "));
    terminal.wait_for(seen);
}

/// Opens a composer with `key`, writes and sends; until it is on record and the console knows it.
fn say(terminal: &mut Terminal, key: &str, composer: &str, text: &str) {
    terminal.send(key);
    terminal.wait_for(composer);
    terminal.send(text);
    terminal.wait_for(text);
    terminal.send("\r");
    terminal.wait("what was said, on record", |screen| {
        screen.contains(text) && ![composer, "sending…", "发送中"].iter().any(|not_yet| screen.contains(not_yet))
    });
}

/// The expert is called, sees why and what, looks at the screenshot, and leaves with his verdict.
fn expert_helps(expert: &mut Terminal, words: &Words, number: &str) {
    expert.wait_for(words.calls_you);
    expert.send("E");
    expert.wait_for(words.answer);
    expert.wait_for(words.accept);
    expert.send("\r");
    // Being there is joining, and the briefing is what he lands on.
    expert.wait_for(words.asked);
    expert.wait_for("till seven is dark");
    expert.send("F");
    expert.wait_for(words.files);
    expert.wait_for("screen.p");
    expert.send("\r");
    expert.wait_for(&format!("{SIZE} x {SIZE}"));
    let colours = expert.colours_of("▀▄█");
    let mut seen: Vec<_> = colours.iter().flat_map(|(front, back)| [format!("{front:?}"), format!("{back:?}")]).collect();
    seen.sort();
    seen.dedup();
    assert!(colours.len() > 40 && seen.len() >= 4, "four quarters in half blocks: {} cells of {seen:?}", colours.len());
    expert.send("\x1b");
    expert.wait_gone(&format!("{SIZE} x {SIZE}"));
    expert.send("\x1b");
    expert.wait_gone(words.files);
    // Back to the conversation, whose composers say who reads.
    expert.send("]");
    expert.wait_for(words.conversation);
    expert.wait_for("here is the screen");
    say(expert, "i", words.note, SECRETS[0]);
    expert.send("i");
    expert.wait_for(words.note);
    expert.send("\x1b[Z");
    expert.wait_for(words.tier);
    expert.send(SECRETS[1]);
    expert.wait_for(SECRETS[1]);
    expert.send("\r");
    expert.wait_gone(words.tier);
    expert.send("E");
    expert.wait_for(words.answer);
    expert.send("\r");
    expert.wait_for(words.verdict);
    expert.send("\t");
    expert.send(SECRETS[2]);
    expert.wait_for(SECRETS[2]);
    expert.send("\r");
    expert.wait_gone(words.verdict);
    expert.wait_for(&format!("#{number} "));
}

fn the_story(words: &Words, size: (u16, u16)) {
    let desk = on_duty();
    let (li, chen) = (desk.machine("li.na"), desk.machine("chen.gong"));
    let (mut agent, mut expert) = (available(&li, words, size), available(&chen, words, size));
    let outside = Outside::new(&desk);
    let number = outside.write("m-1", "till seven is dark", &json!([]));
    let given = desk.until("an assignment by the roster", || Some(desk.show(&number)).filter(|ticket| ticket["assignee"].is_string()));
    let people = desk.json(&["person", "list"]);
    let id = |handle: &str| {
        let items = people["items"].as_array().expect("people");
        items.iter().find(|person| person["handle"] == handle).expect("a person")["id"].clone()
    };
    assert_eq!(given["assignee"], id("li.na"));

    open(&mut agent, words, &number, "till seven is dark");
    say(&mut agent, "r", words.reply, "we look into it");
    let reply = outside.heard.wait_said("we look into it");
    assert_eq!((&reply["thread"], &reply["message"]["author"]), (&json!("t-7"), &json!("李娜")));
    let file = outside.upload("screen.png", &screenshot(&desk));
    let attached = json!([{"name": "screen.png", "media_type": "image/png", "file": file}]);
    assert_eq!(outside.write("m-2", "here is the screen", &attached), number);
    agent.wait_for("here is the screen");

    // One key and Enter; what was tried is one more.
    agent.send("e");
    agent.wait_for(words.form);
    agent.wait_for("陈工");
    agent.send("\t\t\ttill stays dark");
    agent.wait_for("till stays dark");
    agent.send("\r");
    expert_helps(&mut expert, words, &number);

    let left = desk.until("the verdict", || {
        let calls = desk.json(&["ticket", "calls", &number]);
        Some(calls["items"][0].clone()).filter(|call| call["state"] == "left")
    });
    assert_eq!((&left["expert"], &left["result"], &left["verdict"]), (&id("chen.gong"), &json!("solved"), &json!(SECRETS[2])));
    agent.wait_for(SECRETS[0]);
    let seen = agent.wait_for(SECRETS[2]);
    assert!(!seen.contains(SECRETS[1]), "what is for tier 2 is not for tier 1:\n{seen}");
    say(&mut agent, "r", words.reply, "it runs again");
    outside.heard.wait_said("it runs again");
    agent.send("s");
    agent.wait_for(words.status);
    agent.send(words.solved);
    agent.wait_for(&format!("/ {}", words.solved));
    agent.send("\r");
    agent.wait("the ticket solved", |screen| screen.lines().any(|line| line.contains("-> 李娜") && line.contains(words.solved)));
    outside.heard.wait("that a rating is asked for", |call| call["event"] == "rating_asked");

    outside.call("POST", "/ratings", &json!({"thread": "t-7", "score": 4, "words": "kind-and-quick"}));
    agent.send("]");
    agent.wait_for(words.rating);
    agent.wait_for("kind-and-quick");
    let shown = desk.show(&number);
    assert_eq!((&shown["rating"]["score"], &shown["rating"]["words"]), (&json!(4), &json!("kind-and-quick")));
    assert_eq!((&shown["status"], texts(&shown, SECRETS[0])), (&json!("solved"), 1));

    what_the_requester_heard(&outside.heard);
    the_record_tells_the_same(&desk, &number, &id);
    for terminal in [&mut agent, &mut expert] {
        assert!(terminal.quit().success() && terminal.restored());
    }
}

/// Both public replies, in order and once; that it is solved; the question. Not a word of what is for the desk alone.
fn what_the_requester_heard(heard: &Receiver) {
    let bodies = heard.bodies();
    for secret in SECRETS {
        assert!(bodies.iter().all(|body| !body.contains(secret)), "{secret} left the desk: {bodies:#?}");
    }
    let calls: Vec<Value> = bodies.iter().map(|body| super::desk::parse(body)).collect();
    let events: Vec<_> = calls.iter().map(|call| call["event"].as_str().expect("an event")).collect();
    assert_eq!(events, ["message", "message", "status", "rating_asked"]);
    let said: Vec<_> = calls[..2].iter().map(|call| call["message"]["text"].as_str().expect("a text")).collect();
    assert_eq!(said, ["we look into it", "it runs again"]);
}

/// Who did what, in this order, in the audit and in the timeline as people read it.
fn the_record_tells_the_same(desk: &Desk, number: &str, id: &dyn Fn(&str) -> Value) {
    let (status, audit) = desk.http("GET", &format!("/api/v1/tickets/{number}/audit"), None);
    assert_eq!(status, 200);
    let mut entries: Vec<&Value> = audit["items"].as_array().expect("entries").iter().collect();
    entries.sort_by_key(|entry| entry["at"].as_str().map(str::to_owned));
    let (li, chen) = (id("li.na"), id("chen.gong"));
    let who = |entry: &Value| {
        let actor = &entry["actor"];
        let person = if actor["id"] == li {
            "li.na"
        } else if actor["id"] == chen {
            "chen.gong"
        } else {
            "?"
        };
        if actor["type"] == "person" { person.to_owned() } else { actor["type"].as_str().expect("a type").to_owned() }
    };
    let told: Vec<String> =
        entries.iter().map(|entry| format!("{} {}", who(entry), entry["action"].as_str().expect("an action"))).collect();
    in_order(
        &told,
        &[
            "intake receive_message",
            "desk auto_assign",
            "li.na post_message",
            "intake receive_message",
            "li.na escalate",
            "chen.gong answer_escalation",
            "chen.gong join_escalation",
            "chen.gong post_message",
            "chen.gong post_message",
            "chen.gong leave_escalation",
            "li.na post_message",
            "li.na set_status",
            "intake rate_ticket",
        ],
    );
    let timeline = desk.admin(&["ticket", "timeline", number]);
    let lines: Vec<String> = timeline.lines().map(str::to_owned).collect();
    in_order(
        &lines,
        &[
            "opened the ticket in support",
            "till seven is dark",
            "gave it to @li.na",
            "we look into it",
            "here is the screen",
            "李娜 called @chen.gong (tier 2",
            "tried: till stays dark",
            "call for @chen.gong: accepted",
            "call for @chen.gong: joined",
            SECRETS[0],
            SECRETS[1],
            "陈工 left with the verdict solved",
            SECRETS[2],
            "it runs again",
            "-> solved",
            "asked the requester for a rating",
            "rated it 4 of 5",
            "kind-and-quick",
        ],
    );
}

/// Each of `wanted` stands in `told`, one after the other.
#[track_caller]
fn in_order(told: &[String], wanted: &[&str]) {
    let mut rest = told.iter();
    for one in wanted {
        assert!(rest.any(|line| line.contains(one)), "`{one}` is missing or in the wrong place: {told:#?}");
    }
}

#[test]
fn an_expert_is_called_in_and_the_audit_tells_the_whole_story() {
    the_story(&ENGLISH, (120, 40));
}

#[test]
fn the_same_story_in_chinese_on_a_small_screen() {
    the_story(&CHINESE, (80, 24));
}

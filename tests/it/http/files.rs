//! Files: slices, broken links, lies, limits, ranges, and who may read what.

use chrono::Duration;
use dutydesk::base::clock::new_id;
use dutydesk::client::api::{Api, ApiError};
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{FileId, TicketNumber};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::desk::{FILE_MAX, TestDesk, Who, assert_refused, raw, refused};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

async fn begin(api: &Api, name: &str, kind: &str, size: usize) -> String {
    let body = json!({"name": name, "media_type": kind, "size": size});
    let made: Value = api.post("/api/v1/files", &body).await.unwrap();
    made["id"].as_str().unwrap().to_owned()
}

async fn append(api: &Api, id: &str, offset: usize, bytes: &[u8]) -> Result<Value, ApiError> {
    let request = api.request(Method::PATCH, &format!("/api/v1/files/{id}?offset={offset}")).body(bytes.to_vec());
    Ok(api.send(request).await?.json().await.unwrap())
}

async fn put(api: &Api, name: &str, kind: &str, bytes: &[u8]) -> String {
    let id = begin(api, name, kind, bytes.len()).await;
    append(api, &id, 0, bytes).await.unwrap();
    id
}

async fn get(api: &Api, id: &str, headers: &[(&str, &str)]) -> Response {
    let request = headers
        .iter()
        .fold(api.request(Method::GET, &format!("/api/v1/files/{id}")), |request, (name, value)| request.header(*name, *value));
    raw(request).await
}

async fn status_of(api: &Api, id: &str) -> u16 {
    get(api, id, &[]).await.status().as_u16()
}

fn post(number: TicketNumber, visibility: Visibility, files: &[&str]) -> Command {
    let mut post = PostMessage::new(MessageTarget::Ticket { number }, new_id().into(), visibility, "see the file".into());
    post.files = files.iter().map(|id| id.parse::<FileId>().unwrap()).collect();
    Command::PostMessage(Box::new(post))
}

async fn code(who: &Who, command: Command) -> String {
    who.act(command).await.unwrap_err().code
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

#[tokio::test]
async fn a_file_goes_up_in_slices_and_comes_down_the_same() {
    let desk = TestDesk::new().await;
    let api = &desk.ann.api;
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|n| (n % 251) as u8).collect();
    let id = begin(api, "../../pump \u{202e}4.bin", "application/x-dump", bytes.len()).await;
    let first = append(api, &id, 0, &bytes[..1_300_000]).await.unwrap();
    assert_eq!((&first["offset"], &first["state"], &first["name"]), (&json!(1_300_000), &json!("uploading"), &json!("pump 4.bin")));
    let last = append(api, &id, 1_300_000, &bytes[1_300_000..]).await.unwrap();
    assert_eq!(last["state"], "complete");
    assert_eq!(last["sha256"].as_str().unwrap().len(), 64);
    // The last slice again, its answer was lost.
    assert_eq!(append(api, &id, bytes.len(), b"").await.unwrap()["state"], "complete");
    let response = get(api, &id, &[]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert!(header(&response, "content-disposition").starts_with("attachment; filename=\"pump 4.bin\""));
    assert_eq!(response.bytes().await.unwrap(), bytes);
}

#[tokio::test]
async fn a_wrong_offset_is_told_the_right_one() {
    let desk = TestDesk::new().await;
    let api = &desk.ann.api;
    let id = begin(api, "a.log", "text/plain", 10).await;
    append(api, &id, 0, b"01234").await.unwrap();
    for offset in [0, 3, 6] {
        let request = api.request(Method::PATCH, &format!("/api/v1/files/{id}")).header("upload-offset", offset).body("x");
        let response = raw(request).await;
        assert_eq!((response.status().as_u16(), header(&response, "upload-offset")), (409, "5"));
    }
    let head = raw(api.request(Method::HEAD, &format!("/api/v1/files/{id}"))).await;
    assert_eq!((head.status().as_u16(), header(&head, "upload-offset"), header(&head, "upload-complete")), (204, "5", "?0"));
    assert_refused(append(api, &id, 5, b"5678901").await, 422, "file_longer");
    assert_eq!(append(api, &id, 5, b"56789").await.unwrap()["state"], "complete");
    assert_eq!(get(api, &id, &[]).await.text().await.unwrap(), "0123456789");
    // Announced again, as a client does that lost the answer.
    let body = json!({"id": id, "name": "a.log", "media_type": "text/plain", "size": 10});
    assert_eq!(api.post::<_, Value>("/api/v1/files", &body).await.unwrap()["offset"], 10);
    let other = json!({"id": id, "name": "a.log", "size": 11});
    assert_refused(api.post::<_, Value>("/api/v1/files", &other).await, 409, "taken");
    assert_refused(desk.bob.api.post::<_, Value>("/api/v1/files", &body).await, 409, "taken");
}

/// Sends a request that promises more than it brings, then drops the link.
async fn cut_off(desk: &TestDesk, id: &str, promised: usize, bytes: &[u8]) {
    let host = desk.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "PATCH /api/v1/files/{id}?offset=0 HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ncontent-length: {promised}\r\n\r\n",
        desk.ann.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    // The server closes when it has taken in that nothing more comes.
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn a_link_that_drops_in_the_middle_loses_nothing_that_came() {
    let mut desk = TestDesk::new().await;
    let api = desk.ann.api.clone();
    let bytes: Vec<u8> = b"line of a log\n".iter().copied().cycle().take(1_500_000).collect();
    let id = begin(&api, "long.log", "text/plain", bytes.len()).await;
    cut_off(&desk, &id, bytes.len(), &bytes[..1_200_000]).await;
    // An empty slice waits its turn, so that the broken one is over when it is answered.
    let asked = raw(api.request(Method::PATCH, &format!("/api/v1/files/{id}?offset=1500000"))).await;
    let came: usize = header(&asked, "upload-offset").parse().unwrap();
    assert!((1_048_576..=1_200_000).contains(&came), "{came}");
    // The server goes and comes back meanwhile.
    desk.stop().await;
    desk.start_again().await;
    assert_eq!(append(&api, &id, came, &bytes[came..]).await.unwrap()["state"], "complete");
    assert_eq!(get(&api, &id, &[]).await.bytes().await.unwrap(), bytes);
}

#[tokio::test]
async fn what_is_not_as_announced_is_not_kept() {
    let desk = TestDesk::new().await;
    let api = &desk.ann.api;
    let big = json!({"name": "x", "size": FILE_MAX + 1});
    assert_refused(api.post::<_, Value>("/api/v1/files", &big).await, 413, "file_too_large");
    assert_eq!(refused(api.post::<_, Value>("/api/v1/files", &json!({"name": "x", "size": -1})).await).0, 422);
    assert_eq!(refused(api.post::<_, Value>("/api/v1/files", &json!({"name": "x", "size": 1, "sha256": "zz"})).await).0, 422);
    let body = json!({"name": "x", "size": 3, "sha256": "0".repeat(64)});
    let made: Value = api.post("/api/v1/files", &body).await.unwrap();
    let id = made["id"].as_str().unwrap();
    assert_refused(append(api, id, 0, b"abc").await, 422, "file_hash_differs");
    assert_eq!(status_of(api, id).await, 404);
    let bytes = b"MZ\x90\0program program";
    let program = begin(api, "photo.png", "image/png", bytes.len()).await;
    assert_refused(append(api, &program, 0, bytes).await, 422, "file_type_refused");
    assert_refused(desk.vic.api.post::<_, Value>("/api/v1/files", &json!({"name": "x", "size": 3})).await, 403, "forbidden");
}

#[tokio::test]
async fn an_image_that_lies_is_stored_as_what_it_is_and_flagged() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let lie = put(&desk.ann.api, "photo.jpg", "image/jpeg", PNG).await;
    let text = put(&desk.ann.api, "photo.png", "image/png", b"not a picture").await;
    desk.ann.act(post(number, Visibility::Public, &[&lie, &text])).await.unwrap();
    let files = desk.ann.get(&format!("/api/v1/tickets/{number}/files")).await.unwrap();
    let seen: Vec<_> = files["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["media_type"].as_str().unwrap(), file["lies"].as_bool().unwrap()))
        .collect();
    assert_eq!(seen, [("image/png", true), ("text/plain", true)]);
    let messages = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    assert_eq!(messages["messages"][1]["attachments"][0]["media_type"], "image/png");
    assert_eq!(header(&get(&desk.ann.api, &text, &[]).await, "content-type"), "text/plain");
}

#[tokio::test]
async fn ranges_and_tags_let_a_download_go_on() {
    let desk = TestDesk::new().await;
    let api = &desk.ann.api;
    let id = put(api, "a.log", "text/plain", b"0123456789").await;
    let whole = get(api, &id, &[]).await;
    let tag = header(&whole, "etag").to_owned();
    let part = get(api, &id, &[("range", "bytes=4-"), ("if-range", &tag)]).await;
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, "bytes 4-9/10"));
    assert_eq!(part.text().await.unwrap(), "456789");
    let stale = get(api, &id, &[("range", "bytes=4-"), ("if-range", "\"other\"")]).await;
    assert_eq!((stale.status().as_u16(), stale.text().await.unwrap().as_str()), (200, "0123456789"));
    assert_eq!(get(api, &id, &[("if-none-match", &tag)]).await.status(), 304);
    let outside = get(api, &id, &[("range", "bytes=10-")]).await;
    assert_eq!((outside.status().as_u16(), header(&outside, "content-range")), (416, "bytes */10"));
    let empty = put(api, "empty.log", "text/plain", b"").await;
    assert_eq!(get(api, &empty, &[]).await.text().await.unwrap(), "");
}

#[tokio::test]
async fn a_file_is_read_by_who_reads_its_message() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let id = put(&desk.ann.api, "a.log", "text/plain", b"secret").await;
    for other in [&desk.bob, &desk.zoe, &desk.admin] {
        assert_eq!(status_of(&other.api, &id).await, 404, "not attached yet");
    }
    assert_eq!(code(&desk.bob, post(number, Visibility::Internal, &[&id])).await, "unknown_file");
    desk.ann.act(post(number, Visibility::Internal, &[&id])).await.unwrap();
    for (who, status) in [(&desk.ann, 200), (&desk.bob, 200), (&desk.vic, 200), (&desk.lead, 200), (&desk.zoe, 404), (&desk.eve, 404)] {
        assert_eq!(status_of(&who.api, &id).await, status, "{}", who.person.handle);
    }
    assert_eq!(raw(desk.nobody().request(Method::GET, &format!("/api/v1/files/{id}"))).await.status(), 401);
    // For tier 2 and above: not for tier 1 of the same queue, who is not told of it either.
    desk.ann.act(Command::AddParticipant { number, person: desk.eve.person.id }).await.unwrap();
    let tier = put(&desk.eve.api, "core.dump", "application/x-dump", b"\0\x01core").await;
    desk.eve.act(post(number, Visibility::Tier2, &[&tier])).await.unwrap();
    for (who, status) in [(&desk.eve, 200), (&desk.lead, 200), (&desk.bob, 404), (&desk.ann, 404)] {
        assert_eq!(status_of(&who.api, &tier).await, status, "{}", who.person.handle);
    }
    let listed = |value: Value| value["items"].as_array().unwrap().len();
    assert_eq!(listed(desk.eve.get(&format!("/api/v1/tickets/{number}/files")).await.unwrap()), 2);
    assert_eq!(listed(desk.bob.get(&format!("/api/v1/tickets/{number}/files")).await.unwrap()), 1);
    assert_refused(desk.zoe.get(&format!("/api/v1/tickets/{number}/files")).await, 404, "not_found");
}

#[tokio::test]
async fn a_message_takes_its_files_once_and_only_whole_ones() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let half = begin(&desk.ann.api, "half.log", "text/plain", 10).await;
    append(&desk.ann.api, &half, 0, b"01234").await.unwrap();
    assert_eq!(code(&desk.ann, post(number, Visibility::Public, &[&half])).await, "file_incomplete");
    let id = put(&desk.ann.api, "a.log", "text/plain", b"abc").await;
    let command = post(number, Visibility::Public, &[&id]);
    desk.ann.act(command.clone()).await.unwrap();
    assert!(desk.ann.act(command).await.unwrap().unchanged, "the same message again");
    assert_eq!(code(&desk.ann, post(number, Visibility::Public, &[&id])).await, "file_attached");
    let delete = desk.ann.api.delete(&format!("/api/v1/files/{id}")).await;
    assert_refused(delete, 409, "file_attached");
    desk.ann.api.delete(&format!("/api/v1/files/{half}")).await.unwrap();
    assert_refused(append(&desk.ann.api, &half, 5, b"56789").await, 404, "not_found");
    // Without words, the names stand for them.
    let bare = put(&desk.ann.api, "报告.pdf", "application/pdf", b"%PDF-1.7").await;
    let Command::PostMessage(mut post) = post(number, Visibility::Public, &[&bare]) else { unreachable!() };
    post.text = String::new();
    desk.ann.act(Command::PostMessage(post)).await.unwrap();
    let messages = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    assert_eq!(messages["messages"].as_array().unwrap().last().unwrap()["text"], "报告.pdf");
}

#[tokio::test]
async fn a_requester_sends_files_through_the_channel_and_reads_public_ones() {
    let desk = TestDesk::new().await;
    let body = json!({"key": "chat", "name": "Chat", "queue": desk.pumps});
    let made = desk.admin.post("/api/v1/intake-channels", body).await.unwrap();
    let api = desk.with_token(made["token"].as_str().unwrap());
    let begun: Value =
        api.post("/api/v1/intake/chat/files", &json!({"name": "pump.png", "media_type": "image/png", "size": PNG.len()})).await.unwrap();
    let id = begun["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/intake/chat/files/{id}");
    api.send(api.request(Method::PATCH, &format!("{path}?offset=0")).body(PNG[..9].to_vec())).await.unwrap();
    let head = raw(api.request(Method::HEAD, &path)).await;
    assert_eq!(header(&head, "upload-offset"), "9");
    let message = |file: &str, external: &str| {
        json!({"thread": "t", "external": external, "author": {"external": "shop:1", "name": "Shop 1"}, "text": "",
            "attachments": [{"name": "x", "media_type": "image/png", "file": file}, {"name": "y", "media_type": "text/plain", "url": "https://example.org/y"}]})
    };
    assert_refused(api.post::<_, Value>("/api/v1/intake/chat", &message(&id, "m1")).await, 409, "file_incomplete");
    api.send(api.request(Method::PATCH, &format!("{path}?offset=9")).body(PNG[9..].to_vec())).await.unwrap();
    let taken: Value = api.post("/api/v1/intake/chat", &message(&id, "m2")).await.unwrap();
    let number = TicketNumber(taken["ticket"].as_i64().unwrap());
    let messages = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    let attachments = &messages["messages"][0]["attachments"];
    assert_eq!((&attachments[0]["name"], &attachments[0]["size"]), (&json!("pump.png"), &json!(PNG.len())));
    assert_eq!(attachments[1]["url"], "https://example.org/y");
    assert_eq!(get(&desk.ann.api, &id, &[]).await.bytes().await.unwrap(), PNG);
    // Somebody else's file cannot be claimed by naming it.
    let anns = put(&desk.ann.api, "a.log", "text/plain", b"abc").await;
    assert_refused(api.post::<_, Value>("/api/v1/intake/chat", &message(&anns, "m3")).await, 422, "unknown_file");
    // What is public goes back by the channel; what is internal does not.
    let note = put(&desk.ann.api, "b.log", "text/plain", b"internal").await;
    desk.ann.act(post(number, Visibility::Public, &[&anns])).await.unwrap();
    desk.ann.act(post(number, Visibility::Internal, &[&note])).await.unwrap();
    let by_channel = async |id: &str| raw(api.request(Method::GET, &format!("/api/v1/intake/chat/files/{id}"))).await.status().as_u16();
    assert_eq!((by_channel(&anns).await, by_channel(&note).await, by_channel(&id).await), (200, 404, 200));
}

#[tokio::test]
async fn what_nobody_finishes_or_attaches_is_collected_after_a_day() {
    let mut desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let api = desk.ann.api.clone();
    let half = begin(&api, "half.log", "text/plain", 10).await;
    append(&api, &half, 0, b"01234").await.unwrap();
    let loose = put(&api, "loose.log", "text/plain", b"abc").await;
    let kept = put(&api, "kept.log", "text/plain", b"abc").await;
    desk.ann.act(post(number, Visibility::Public, &[&kept])).await.unwrap();
    desk.clock.advance(Duration::hours(23));
    let young = put(&api, "young.log", "text/plain", b"abc").await;
    desk.clock.advance(Duration::hours(2));
    desk.stop().await;
    desk.start_again().await;
    let gone = async || {
        let both = (status_of(&api, &half).await, status_of(&api, &loose).await);
        desk.poke().await;
        (both == (404, 404)).then_some(())
    };
    desk.ann.until("the loose files go", gone).await;
    assert_eq!((status_of(&api, &kept).await, status_of(&api, &young).await), (200, 200));
    let names: Vec<_> = std::fs::read_dir(desk.path("files/files")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "their bytes are gone as well: {names:?}");
}

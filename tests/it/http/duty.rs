//! Written-out rosters, swaps, reports, calendars, calendar links and webhooks over HTTP.

use dutydesk::base::clock::new_id;
use dutydesk::domain::roster::Rota;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{TestDesk, Who, assert_refused, refused};

async fn rota(desk: &TestDesk, key: &str) -> Rota {
    let rotas = desk.lead.get("/api/v1/rotas").await.unwrap();
    let found = rotas["items"].as_array().unwrap().iter().find(|rota| rota["key"] == key).unwrap();
    serde_json::from_value(found.clone()).unwrap()
}

/// Handles of who is on duty for pumps in the first line.
async fn on_duty(desk: &TestDesk, at: &str) -> Vec<String> {
    let duty = desk.vic.get(&format!("/api/v1/on-duty?queue=pumps&at={at}")).await.unwrap();
    let is = |shift: &Value, who: &Who| shift["person"] == json!(who.person.id);
    let shifts = duty["items"].as_array().unwrap().clone();
    [&desk.ann, &desk.bob].iter().filter(|who| shifts.iter().any(|shift| is(shift, who))).map(|who| who.person.handle.clone()).collect()
}

/// Ann on the 23rd, Bob on the 24th.
async fn plan(desk: &TestDesk, state: &str) -> Value {
    json!({"id": "00000000-0000-0000-0000-000000000000", "version": 0, "rota": rota(desk, "first").await.id,
        "from": "2026-11-23", "to": "2026-11-25", "state": state, "reason": "a quiet week", "created_at": desk.clock.now(),
        "rows": [{"person": desk.ann.person.id, "codes": ["D", null]}, {"person": desk.bob.person.id, "codes": [null, "D"]}]})
}

#[tokio::test]
async fn a_published_plan_takes_the_patterns_place() {
    let desk = TestDesk::new().await;
    let (monday, tuesday) = ("2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z");
    let proposed = plan(&desk, "proposed").await;
    assert_refused(desk.ann.post("/api/v1/roster-plans", proposed.clone()).await, 403, "forbidden");
    let stored = desk.lead.post("/api/v1/roster-plans", proposed.clone()).await.unwrap();
    assert_eq!(on_duty(&desk, monday).await, ["ann", "bob"]);
    let path = format!("/api/v1/roster-plans/{}", stored["id"].as_str().unwrap());
    let mut row = desk.vic.get(&path).await.unwrap();
    assert_eq!((&row["state"], &row["made_by"]), (&json!("proposed"), &json!(desk.lead.person.id)));
    row["state"] = json!("published");
    desk.lead.put(&path, row.clone()).await.unwrap();
    assert_eq!((on_duty(&desk, monday).await, on_duty(&desk, tuesday).await), (vec!["ann".into()], vec!["bob".into()]));
    // The day after is the pattern's.
    assert_eq!(on_duty(&desk, "2026-11-25T12:00:00Z").await, ["ann", "bob"]);
    let listed = desk.vic.get("/api/v1/roster-plans?rota=first&state=published&from=2026-11-24").await.unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(desk.vic.get("/api/v1/roster-plans?rota=first&from=2026-11-25").await.unwrap()["items"], json!([]));
    assert_refused(desk.vic.get("/api/v1/roster-plans?rota=nope").await, 404, "not_found");
    row["state"] = json!("withdrawn");
    desk.lead.put(&path, row.clone()).await.unwrap();
    assert_eq!(on_duty(&desk, monday).await, ["ann", "bob"]);
    row["rows"][0]["codes"] = json!(["XYZ", null]);
    assert_refused(desk.lead.put(&path, row).await, 422, "unknown_shift_type");
    assert_refused(desk.vic.get(&format!("/api/v1/roster-plans/{}", new_id())).await, 404, "not_found");
}

#[tokio::test]
async fn a_swap_is_asked_accepted_and_approved() {
    let desk = TestDesk::new().await;
    let first = Rota { swap_approval: true, ..rota(&desk, "first").await };
    desk.lead.put(&format!("/api/v1/rotas/{}", first.id), json!(first)).await.unwrap();
    desk.lead.post("/api/v1/roster-plans", plan(&desk, "published").await).await.unwrap();
    let id = new_id();
    let swap = json!({"id": id, "version": 0, "rota": first.id, "kind": "swap", "person": desk.ann.person.id, "other": desk.bob.person.id,
        "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z", "other_from": "2026-11-24T00:00:00Z",
        "other_to": "2026-11-25T00:00:00Z", "reason": "a wedding", "asked_by": desk.ann.person.id, "created_at": desk.clock.now()});
    desk.ann.post("/api/v1/roster-changes", swap).await.unwrap();
    let answer = format!("/api/v1/roster-changes/{id}/answer");
    let asked = desk.bob.get("/api/v1/roster-changes?rota=first&person=bob&state=asked").await.unwrap();
    assert_eq!(asked["items"][0]["id"], json!(id));
    assert_eq!(on_duty(&desk, "2026-11-23T12:00:00Z").await, ["ann"]);
    for who in [&desk.ann, &desk.vic] {
        assert_eq!(refused(who.post(&answer, json!({"accept": true})).await).0, 403);
    }
    desk.bob.post(&answer, json!({"accept": true, "reason": "fine"})).await.unwrap();
    assert_eq!(on_duty(&desk, "2026-11-23T12:00:00Z").await, ["ann"], "it waits for a lead");
    assert_eq!(refused(desk.bob.post(&answer, json!({"accept": true})).await).0, 403);
    desk.lead.post(&answer, json!({"accept": true})).await.unwrap();
    assert_eq!(on_duty(&desk, "2026-11-23T12:00:00Z").await, ["bob"]);
    assert_eq!(on_duty(&desk, "2026-11-24T12:00:00Z").await, ["ann"]);
    assert_refused(desk.lead.post(&answer, json!({"accept": false})).await, 409, "already_answered");
    assert_eq!(desk.bob.get("/api/v1/roster-changes?state=asked").await.unwrap()["items"], json!([]));
    assert_refused(desk.bob.post(&format!("/api/v1/roster-changes/{}/answer", new_id()), json!({"accept": true})).await, 404, "not_found");
}

/// Status, body and tag of a calendar, as a calendar program reads it.
async fn calendar(desk: &TestDesk, path: &str, tag: Option<&str>) -> (u16, String, String) {
    let mut request = desk.nobody().request(Method::GET, path);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    if status == 200 {
        assert_eq!(header("content-type"), "text/calendar; charset=utf-8");
        assert!(header("cache-control").starts_with("private"));
    }
    (status, response.text().await.unwrap(), header("etag"))
}

#[tokio::test]
async fn a_calendar_link_is_served_without_sign_in_until_it_is_withdrawn() {
    let desk = TestDesk::new().await;
    let made = desk.ann.post("/api/v1/me/calendar-link", Value::Null).await.unwrap();
    let path = made["path"].as_str().unwrap();
    let (status, text, tag) = calendar(&desk, path, None).await;
    assert_eq!(status, 200);
    assert!(text.starts_with("BEGIN:VCALENDAR") && text.contains("SUMMARY:Day and night · first"), "{text}");
    assert!(!text.contains("BOB"));
    assert_eq!(calendar(&desk, path, Some(&tag)).await.0, 304);
    // A change of the roster changes the answer.
    let leave = json!({"id": new_id(), "version": 0, "rota": rota(&desk, "first").await.id, "kind": "leave", "person": desk.ann.person.id,
        "from": "2026-11-22T00:00:00Z", "to": "2026-11-23T00:00:00Z", "asked_by": desk.ann.person.id, "created_at": desk.clock.now()});
    desk.ann.post("/api/v1/roster-changes", leave).await.unwrap();
    assert_eq!(calendar(&desk, path, Some(&tag)).await.0, 200);
    let listed = desk.ann.get("/api/v1/me/calendar-link").await.unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(!listed.to_string().contains(path.trim_start_matches("/ical/")));
    let gone: Value = desk.ann.api.call(Method::DELETE, "/api/v1/me/calendar-link", &()).await.unwrap();
    assert_eq!(gone["revoked"], 1);
    for path in [path, "/ical/guess.ics", "/ical/.ics"] {
        assert_eq!(calendar(&desk, path, None).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_rotas_link_is_for_leads_to_give_and_ends_with_who_gave_it() {
    let desk = TestDesk::new().await;
    let links = "/api/v1/rotas/first/calendar-link";
    assert_refused(desk.ann.post(links, Value::Null).await, 403, "forbidden");
    assert_refused(desk.lead.post("/api/v1/rotas/nope/calendar-link", Value::Null).await, 404, "not_found");
    let path = desk.lead.post(links, Value::Null).await.unwrap()["path"].as_str().unwrap().to_owned();
    let (_, text, _) = calendar(&desk, &path, None).await;
    assert!(text.contains("SUMMARY:ANN · Day and night · first") && text.contains("SUMMARY:BOB · "), "{text}");
    let mut lea = desk.lead.person.clone();
    lea.active = false;
    desk.admin.put(&format!("/api/v1/people/{}", lea.id), json!(lea)).await.unwrap();
    assert_eq!(calendar(&desk, &path, None).await.0, 404);
}

#[tokio::test]
async fn reports_and_proposals_of_a_rota() {
    let desk = TestDesk::new().await;
    let fair = desk.vic.get("/api/v1/rotas/first/fairness?from=2026-11-23T00:00:00Z&to=2026-11-30T00:00:00Z").await.unwrap();
    assert_eq!(fair["mean_minutes"], 7 * 24 * 60);
    assert_eq!(fair["rows"].as_array().unwrap().len(), 2);
    let mut first = rota(&desk, "first").await;
    first.limits.max_week_hours = Some(48);
    first.required = serde_json::from_value(json!([{"weekdays": ["Mon"], "from": "00:00:00", "to": "00:00:00", "people": 1}])).unwrap();
    desk.lead.put(&format!("/api/v1/rotas/{}", first.id), json!(first)).await.unwrap();
    let broken = desk.vic.get("/api/v1/rotas/first/limits?from=2026-11-23T00:00:00Z&to=2026-11-30T00:00:00Z").await.unwrap();
    assert_eq!(broken["items"][0]["rule"], "max_week");
    let span = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z";
    let cover = desk.vic.get(&format!("/api/v1/rotas/first/cover?{span}&person=ann")).await.unwrap();
    assert_eq!(cover["items"][0]["person"], json!(desk.bob.person.id));
    assert_refused(desk.vic.get(&format!("/api/v1/rotas/first/cover?{span}&person=nobody")).await, 404, "not_found");
    assert_eq!(refused(desk.vic.get("/api/v1/rotas/first/cover").await).0, 400);
    for what in ["fairness", "limits"] {
        assert_refused(desk.vic.get(&format!("/api/v1/rotas/nope/{what}")).await, 404, "not_found");
        assert_eq!(
            refused(desk.vic.get(&format!("/api/v1/rotas/first/{what}?from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z")).await).0,
            422
        );
    }
    let wanted = json!({"from": "2026-11-23", "weeks": 1, "seed": 7, "rounds": 2_000});
    assert_refused(desk.ann.post("/api/v1/rotas/first/generate", wanted.clone()).await, 403, "forbidden");
    let one = desk.lead.post("/api/v1/rotas/first/generate", wanted.clone()).await.unwrap();
    let two = desk.lead.post("/api/v1/rotas/first/generate", wanted).await.unwrap();
    assert_eq!(one["plan"]["rows"], two["plan"]["rows"], "the same seed proposes the same");
    assert_eq!((one["unmet"].clone(), &one["plan"]["state"]), (json!([]), &json!("proposed")));
    assert_eq!(desk.vic.get("/api/v1/roster-plans").await.unwrap()["items"], json!([]), "nothing is stored");
    assert_eq!(refused(desk.lead.post("/api/v1/rotas/first/generate", json!({"from": "2026-11-23", "weeks": 13})).await).0, 422);
}

#[tokio::test]
async fn calendars_are_put_by_leads() {
    let desk = TestDesk::new().await;
    let id = new_id();
    let path = format!("/api/v1/calendars/{id}");
    let body = json!({"id": id, "version": 0, "key": "cn", "name": "China", "time_zone": "Asia/Shanghai", "active": true,
        "hours": [{"weekdays": ["Mon", "Tue"], "from": "09:00:00", "to": "18:00:00"}],
        "holidays": [{"date": "2026-10-02", "name": "National Day"}, {"date": "2026-10-01", "name": "National Day"}]});
    assert_refused(desk.ann.put(&path, body.clone()).await, 403, "forbidden");
    desk.lead.put(&path, body.clone()).await.unwrap();
    let listed = desk.vic.get("/api/v1/calendars").await.unwrap();
    assert_eq!(listed["items"][0]["holidays"][0]["date"], "2026-10-01");
    assert_refused(desk.lead.put(&format!("/api/v1/calendars/{}", new_id()), body).await, 409, "taken");
}

#[tokio::test]
async fn a_webhooks_secret_is_shown_once() {
    let desk = TestDesk::new().await;
    let path = format!("/api/v1/webhooks/{}", new_id());
    let body = json!({"key": "ops", "name": "Operations", "url": "https://chat.example.org/hook"});
    assert_refused(desk.lead.put(&path, body.clone()).await, 403, "forbidden");
    let made = desk.admin.put(&path, body.clone()).await.unwrap();
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("wh_") && secret.len() > 40);
    assert!(desk.admin.put(&path, body.clone()).await.unwrap().get("secret").is_none(), "it stays, unseen");
    let listed = desk.admin.get("/api/v1/webhooks").await.unwrap();
    assert_eq!(listed["items"][0]["url"], "https://chat.example.org/hook");
    assert!(!listed.to_string().contains(&secret));
    let mut own = body.clone();
    own["secret"] = json!("a secret of one's own");
    assert_eq!(desk.admin.put(&path, own).await.unwrap()["secret"], "a secret of one's own");
    let mut wrong = body;
    wrong["secret"] = json!("short");
    assert_refused(desk.admin.put(&path, wrong).await, 422, "secret_short");
    assert_eq!(desk.admin.get(&format!("{path}/deliveries")).await.unwrap()["items"], json!([]));
    assert_refused(desk.admin.get(&format!("/api/v1/webhooks/{}/deliveries", new_id())).await, 404, "not_found");
}

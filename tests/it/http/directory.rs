//! People, queues, sites, requesters, rotas and the roster.

use dutydesk::base::clock::new_id;
use dutydesk::domain::person::{Person, Role};
use dutydesk::domain::queue::Queue;
use dutydesk::domain::roster::Rota;
use serde_json::{Value, json};

use crate::desk::{TestDesk, assert_refused, refused};
use crate::fixtures::{person, queue, rota};

#[tokio::test]
async fn people_are_put_by_admins_and_read_by_everybody() {
    let desk = TestDesk::new().await;
    let nia = person("nia", Role::Agent, 1, &[desk.pumps]);
    let path = format!("/api/v1/people/{}", nia.id);
    for who in [&desk.lead, &desk.ann, &desk.vic] {
        assert_refused(who.put(&path, json!(nia)).await, 403, "forbidden");
    }
    desk.admin.put(&path, json!(nia)).await.unwrap();
    assert!(desk.vic.get("/api/v1/people").await.unwrap()["items"].as_array().unwrap().iter().any(|one| one["handle"] == "nia"));
    let taken = Person { id: new_id().into(), ..nia.clone() };
    assert_refused(desk.admin.put(&format!("/api/v1/people/{}", taken.id), json!(taken)).await, 409, "taken");
    let wrong = Person { handle: "Not A Handle".into(), ..nia };
    assert_eq!(refused(desk.admin.put(&path, json!(wrong)).await).0, 422);
    assert_refused(desk.admin.put("/api/v1/people/no-uuid", json!(wrong)).await, 404, "not_found");
    let nobody = format!("/api/v1/people/{}/password", new_id());
    assert_refused(desk.admin.put(&nobody, json!({"new": "long enough"})).await, 404, "not_found");
}

#[tokio::test]
async fn presence_is_ones_own() {
    let desk = TestDesk::new().await;
    desk.ann.put("/api/v1/people/me/presence", json!({"presence": "available"})).await.unwrap();
    let states = desk.vic.get("/api/v1/agent-states").await.unwrap();
    let ann = states["items"].as_array().unwrap().iter().find(|state| state["person"] == json!(desk.ann.person.id)).unwrap();
    assert_eq!(ann["presence"], "available");
    assert_eq!(refused(desk.ann.put("/api/v1/people/me/presence", json!({"presence": "asleep"})).await).0, 422);
}

#[tokio::test]
async fn queues_sites_requesters_and_rotas_are_put_by_leads() {
    let desk = TestDesk::new().await;
    let lamps = queue("lamps", None);
    let site = json!({"id": new_id(), "version": 0, "code": "S-1", "name": "Station 1", "region": "North"});
    let requester =
        json!({"id": new_id(), "version": 0, "external": "shop:9", "name": "Shop 9", "class": "customer", "created_at": desk.clock.now()});
    let nights = rota("nights", 1, &[desk.web], &[desk.zoe.person.id], None);
    let bodies: [(&str, Value, &str, Value); 4] = [
        ("queues", json!(lamps), "key", json!("No Key!")),
        ("sites", site, "name", json!("")),
        ("requesters", requester, "name", json!("")),
        ("rotas", json!(nights), "time_zone", json!("Mars/Base")),
    ];
    for (kind, body, field, wrong) in bodies {
        let path = format!("/api/v1/{kind}/{}", body["id"].as_str().unwrap());
        for who in [&desk.ann, &desk.eve, &desk.vic] {
            assert_refused(who.put(&path, body.clone()).await, 403, "forbidden");
        }
        desk.lead.put(&path, body.clone()).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        desk.lead.put(&path, body.clone()).await.unwrap_or_else(|error| panic!("{kind} again: {error}"));
        let list = desk.vic.get(&format!("/api/v1/{kind}")).await.unwrap();
        assert!(list["items"].as_array().unwrap().iter().any(|item| item["id"] == body["id"]), "{kind}: {list}");
        let other = format!("/api/v1/{kind}/{}", new_id());
        assert_refused(desk.lead.put(&other, body.clone()).await, 409, "taken");
        let mut bad = body.clone();
        bad[field] = wrong;
        assert_eq!(refused(desk.lead.put(&path, bad).await).0, 422, "{kind}");
        assert_eq!(refused(desk.lead.put(&path, json!({})).await).0, 422, "{kind}");
    }
    let requesters = desk.ann.get("/api/v1/requesters?q=shop:9").await.unwrap();
    let id = requesters["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.ann.get(&format!("/api/v1/requesters/{id}")).await.unwrap()["name"], "Shop 9");
    assert_refused(desk.ann.get(&format!("/api/v1/requesters/{}", new_id())).await, 404, "not_found");
    assert_eq!(desk.ann.get("/api/v1/sites?q=north").await.unwrap()["items"].as_array().unwrap().len(), 1);
    assert_eq!(desk.ann.get("/api/v1/sites?q=south").await.unwrap()["items"], json!([]));
    let _typed: (Queue, Rota) = (lamps, nights);
}

#[tokio::test]
async fn the_roster_tells_who_is_on_duty_and_takes_changes() {
    let desk = TestDesk::new().await;
    let roster = desk.vic.get("/api/v1/roster?rota=first").await.unwrap();
    assert!(!roster["shifts"].as_array().unwrap().is_empty());
    assert_eq!(roster["gaps"], json!([]));
    let duty = desk.vic.get("/api/v1/on-duty?queue=pumps").await.unwrap();
    let on_duty = |person: &crate::desk::Who, duty: &Value| {
        duty["items"].as_array().unwrap().iter().any(|shift| shift["person"] == json!(person.person.id))
    };
    assert!(on_duty(&desk.ann, &duty) && on_duty(&desk.bob, &duty) && on_duty(&desk.eve, &duty));
    assert_refused(desk.vic.get("/api/v1/on-duty?queue=nope").await, 404, "not_found");
    assert_eq!(refused(desk.vic.get("/api/v1/roster?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").await).0, 422);
    assert_eq!(refused(desk.vic.get("/api/v1/roster?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z").await).0, 422);
    assert_eq!(refused(desk.vic.get("/api/v1/roster?from=yesterday").await).0, 400);
    let rotas = desk.lead.get("/api/v1/rotas").await.unwrap();
    let first = rotas["items"].as_array().unwrap().iter().find(|rota| rota["key"] == "first").unwrap();
    let id = new_id();
    let leave = json!({"id": id, "version": 0, "rota": first["id"], "kind": "leave", "person": desk.ann.person.id,
        "from": "2026-11-22T00:00:00Z", "to": "2026-11-23T00:00:00Z", "reason": "family", "asked_by": desk.ann.person.id, "created_at": desk.clock.now()});
    assert_eq!(refused(desk.bob.post("/api/v1/roster-changes", leave.clone()).await).0, 403);
    desk.ann.post("/api/v1/roster-changes", leave.clone()).await.unwrap();
    let then = "/api/v1/on-duty?queue=pumps&at=2026-11-22T12:00:00Z";
    assert!(!on_duty(&desk.ann, &desk.vic.get(then).await.unwrap()));
    let mut wrong = leave;
    (wrong["id"], wrong["to"]) = (json!(new_id()), json!("2026-11-21T00:00:00Z"));
    assert_eq!(refused(desk.ann.post("/api/v1/roster-changes", wrong).await).0, 422);
    assert_eq!(refused(desk.bob.api.delete(&format!("/api/v1/roster-changes/{id}")).await).0, 403);
    assert_refused(desk.ann.api.delete(&format!("/api/v1/roster-changes/{}", new_id())).await, 404, "not_found");
    desk.ann.api.delete(&format!("/api/v1/roster-changes/{id}")).await.unwrap();
    assert!(on_duty(&desk.ann, &desk.vic.get(then).await.unwrap()));
}

//! The sixty who work at the sample desk.
//!
//! Forty in tier 1 (38 agents, two viewers), fourteen in tier 2 (four leads, an admin, nine experts), six experts in tier 3.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::DemoLanguage;
use super::content::Content;
use super::seed::{id_for, pick, rng_for};
use crate::domain::person::{Person, Role, Skill};
use crate::domain::queue::Queue;

pub(super) const PEOPLE: usize = 60;
const TIER_1: usize = 40;
const TIER_2: usize = 14;
/// Tier-1 rotas, each for two queues.
pub(super) const PAIRS: usize = 4;

/// The queues of a pair, by index.
pub(super) fn pair_queues(pair: usize) -> [usize; 2] {
    [pair * 2, pair * 2 + 1]
}

/// Which pair a person of tier 1, or a lead, belongs to.
pub(super) fn pair_of(index: usize) -> usize {
    index % PAIRS
}

/// Which side an expert serves: 0 the stations' (queues 0 to 3), 1 the shops' (4 to 7).
pub(super) fn side_of(index: usize) -> usize {
    index % 2
}

/// Tier and role by place in the list.
fn place(index: usize) -> (u8, Role) {
    match index {
        0 | 1 => (1, Role::Viewer),
        _ if index < TIER_1 => (1, Role::Agent),
        40..=43 => (2, Role::Lead),
        44 => (2, Role::Admin),
        _ if index < TIER_1 + TIER_2 => (2, Role::Expert),
        _ => (3, Role::Expert),
    }
}

/// People in the order of their places; `queues` gives ids, keys and skills.
pub(super) fn generate(language: DemoLanguage, content: &Content, seed: u64, queues: &[Queue]) -> Vec<Person> {
    let mut names: Vec<&(String, String)> = content.people.staff.iter().collect();
    names.shuffle(&mut rng_for(seed, "names", 0));
    names
        .into_iter()
        .take(PEOPLE)
        .enumerate()
        .map(|(index, (name, handle))| {
            let mut rng = rng_for(seed, "person", index as u64);
            let (tier, role) = place(index);
            let works_in = queue_indexes(index, role, &mut rng);
            Person {
                id: id_for(seed, "person", index as u64).into(),
                version: 1,
                handle: handle.clone(),
                name: name.clone(),
                role,
                tier,
                skills: skills(&works_in, tier, queues, &mut rng),
                languages: languages(language, &mut rng),
                capacity: if matches!(role, Role::Viewer | Role::Admin) { 0 } else { rng.random_range(4..=12) },
                time_zone: time_zone(language, &mut rng).to_string(),
                email: Some(format!("{handle}@desk.example")),
                region: Some(pick(&mut rng, &content.places.region).name.clone()),
                queues: works_in.iter().map(|&queue| queues[queue].id).collect(),
                active: true,
            }
        })
        .collect()
}

/// Two to four queues: a pair, and for some agents one or two of another; experts have their side's four.
fn queue_indexes(index: usize, role: Role, rng: &mut StdRng) -> Vec<usize> {
    match role {
        Role::Agent | Role::Lead | Role::Viewer => {
            let mut queues = pair_queues(pair_of(index)).to_vec();
            let [one, two] = pair_queues((pair_of(index) + rng.random_range(1..PAIRS)) % PAIRS);
            match rng.random_range(0..10) {
                0..5 => {}
                5..8 => queues.push(one),
                _ => queues.extend([one, two]),
            }
            queues
        }
        Role::Expert | Role::Admin => (side_of(index) * 4..side_of(index) * 4 + 4).collect(),
    }
}

/// The skills of their queues (every skill a queue asks for, so that nobody is passed over in their own queue).
fn skills(works_in: &[usize], tier: u8, queues: &[Queue], rng: &mut StdRng) -> Vec<Skill> {
    let mut skills: Vec<Skill> = Vec::new();
    for name in works_in.iter().flat_map(|&queue| &queues[queue].skills) {
        if !skills.iter().any(|skill| &skill.name == name) {
            skills.push(Skill { name: name.clone(), level: (tier + rng.random_range(0..=2)).min(5) });
        }
    }
    skills
}

fn languages(language: DemoLanguage, rng: &mut StdRng) -> Vec<String> {
    let (own, other) = match language {
        DemoLanguage::English => ("en", *pick(rng, &["de", "fr", "es", "zh-CN"])),
        DemoLanguage::Chinese => ("zh-CN", "en"),
    };
    let mut tags = vec![own.to_string()];
    if rng.random_bool(0.4) {
        tags.push(other.to_string());
    }
    tags
}

fn time_zone(language: DemoLanguage, rng: &mut StdRng) -> &'static str {
    let home = rng.random_range(0..10);
    match (language, home) {
        (DemoLanguage::English, 0..6) | (DemoLanguage::Chinese, 8) => "Europe/Berlin",
        (DemoLanguage::English, 6..9) | (DemoLanguage::Chinese, 9) => "America/New_York",
        _ => "Asia/Shanghai",
    }
}

//! Whose lines are shown: of all, one rota, one queue, one tier, one department, or one's own.

use crate::base::text::clean;
use crate::console::effect::Choice;
use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, RotaId};
use crate::domain::roster::Rota;

/// Which rotas and people are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    Rota(RotaId),
    Queue(QueueId),
    Tier(u8),
    /// Rotas that serve a queue of this department.
    Department(String),
    /// One's own line in one's own rotas.
    Me,
}

impl Filter {
    #[must_use]
    pub fn takes_rota(&self, directory: &Directory, rota: &Rota, me: PersonId) -> bool {
        match self {
            Self::All => true,
            Self::Rota(id) => rota.id == *id,
            Self::Queue(queue) => rota.queues.contains(queue),
            Self::Tier(tier) => rota.tier == *tier,
            Self::Department(name) => {
                let of = |id| directory.queues.get(id).and_then(|queue| queue.department.as_ref());
                rota.queues.iter().any(|id| of(id) == Some(name))
            }
            Self::Me => {
                let mine = |change: &crate::domain::roster::RosterChange| {
                    change.rota == rota.id && !change.cancelled && (change.person == me || change.other == Some(me))
                };
                rota.members.iter().any(|member| member.person == me) || directory.roster_changes.values().any(mine)
            }
        }
    }

    #[must_use]
    pub fn takes_person(&self, person: PersonId, me: PersonId) -> bool {
        *self != Self::Me || person == me
    }

    /// `queue Payments`; empty for all.
    #[must_use]
    pub fn words(&self, context: &Context<'_>) -> String {
        let (locale, directory) = (context.locale, context.directory);
        match self {
            Self::All => String::new(),
            Self::Rota(id) => directory.rotas.get(id).map_or_else(String::new, |rota| clean(&rota.name)),
            Self::Queue(id) => {
                let name = directory.queues.get(id).map_or_else(String::new, |queue| clean(&queue.name));
                locale.with("shifts-filter-queue", &[("name", &name)])
            }
            Self::Tier(tier) => locale.with("assignment-tier", &[("tier", &tier.to_string())]),
            Self::Department(name) => locale.with("shifts-filter-department", &[("name", &clean(name))]),
            Self::Me => locale.text("shifts-filter-me").into_owned(),
        }
    }

    /// All that can be chosen, with the answers [`Filter::read`] understands.
    #[must_use]
    pub fn choices(context: &Context<'_>) -> Vec<Choice> {
        let rotas = duty::rotas(context.directory);
        let mut filters = vec![Self::All, Self::Me];
        filters.extend(rotas.iter().map(|rota| Self::Rota(rota.id)));
        filters.extend(context.directory.queues_in_order().into_iter().map(|queue| Self::Queue(queue.id)));
        let mut tiers: Vec<u8> = rotas.iter().map(|rota| rota.tier).collect();
        tiers.sort_unstable();
        tiers.dedup();
        filters.extend(tiers.into_iter().map(Self::Tier));
        let mut departments: Vec<_> =
            context.directory.queues_in_order().into_iter().filter_map(|queue| queue.department.clone()).collect();
        departments.sort_unstable();
        departments.dedup();
        filters.extend(departments.into_iter().map(Self::Department));
        let choice = |filter: &Self| Choice {
            value: filter.value(),
            label: if *filter == Self::All { context.locale.text("shifts-filter-all").into_owned() } else { filter.words(context) },
            hint: match filter {
                Self::Rota(id) => {
                    let key = context.directory.rotas.get(id).map_or("", |rota| rota.key.as_str());
                    context.locale.with("shifts-filter-rota", &[("key", key)])
                }
                _ => String::new(),
            },
            disabled: None,
        };
        filters.iter().map(choice).collect()
    }

    fn value(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Me => "me".to_owned(),
            Self::Rota(id) => format!("rota {id}"),
            Self::Queue(id) => format!("queue {id}"),
            Self::Tier(tier) => format!("tier {tier}"),
            Self::Department(name) => format!("department {name}"),
        }
    }

    /// The filter of an answer to [`Filter::choices`].
    #[must_use]
    pub fn read(value: &str) -> Option<Self> {
        let (kind, rest) = value.split_once(' ').unwrap_or((value, ""));
        match kind {
            "all" => Some(Self::All),
            "me" => Some(Self::Me),
            "rota" => rest.parse().ok().map(Self::Rota),
            "queue" => rest.parse().ok().map(Self::Queue),
            "tier" => rest.parse().ok().map(Self::Tier),
            "department" => Some(Self::Department(rest.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::locale::Language;
    use crate::console::panes::sample::Sample;

    #[test]
    fn every_choice_reads_back() {
        let sample = Sample::new(Language::English);
        let choices = Filter::choices(&sample.context());
        assert!(choices.len() > 6);
        for choice in choices {
            let filter = Filter::read(&choice.value).unwrap();
            assert_eq!(filter.value(), choice.value);
        }
        assert_eq!(Filter::read("tier x"), None);
        assert_eq!(Filter::read(""), None);
    }
}

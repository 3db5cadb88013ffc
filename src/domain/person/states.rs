//! Everybody's state at one moment: cheap to hand on, copied only by whoever changes it while others still look.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::AgentState;
use crate::domain::id::PersonId;

/// Agent states by person. A clone shares the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentStates(Arc<HashMap<PersonId, AgentState>>);

impl Deref for AgentStates {
    type Target = HashMap<PersonId, AgentState>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for AgentStates {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl FromIterator<(PersonId, AgentState)> for AgentStates {
    fn from_iter<I: IntoIterator<Item = (PersonId, AgentState)>>(states: I) -> Self {
        Self(Arc::new(states.into_iter().collect()))
    }
}

impl FromIterator<AgentState> for AgentStates {
    fn from_iter<I: IntoIterator<Item = AgentState>>(states: I) -> Self {
        states.into_iter().map(|state| (state.person, state)).collect()
    }
}

impl From<HashMap<PersonId, AgentState>> for AgentStates {
    fn from(states: HashMap<PersonId, AgentState>) -> Self {
        Self(Arc::new(states))
    }
}

//! The tour: which steps there are, in order, and what each says. Two minutes on the real desk; nothing that it makes stays.

use super::action::Action;

/// One step: the person does it, and the desk is looked at for whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Open,
    Claim,
    TakeBack,
    Write,
    LeaveDraft,
    Why,
    Escalate,
    LeaveCall,
    Shifts,
    Queues,
    Palette,
    LeavePalette,
    Filter,
    LeaveFilter,
    Help,
    End,
}

/// All steps in their order.
pub const STEPS: [Step; 16] = [
    Step::Open,
    Step::Claim,
    Step::TakeBack,
    Step::Write,
    Step::LeaveDraft,
    Step::Why,
    Step::Escalate,
    Step::LeaveCall,
    Step::Shifts,
    Step::Queues,
    Step::Palette,
    Step::LeavePalette,
    Step::Filter,
    Step::LeaveFilter,
    Step::Help,
    Step::End,
];

impl Step {
    /// Message key of what it says; `$key` is the key of [`Step::action`].
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Open => "tour-open",
            Self::Claim => "tour-claim",
            Self::TakeBack => "tour-take-back",
            Self::Write => "tour-write",
            Self::LeaveDraft => "tour-leave-draft",
            Self::Why => "tour-why",
            Self::Escalate => "tour-escalate",
            Self::LeaveCall => "tour-leave-call",
            Self::Shifts => "tour-shifts",
            Self::Queues => "tour-queues",
            Self::Palette => "tour-palette",
            Self::LeavePalette => "tour-leave-palette",
            Self::Filter => "tour-filter",
            Self::LeaveFilter => "tour-leave-filter",
            Self::Help => "tour-help",
            Self::End => "tour-end",
        }
    }

    /// The action it teaches.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::Open => Action::Open,
            Self::Claim => Action::Claim,
            Self::TakeBack => Action::Undo,
            Self::Write => Action::Reply,
            Self::LeaveDraft | Self::LeaveCall | Self::LeavePalette | Self::LeaveFilter => Action::Back,
            Self::Why => Action::Why,
            Self::Escalate => Action::Escalate,
            Self::Shifts => Action::ShowShifts,
            Self::Queues => Action::ShowQueues,
            Self::Palette => Action::Palette,
            Self::Filter => Action::Filter,
            Self::Help => Action::Help,
            Self::End => Action::Quit,
        }
    }

    /// Whether it changes tickets: who may only look is spared it.
    #[must_use]
    pub fn works(self) -> bool {
        matches!(self, Self::Claim | Self::TakeBack | Self::Write | Self::LeaveDraft | Self::Escalate | Self::LeaveCall)
    }
}

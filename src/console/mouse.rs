//! The mouse as the model sees it: where, which button, and what happened. Positions are cells from the upper left, 0 first.

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down; what other buttons do is the terminal's.
    Press,
    /// It moved while it was down.
    Drag,
    Release,
    WheelUp,
    WheelDown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub kind: MouseKind,
    pub column: u16,
    pub row: u16,
}

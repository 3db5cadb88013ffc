//! What an editor was before: undo and redo, kept within bounds.

/// Edits that can be taken back.
const STEPS_MAX: usize = 500;
/// Bytes of text kept for that.
const BYTES_MAX: usize = 8 * 1024 * 1024;

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub text: String,
    pub caret: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Past {
    before: Vec<Snapshot>,
    after: Vec<Snapshot>,
    /// Where the run of typing that is one step ended.
    typed: Option<usize>,
}

impl Past {
    /// Whether an edit belongs to the run of typing before it.
    pub fn goes_on(&self, typing: Option<usize>) -> bool {
        typing.is_some() && typing == self.typed && self.after.is_empty()
    }

    pub fn push(&mut self, now: Snapshot) {
        self.after.clear();
        self.typed = None;
        self.before.push(now);
        let mut bytes: usize = self.before.iter().map(|step| step.text.len()).sum();
        while self.before.len() > STEPS_MAX || (bytes > BYTES_MAX && self.before.len() > 1) {
            bytes -= self.before.remove(0).text.len();
        }
    }

    pub fn typed_to(&mut self, caret: usize) {
        self.typed = Some(caret);
    }

    /// The caret went elsewhere: what is typed next is a step of its own.
    pub fn rest(&mut self) {
        self.typed = None;
    }

    pub fn back(&mut self, now: Snapshot) -> Option<Snapshot> {
        self.typed = None;
        let then = self.before.pop()?;
        self.after.push(now);
        Some(then)
    }

    pub fn forward(&mut self, now: Snapshot) -> Option<Snapshot> {
        self.typed = None;
        let then = self.after.pop()?;
        self.before.push(now);
        Some(then)
    }
}

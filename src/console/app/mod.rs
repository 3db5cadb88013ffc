//! The console's loop: input, news of the desk, answers and deadlines go through [`update`] into the model;
//! the screen is drawn only when something changed.

mod arrange;
mod ask_first_run;
mod board;
mod find;
mod focus;
mod global;
pub mod hands;
mod help;
mod looks;
mod model;
mod mouse;
mod presence;
mod run_effect;
mod session;
mod told;
mod tour;
mod update;
mod view;

use std::sync::Arc;
use std::time::Instant;

use chrono_tz::Tz;
use tokio::sync::{broadcast, mpsc, watch};
use uuid::Uuid;

pub use ask_first_run::ask_first_run;
pub use model::{ExitReason, Model, Msg, Owner};
use run_effect::{Done, Runner};

use super::DeskHandle;
use super::action::Action;
use super::board::WallboardStart;
use super::cells::Cells;
use super::config::Setup;
use super::effect::{Effect, Load, Loaded};
use super::files::Graphics;
use super::keymap::{Keymap, KeymapErrors};
use super::memory::Memory;
use super::pane::PaneId;
use super::terminal::{Copied, Event, Pace, Screen, TerminalError};
use crate::base::clock::Clock;
use crate::client::view::{Changed, LinkStatus};
use crate::domain::id::{ConversationId, TicketNumber};

/// How the console starts.
pub struct ConsoleOptions {
    pub setup: Setup,
    /// Another setup, whenever a file of it was saved; or why that one cannot be used.
    pub reloads: Option<mpsc::UnboundedReceiver<Result<Setup, String>>>,
    /// What was remembered, and what will be.
    pub memory: Arc<dyn Memory>,
    /// The zone in which times are shown.
    pub zone: Tz,
    pub clock: Clock,
    /// Fresh ids, `base::clock::new_id` outside tests.
    pub new_id: Box<dyn Fn() -> Uuid>,
    /// Starts as a wallboard.
    pub wallboard: Option<WallboardStart>,
    /// `SSH_TTY` is set: fewer frames, longer wait after Escape, page-wise scrolling.
    pub over_ssh: bool,
}

/// Why the console could not run.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    #[error("the keymap cannot be used: {0}")]
    Keymap(#[from] KeymapErrors),
    #[error(transparent)]
    Terminal(#[from] TerminalError),
}

/// The model with what runs its effects: all of the console but the terminal.
pub struct App {
    pub model: Model,
    desk: Arc<dyn DeskHandle>,
    runner: Runner,
    done: mpsc::UnboundedReceiver<Done>,
    changes: broadcast::Receiver<Arc<Changed>>,
    link: watch::Receiver<LinkStatus>,
    /// Texts for the clipboard, which is the terminal's: the loop takes them.
    pub copies: Vec<String>,
    /// A text for the person's own editor, which needs the terminal: the loop takes it.
    pub editing: Option<(Owner, String)>,
    /// Something changed since the last frame.
    pub dirty: bool,
    /// What a person's hand asked for is there, and not yet drawn.
    answered: bool,
    /// Waits for the next frame: nobody waits for it.
    later: Vec<(Owner, Effect)>,
}

impl App {
    /// # Errors
    /// When the keymap cannot be used.
    pub fn new(desk: Arc<dyn DeskHandle>, options: ConsoleOptions, size: (u16, u16)) -> Result<Self, ConsoleError> {
        // Keys that cannot be used never lock anybody out: the defaults work, and it is said.
        let (keymap, wrong) = match Keymap::new(&options.setup.keys) {
            Ok(keymap) => (keymap, options.setup.keys_wrong.clone()),
            Err(wrong) => (Keymap::new(&[])?, Some(wrong.to_string())),
        };
        let (changes, link) = (desk.changes(), desk.link());
        let model = Model::new(&*desk, options, keymap, size);
        let (runner, done) = Runner::new(Arc::clone(&desk));
        let mut app = Self {
            model,
            desk,
            runner,
            done,
            changes,
            link,
            copies: Vec::new(),
            editing: None,
            dirty: true,
            answered: false,
            later: Vec::new(),
        };
        update::start(&mut app.model);
        hands::started(&mut app.model, wrong);
        app.begin();
        Ok(app)
    }

    /// What panes behind the first screen need is asked for when that stands; all else at once: drafts and calls are small.
    fn begin(&mut self) {
        let shown = [PaneId::Ticket, self.model.front];
        let hidden = |owner: &Owner| matches!(owner, Owner::Pane(pane) if !shown.contains(pane));
        // Counting goes through many tickets where many are late: it would share the processor with the list.
        let first = |(owner, effect): &(Owner, Effect)| !hidden(owner) && *effect != Effect::Load(Load::Counts);
        let (first, rest) = std::mem::take(&mut self.model.effects).into_iter().partition(first);
        self.model.effects = first;
        self.runner.asking = true;
        self.run_effects();
        self.runner.asking = false;
        self.later.extend(rest);
    }

    /// Starts what waited for a frame, unless somebody still waits for that frame's answers.
    fn follow_up(&mut self) {
        if self.runner.awaits_near() {
            return;
        }
        for (owner, effect) in std::mem::take(&mut self.later) {
            self.runner.run(owner, effect);
        }
    }

    /// Takes one message and starts what follows from it.
    pub fn handle(&mut self, msg: Msg) {
        let by_hand = matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_));
        let before = self.runner.asking;
        self.runner.asking |= by_hand;
        update::update(&mut self.model, msg);
        self.run_effects();
        self.runner.asking = before;
        self.dirty = true;
    }

    fn run_effects(&mut self) {
        for (owner, effect) in std::mem::take(&mut self.model.effects) {
            match effect {
                Effect::Copy(text) => self.copies.push(text),
                Effect::EditText(text) => self.editing = Some((owner, text)),
                Effect::Ahead(_) => {
                    // Only the newest place is where the person is.
                    self.later.retain(|(other, effect)| *other != owner || !matches!(effect, Effect::Ahead(_)));
                    self.later.push((owner, effect));
                }
                Effect::Load(Load::Tickets { .. }) => {
                    // Somebody waits for these, and what lies around them is asked for afterwards.
                    self.later.retain(|(other, effect)| *other != owner || !matches!(effect, Effect::Ahead(_)));
                    self.runner.run(owner, effect);
                }
                _ => self.runner.run(owner, effect),
            }
        }
    }

    fn on_done(&mut self, done: Done) {
        let done = self.runner.finish(done);
        self.answered |= done.asked;
        // What follows from the answer was asked for as well.
        let before = std::mem::replace(&mut self.runner.asking, done.asked);
        for msg in done.msgs {
            self.handle(msg);
        }
        self.runner.asking = before;
    }

    fn on_changed(&mut self, changed: Arc<Changed>) {
        let (directory, agent_states) = (self.desk.directory(), self.desk.agent_states());
        let (me, here) = (Box::new(self.desk.me()), self.desk.here());
        self.handle(Msg::Changed { changed, directory, agent_states, me, here });
    }

    /// A receiver that fell behind takes everything as changed.
    fn on_news(&mut self, news: Result<Arc<Changed>, broadcast::error::RecvError>) {
        match news {
            Ok(changed) => self.on_changed(changed),
            Err(broadcast::error::RecvError::Lagged(_)) => self.on_changed(Arc::new(Changed { all: true, ..Changed::default() })),
            Err(broadcast::error::RecvError::Closed) => {}
        }
    }

    /// Takes all that is ready, without waiting.
    pub fn drain(&mut self) {
        loop {
            if let Ok(done) = self.done.try_recv() {
                self.on_done(done);
            } else if let Ok(changed) = self.changes.try_recv() {
                self.on_changed(changed);
            } else if self.link.has_changed().unwrap_or(false) {
                self.on_link();
            } else {
                return;
            }
        }
    }

    /// Takes the link's state over. Waiting for a change marks it as seen, so whoever waited must come here.
    fn on_link(&mut self) {
        let link = self.link.borrow_and_update().clone();
        self.handle(Msg::Link(link));
    }

    /// Runs until no effect is under way and no news waits: for tests, instead of sleeping.
    pub async fn run_until_idle(&mut self) {
        loop {
            self.drain();
            self.follow_up();
            if self.runner.is_idle() {
                return;
            }
            if let Some(done) = self.done.recv().await {
                self.on_done(done);
            }
        }
    }

    /// Does an action where the person is, as its key would.
    pub fn act(&mut self, action: Action) {
        self.model.shared.now = self.model.shared.clock.now();
        update::act(&mut self.model, action, 1);
        self.run_effects();
    }

    /// Shows a ticket and gives it the keys.
    pub fn open_ticket(&mut self, number: TicketNumber) {
        update::open_ticket(&mut self.model, number);
        self.run_effects();
    }

    /// Leaves the ticket that has the keys, for what is under it.
    pub fn leave_ticket(&mut self) {
        // Out of focus mode, then from the ticket to its list.
        for _ in 0..2 {
            if self.model.focused() == PaneId::Ticket {
                update::back(&mut self.model);
            }
        }
        self.run_effects();
    }

    /// Shows a conversation in Chats.
    pub fn open_conversation(&mut self, id: ConversationId) {
        update::absorb(&mut self.model, Owner::App, vec![Effect::OpenConversation(id)]);
        self.run_effects();
    }

    /// Waits for an answer, news of the desk or a deadline, and takes it.
    pub async fn next_news(&mut self) {
        self.follow_up();
        let tick = (self.model.next_tick() - self.model.shared.clock.now()).to_std().unwrap_or_default();
        tokio::select! {
            Some(done) = self.done.recv() => self.on_done(done),
            news = self.changes.recv() => self.on_news(news),
            Ok(()) = self.link.changed() => self.on_link(),
            () = tokio::time::sleep(tick) => self.handle(Msg::Tick),
        }
        self.drain();
    }

    /// Keeps what was not sent, and waits until all of it is in the outbox.
    pub async fn finish(mut self) {
        update::keep_drafts(&mut self.model);
        self.run_effects();
        self.runner.finish_writes().await;
    }

    /// Draws the model; returns where the terminal's cursor is, when it is shown.
    pub fn draw(&mut self, frame: &mut ratatui::Frame<'_>) -> Option<ratatui::layout::Position> {
        let caret = view::view(&self.model, frame);
        super::cells::settle(frame.buffer_mut(), self.model.cells);
        looks::finish(&self.model, frame.buffer_mut());
        self.dirty = false;
        caret
    }

    /// Tells what is known not to have reached the clipboard.
    fn copied(&mut self, copied: Copied) {
        match copied {
            Copied::Sent => return,
            Copied::TooLong(bytes) => update::toast(&mut self.model, "copy-too-long", &[("bytes", bytes.to_string())]),
            Copied::Nowhere => update::toast(&mut self.model, "copy-nowhere", &[]),
        }
        self.dirty = true;
    }

    /// The terminal's title: unread things first, so that a row of tabs tells.
    #[must_use]
    pub fn title(&self) -> String {
        let context = self.model.shared.context();
        let unread = self.model.pane(super::PaneId::Chats).and_then(|pane| pane.badge(&context)).unwrap_or(0);
        let mine = self.model.pane(super::PaneId::Queues).and_then(|pane| pane.badge(&context)).unwrap_or(0);
        match (unread + mine, self.model.notices_unread) {
            (0, 0) => "dutydesk".to_owned(),
            (n, 0) => format!("({n}) dutydesk"),
            (_, notices) => format!("({notices}!) dutydesk"),
        }
    }
}

/// The next setup; never, where none will come.
async fn next_of(reloads: &mut Option<mpsc::UnboundedReceiver<Result<Setup, String>>>) -> Option<Result<Setup, String>> {
    match reloads {
        Some(reloads) => reloads.recv().await,
        None => None,
    }
}

/// Opens the console on a desk until the person quits.
///
/// # Errors
/// When there is no terminal, it cannot be set up, or the keymap is wrong.
pub async fn run(desk: Arc<dyn DeskHandle>, mut options: ConsoleOptions) -> Result<ExitReason, ConsoleError> {
    let over_ssh = options.over_ssh;
    let mut reloads = options.reloads.take();
    let mut screen = Screen::enter(over_ssh)?;
    // What the terminal itself says goes before what its environment says.
    options.setup.scheme = screen.scheme().or(options.setup.scheme);
    let mut app = App::new(desk, options, screen.size())?;
    app.model.files.graphics = Graphics::of_terminal();
    app.model.cells = Cells::of(|name| std::env::var(name).ok(), app.model.screen.ambiguous_width);
    let mut pace = Pace::new(&app.model.screen, over_ssh);
    // Whoever started the console waits for its first screen.
    pace.typed(Instant::now());
    let exit = loop {
        for text in std::mem::take(&mut app.copies) {
            app.copied(screen.copy(&text)?);
        }
        for alert in std::mem::take(&mut app.model.ringing) {
            screen.notify(told::settings(&app.model).terminal, &alert)?;
        }
        if std::mem::take(&mut app.model.suspend) {
            screen.suspend().await?;
            app.model.redraw_all = true;
            app.handle(Msg::Resize(screen.size().0, screen.size().1));
        }
        if let Some((owner, text)) = app.editing.take() {
            let edited = screen.edit(&text).await?;
            app.model.redraw_all = true;
            app.handle(Msg::Resize(screen.size().0, screen.size().1));
            app.handle(Msg::Loaded(owner, Loaded::Edited(edited)));
        }
        if let Some(reason) = app.model.exit {
            break reason;
        }
        screen.report_mouse(arrange::wants_mouse(&app.model))?;
        if std::mem::take(&mut app.answered) {
            pace.typed(Instant::now());
        }
        let held = pace.held(app.runner.awaits_near(), Instant::now());
        if app.dirty && held.is_zero() && pace.due(|| screen.ready()) {
            if std::mem::take(&mut app.model.redraw_all) {
                screen.clear()?;
            }
            let title = app.title();
            screen.draw(&title, |frame| {
                app.draw(frame);
            })?;
            pace.drawn(Instant::now());
            app.follow_up();
        }
        let tick = (app.model.next_tick() - app.model.shared.clock.now()).to_std().unwrap_or_default();
        let wait = if app.dirty { pace.wait().max(held).min(tick) } else { tick };
        tokio::select! {
            biased;
            event = screen.next() => match event {
                Some(Event::Input(msg)) => {
                    // A window that is being dragged sends sizes faster than anybody reads.
                    if !matches!(msg, Msg::Resize(..)) {
                        pace.typed(Instant::now());
                    }
                    app.handle(msg);
                    // Keys that are already here belong to the same frame.
                    while let Some(Event::Input(msg)) = screen.try_next() {
                        app.handle(msg);
                    }
                    app.drain();
                }
                Some(Event::Stop) | None => break ExitReason::Signal,
            },
            Some(done) = app.done.recv() => {
                app.on_done(done);
                app.drain();
            }
            news = app.changes.recv() => app.on_news(news),
            Ok(()) = app.link.changed() => app.on_link(),
            Some(setup) = next_of(&mut reloads) => {
                app.handle(Msg::Setup(setup.map(Box::new)));
                pace.set(&app.model.screen, over_ssh);
                app.model.cells = Cells::of(|name| std::env::var(name).ok(), app.model.screen.ambiguous_width);
            }
            () = tokio::time::sleep(wait) => {
                if app.model.next_tick() <= app.model.shared.clock.now() {
                    app.handle(Msg::Tick);
                }
            }
        }
    };
    screen.leave();
    app.finish().await;
    Ok(exit)
}

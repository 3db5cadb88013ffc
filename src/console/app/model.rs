//! All that the screen is made of. Changed by `update` alone.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono_tz::Tz;
use ratatui::layout::Rect;
use uuid::Uuid;

use super::ConsoleOptions;
use super::find::Finding;
use super::focus::FocusWork;
use super::hands::Hands;
use super::looks::Looks;
use super::told::Asked;
use crate::base::clock::Clock;
use crate::client::here::Everybody;
use crate::client::view::{Changed, LinkStatus, OutboxEntry};
use crate::console::DeskHandle;
use crate::console::alert::{Alert, Alerts};
use crate::console::board::Board;
use crate::console::bulk::BulkActions;
use crate::console::cells::Cells;
use crate::console::config::{ScreenConfig, Setup};
use crate::console::conversation::drafts::Drafts;
use crate::console::effect::{Effect, Loaded};
use crate::console::files::FilesLayer;
use crate::console::find::history::History;
use crate::console::incidents::IncidentActions;
use crate::console::key::Key;
use crate::console::keymap::Keymap;
use crate::console::layout::{Layout, Mode, Places, SMALLEST};
use crate::console::locale::Locale;
use crate::console::memory::{Memory, Session};
use crate::console::mouse::Mouse;
use crate::console::overlay::Overlay;
use crate::console::pane::{Context, Pane, PaneId};
use crate::console::panes;
use crate::console::search::SearchLayer;
use crate::console::terminal::low_bandwidth;
use crate::console::theme::{Kind, Theme};
use crate::console::ticket_actions::TicketActions;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::here::Doing;
use crate::domain::id::{NoticeId, PersonId, TicketNumber};
use crate::domain::notice::Notice;
use crate::domain::person::{AgentState, Person};

/// Who wants an effect, and so gets its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    App,
    /// The actions on tickets that several panes share.
    TicketActions,
    /// Acts on many marked tickets.
    Bulk,
    /// Major incidents.
    Incidents,
    /// Wallboard and watch.
    Board,
    /// The files of a ticket, over the panes.
    Files,
    /// Undo and repeat.
    Hands,
    /// One ticket after another.
    Focus,
    Pane(PaneId),
    /// The search page, over the panes.
    Search,
}

/// What comes to the model.
#[derive(Clone, Debug)]
pub enum Msg {
    Key(Key),
    Paste(String),
    Resize(u16, u16),
    Mouse(Mouse),
    /// A file of the setup was saved; or why what it says cannot be used.
    Setup(Result<Box<Setup>, String>),
    /// The terminal says whether it is dark or light.
    Scheme(Kind),
    /// The terminal got the focus, or lost it.
    Focus(bool),
    /// The cache changed, with what is held in memory as it stands now.
    Changed {
        changed: Arc<Changed>,
        directory: Arc<Directory>,
        agent_states: Arc<HashMap<PersonId, AgentState>>,
        me: Box<Person>,
        here: Arc<Everybody>,
    },
    Link(LinkStatus),
    Loaded(Owner, Loaded),
    /// An effect failed; one sentence.
    Failed(String),
    /// A deadline of [`Model::next_tick`] passed.
    Tick,
}

/// Why the console ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    Quit,
    /// SIGTERM, SIGHUP or SIGINT, or the terminal went away.
    Signal,
    SignedOut,
}

/// What every pane may read, in one place so that panes can be changed beside it.
pub struct Shared {
    pub clock: Clock,
    pub now: Timestamp,
    pub me: Person,
    pub directory: Arc<Directory>,
    pub agent_states: Arc<HashMap<PersonId, AgentState>>,
    pub calls: Vec<Escalation>,
    pub here: Arc<Everybody>,
    pub link: LinkStatus,
    pub locale: Locale,
    pub theme: Theme,
    pub drafts: Drafts,
    pub zone: Tz,
    pub new_id: Box<dyn Fn() -> Uuid>,
    /// That of the session, where panes can read it.
    pub history: History,
}

impl Shared {
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            me: &self.me,
            directory: &self.directory,
            agent_states: &self.agent_states,
            calls: &self.calls,
            here: &self.here,
            link: &self.link,
            locale: &self.locale,
            theme: &self.theme,
            drafts: &self.drafts,
            history: &self.history,
            zone: self.zone,
            new_id: &*self.new_id,
        }
    }
}

/// One line at the bottom for a few seconds.
#[derive(Clone, Debug)]
pub struct Toast {
    pub text: String,
    pub until: Timestamp,
}

/// The keys of a sequence typed so far.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub keys: Vec<Key>,
    /// When the first was typed; which-key pops up some time later.
    pub since: Option<Timestamp>,
    pub count: Option<usize>,
}

/// The screen's state.
pub struct Model {
    pub shared: Shared,
    pub panes: Vec<Box<dyn Pane>>,
    /// The pane in front; never [`PaneId::Ticket`] beside itself.
    pub front: PaneId,
    /// Where Back from the Ticket pane goes.
    pub before: PaneId,
    /// A ticket is open over (narrow) or beside (wide) the front pane, and has the keys.
    pub ticket_open: bool,
    /// Queues shows the selected ticket beside the list, where there is room.
    pub preview: bool,
    /// The ticket the Ticket pane was last told to show.
    pub shown_ticket: Option<TicketNumber>,
    pub size: (u16, u16),
    pub layout: Layout,
    pub screen: ScreenConfig,
    /// The mouse, where it was switched on the screen: until the setting says something else than before.
    pub mouse_switched: Option<bool>,
    /// Where the person was last time, and is now.
    pub session: Session,
    pub memory: Arc<dyn Memory>,
    pub overlays: Vec<Overlay>,
    pub toast: Option<Toast>,
    pub typed: Typed,
    pub keymap: Keymap,
    pub ticket_actions: TicketActions,
    pub bulk: BulkActions,
    pub incidents: IncidentActions,
    pub files: FilesLayer,
    /// Wallboard and watch.
    pub board: Board,
    /// Unread notices, for the top line.
    pub notices_unread: usize,
    /// Those read last; absent until the first answer.
    pub notices_known: Option<HashSet<NoticeId>>,
    /// The list of notices was asked for, and is on its way.
    pub notices_asked: bool,
    /// The terminal has the focus, as far as it said.
    pub focused_terminal: bool,
    /// What the terminal is to tell, and what the loop hands it now.
    pub alerts: Alerts,
    pub ringing: Vec<Alert>,
    /// What is being asked of settings, reminders and promises.
    pub asked: Asked,
    /// What the open list of notices shows.
    pub notices: Vec<Notice>,
    /// What the open list of the outbox shows.
    pub outbox: Vec<OutboxEntry>,
    /// Where the others were told that this person is.
    pub here_told: Option<(TicketNumber, Doing)>,
    /// When a key was pressed last.
    pub last_key: Timestamp,
    pub exit: Option<ExitReason>,
    /// The loop must clear the terminal before it draws next.
    pub redraw_all: bool,
    /// Ctrl-Z was pressed: the loop suspends the process.
    pub suspend: bool,
    pub search: SearchLayer,
    /// Effects for the loop to run.
    pub effects: Vec<(Owner, Effect)>,
    /// Undo, repeat, places to go back to, the tour.
    pub hands: Hands,
    /// The line between two panes is being dragged.
    pub dragging: bool,
    /// The session as it was last kept, and when it is kept next.
    pub kept: Session,
    pub keep_at: Option<Timestamp>,
    /// The ticket that the last run had open, until it is known to be there.
    pub recalled: Option<TicketNumber>,
    /// One ticket after another.
    pub focus: FocusWork,
    /// All themes, and which is worn.
    pub looks: Looks,
    /// What finders are made of, until the desk changes.
    pub finding: Finding,
    /// How the terminal counts cells.
    pub cells: Cells,
}

impl Model {
    #[must_use]
    pub fn new(desk: &dyn DeskHandle, options: ConsoleOptions, keymap: Keymap, size: (u16, u16)) -> Self {
        let now = options.clock.now();
        let looks = Looks::new(options.setup.wardrobe, options.setup.scheme);
        let theme = looks.theme(options.setup.screen.colours).unwrap_or(options.setup.theme);
        let session = options.memory.session();
        let shared = Shared {
            now,
            clock: options.clock,
            me: desk.me(),
            directory: desk.directory(),
            agent_states: desk.agent_states(),
            calls: Vec::new(),
            here: desk.here(),
            link: desk.link().borrow().clone(),
            locale: Locale::new(options.setup.language),
            theme,
            drafts: Drafts::default(),
            zone: options.zone,
            new_id: options.new_id,
            history: session.history.clone(),
        };
        Self {
            shared,
            panes: panes::all(low_bandwidth(&options.setup.screen, options.over_ssh)),
            front: PaneId::Queues,
            before: PaneId::Queues,
            ticket_open: false,
            preview: true,
            shown_ticket: None,
            size,
            layout: Layout::default(),
            screen: options.setup.screen,
            mouse_switched: None,
            session,
            memory: options.memory,
            overlays: Vec::new(),
            toast: None,
            typed: Typed::default(),
            keymap,
            ticket_actions: TicketActions::default(),
            bulk: BulkActions::default(),
            incidents: IncidentActions::default(),
            files: FilesLayer::default(),
            board: Board::new(options.wallboard),
            notices_unread: 0,
            notices_known: None,
            notices_asked: false,
            focused_terminal: true,
            alerts: Alerts::default(),
            ringing: Vec::new(),
            asked: Asked::default(),
            notices: Vec::new(),
            outbox: Vec::new(),
            here_told: None,
            last_key: now,
            exit: None,
            redraw_all: false,
            suspend: false,
            search: SearchLayer::default(),
            effects: Vec::new(),
            hands: Hands::default(),
            dragging: false,
            kept: Session::default(),
            keep_at: None,
            recalled: None,
            focus: FocusWork::default(),
            looks,
            finding: Finding::default(),
            cells: Cells::default(),
        }
    }

    #[must_use]
    pub fn pane(&self, id: PaneId) -> Option<&dyn Pane> {
        self.panes.iter().find(|pane| pane.id() == id).map(AsRef::as_ref)
    }

    /// Whether the screen is too small for anything but saying so.
    #[must_use]
    pub fn too_small(&self) -> bool {
        self.size.0 < SMALLEST.0 || self.size.1 < SMALLEST.1
    }

    /// The pane that gets keys.
    #[must_use]
    pub fn focused(&self) -> PaneId {
        if self.ticket_open || self.layout.mode == Mode::Focus { PaneId::Ticket } else { self.front }
    }

    /// The panes on screen: one, or a list with the ticket beside it.
    #[must_use]
    pub fn visible(&self) -> (PaneId, Option<PaneId>) {
        let beside = self.front != PaneId::Ticket && (self.ticket_open || (self.front == PaneId::Queues && self.preview));
        if beside && self.layout.splits(self.size) { (self.front, Some(PaneId::Ticket)) } else { (self.focused(), None) }
    }

    /// Where everything is on a screen of this size; the view draws by it, and the mouse finds by it.
    #[must_use]
    pub fn places(&self, screen: Rect) -> Places {
        self.layout.places_above(screen, self.visible(), super::view::tour::rows(self))
    }

    /// When something on screen gets stale by itself: a full minute, a toast's end, which-key's start, a pane's wish.
    #[must_use]
    pub fn next_tick(&self) -> Timestamp {
        let minute = (self.shared.now.timestamp().div_euclid(60) + 1) * 60;
        let minute = Timestamp::from_timestamp(minute, 0).unwrap_or(self.shared.now);
        let context = self.shared.context();
        let (one, other) = self.visible();
        let panes = [Some(one), other].into_iter().flatten().filter_map(|id| self.pane(id)?.next_tick(&context));
        let which_key = self.typed.since.map(|since| since + which_key_delay()).filter(|at| *at > self.shared.now);
        // Who has to answer, and who waits for an answer, see the seconds.
        let mine = |call: &&Escalation| call.state == EscalationState::Asked && [call.expert, call.asked_by].contains(&self.shared.me.id);
        let runs = self.shared.calls.iter().filter(mine).any(|call| call.accept_by.is_some_and(|by| by > self.shared.now));
        let second = runs.then(|| self.shared.now + chrono::Duration::seconds(1));
        let drafts = self.shared.drafts.due();
        // What moves by itself does so rarely for who asked for it: the seconds of a call are then counted in tens.
        let calm = self.shared.now + chrono::Duration::seconds(10);
        let calmed = |at: Timestamp| if self.screen.reduced_motion { at.max(calm) } else { at };
        panes
            .chain(second)
            .map(calmed)
            .chain(drafts)
            .chain(self.toast.as_ref().map(|toast| toast.until))
            .chain(which_key)
            .chain(self.alerts.due_at())
            .chain(super::board::next_tick(self))
            .chain(self.keep_at)
            .fold(minute, Timestamp::min)
    }
}

/// How long a prefix waits before its continuations pop up.
#[must_use]
pub fn which_key_delay() -> chrono::Duration {
    chrono::Duration::milliseconds(300)
}

//! The one table of actions: keys, palette, help, footer and docs all read it.
//!
//! A row: the action, its stable name (as in keymaps and the palette), where it works, its default keys, and the
//! message key of its label. Sequences are written with a space (`g g`).

use super::pane::PaneId;

/// Where an action works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Everywhere,
    In(PaneId),
    /// Wherever a ticket is selected: Queues, Ticket, Assignment.
    OnTicket,
    /// Where a conversation is read: Ticket, Chats.
    OnMessage,
}

macro_rules! actions {
    ($($action:ident, $name:literal, $scope:expr, [$($key:literal),*], $label:literal;)+) => {
        /// Something a key does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($action),+ }

        /// Every action, in the order of help.
        pub const ACTIONS: &[ActionSpec] = &[
            $(ActionSpec { action: Action::$action, name: $name, scope: $scope, keys: &[$($key),*], label: $label }),+
        ];
    };
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ActionSpec {
    pub action: Action,
    pub name: &'static str,
    pub scope: Scope,
    pub keys: &'static [&'static str],
    /// Message key of the label.
    pub label: &'static str,
}

impl Action {
    #[must_use]
    pub fn spec(self) -> &'static ActionSpec {
        ACTIONS.iter().find(|spec| spec.action == self).expect("the table is made from the enum")
    }
}

use PaneId::{Assignment, Chats, Overview, Queues, Shifts, Ticket};
use Scope::{Everywhere, In, OnMessage, OnTicket};

actions! {
    // Moving.
    Down, "move.down", Everywhere, ["j", "down"], "action-down";
    Up, "move.up", Everywhere, ["k", "up"], "action-up";
    HalfPageDown, "move.half-page-down", Everywhere, ["ctrl-d"], "action-half-page-down";
    HalfPageUp, "move.half-page-up", Everywhere, ["ctrl-u"], "action-half-page-up";
    PageDown, "move.page-down", Everywhere, ["pagedown"], "action-page-down";
    PageUp, "move.page-up", Everywhere, ["pageup"], "action-page-up";
    First, "move.first", Everywhere, ["g g", "home"], "action-first";
    Last, "move.last", Everywhere, ["G", "end"], "action-last";
    Left, "move.left", Everywhere, ["h", "left"], "action-left";
    Right, "move.right", Everywhere, ["l", "right"], "action-right";
    Open, "open", Everywhere, ["enter"], "action-open";
    Back, "back", Everywhere, ["esc", "q"], "action-back";
    // Panes.
    ShowQueues, "pane.queues", Everywhere, ["1"], "action-show-queues";
    ShowTicket, "pane.ticket", Everywhere, ["2"], "action-show-ticket";
    ShowAssignment, "pane.assignment", Everywhere, ["3"], "action-show-assignment";
    ShowShifts, "pane.shifts", Everywhere, ["4"], "action-show-shifts";
    ShowChats, "pane.chats", Everywhere, ["5"], "action-show-chats";
    NextFocus, "focus.next", Everywhere, ["tab"], "action-next-focus";
    PreviousFocus, "focus.previous", Everywhere, ["shift-tab"], "action-previous-focus";
    NextTab, "tab.next", Everywhere, ["]"], "action-next-tab";
    PreviousTab, "tab.previous", Everywhere, ["["], "action-previous-tab";
    // Everywhere.
    Palette, "palette", Everywhere, ["ctrl-k", ":"], "action-palette";
    Help, "help", Everywhere, ["?", "f1"], "action-help";
    GoToTicket, "goto.ticket", Everywhere, ["g t"], "action-goto-ticket";
    Notices, "notices", Everywhere, ["g n"], "action-notices";
    Outbox, "outbox", Everywhere, ["g o"], "action-outbox";
    SetPresence, "presence", Everywhere, ["ctrl-p"], "action-presence";
    SwitchLanguage, "language", Everywhere, ["L"], "action-language";
    SwitchTheme, "theme", Everywhere, ["ctrl-t"], "action-theme";
    Redraw, "redraw", Everywhere, ["ctrl-l"], "action-redraw";
    Quit, "quit", Everywhere, ["Q"], "action-quit";
    // Lists.
    Filter, "filter", In(Queues), ["/"], "action-filter";
    SortBy, "sort", In(Queues), ["o"], "action-sort";
    LoadNew, "load-new", In(Queues), ["."], "action-load-new";
    NewTicket, "ticket.new", In(Queues), ["n"], "action-new-ticket";
    TogglePreview, "preview", In(Queues), ["|", "ctrl-w p"], "action-preview";
    Mark, "mark", In(Queues), ["space"], "action-mark";
    MarkRange, "mark.range", In(Queues), ["V"], "action-mark-range";
    MarkAll, "mark.all", In(Queues), ["*"], "action-mark-all";
    UnmarkAll, "mark.none", In(Queues), ["U"], "action-unmark-all";
    BulkActs, "bulk", In(Queues), ["B"], "action-bulk";
    // A ticket.
    Claim, "ticket.claim", OnTicket, ["A"], "action-claim";
    Assign, "ticket.assign", OnTicket, ["a"], "action-assign";
    Release, "ticket.release", OnTicket, ["u"], "action-release";
    Reply, "ticket.reply", OnTicket, ["r"], "action-reply";
    Note, "ticket.note", OnTicket, ["i"], "action-note";
    SetStatus, "ticket.status", OnTicket, ["s"], "action-status";
    SetPriority, "ticket.priority", OnTicket, ["p"], "action-priority";
    Tags, "ticket.tags", OnTicket, ["t"], "action-tags";
    Merge, "ticket.merge", OnTicket, ["m"], "action-merge";
    LinkTicket, "ticket.link", OnTicket, ["K"], "action-link";
    MoveQueue, "ticket.move", OnTicket, ["v"], "action-move-queue";
    Escalate, "ticket.escalate", OnTicket, ["e"], "action-escalate";
    AnswerEscalation, "ticket.answer-escalation", OnTicket, ["E"], "action-answer-escalation";
    Briefing, "ticket.briefing", In(Ticket), ["b"], "action-briefing";
    Why, "ticket.why", OnTicket, ["w"], "action-why";
    Clocks, "ticket.clocks", OnTicket, ["T"], "action-clocks";
    EditField, "ticket.field", In(Ticket), ["f"], "action-field";
    IncidentMenu, "ticket.incident", OnTicket, ["I"], "action-incident";
    CopyNumber, "ticket.copy", OnTicket, ["y"], "action-copy";
    UndoMerge, "ticket.undo-merge", OnTicket, ["Z"], "action-undo-merge";
    Split, "ticket.split", OnTicket, ["x"], "action-split";
    Timeline, "ticket.timeline", OnTicket, ["H"], "action-timeline";
    StatusLink, "ticket.status-link", OnTicket, ["g l"], "action-status-link";
    Files, "ticket.files", OnTicket, ["F"], "action-files";
    // Assignment.
    GiveTo, "assignment.give", In(Assignment), ["space"], "action-give";
    WhoNow, "assignment.who-now", In(Assignment), ["n"], "action-who-now";
    Rebalance, "assignment.rebalance", In(Assignment), ["b"], "action-rebalance";
    QueueSettings, "assignment.queue", In(Assignment), ["o"], "action-queue-settings";
    // Shifts.
    DayScale, "shifts.day", In(Shifts), ["d"], "action-day";
    WeekScale, "shifts.week", In(Shifts), ["w"], "action-week";
    MonthScale, "shifts.month", In(Shifts), ["m"], "action-month";
    Now, "shifts.now", In(Shifts), ["t"], "action-now";
    GoToDate, "shifts.go-to", In(Shifts), ["g d"], "action-go-to-date";
    NextGap, "shifts.next-gap", In(Shifts), ["n"], "action-next-gap";
    GapsAhead, "shifts.gaps", In(Shifts), ["!"], "action-gaps";
    MyNextShift, "shifts.mine", In(Shifts), ["M"], "action-my-shift";
    MyCalendar, "shifts.calendar", In(Shifts), ["y"], "action-my-calendar";
    DutyAt, "shifts.who", In(Shifts), ["@"], "action-duty-at";
    RosterFilter, "shifts.filter", In(Shifts), ["f", "/"], "action-roster-filter";
    TakeLeave, "shifts.leave", In(Shifts), ["o"], "action-leave";
    CoverShift, "shifts.cover", In(Shifts), ["c"], "action-cover";
    ExtraShift, "shifts.extra", In(Shifts), ["e"], "action-extra";
    AskSwap, "shifts.swap", In(Shifts), ["s"], "action-swap";
    RosterAnswers, "shifts.answers", In(Shifts), ["r"], "action-answers";
    AnswerChange, "shifts.answer", In(Shifts), ["a"], "action-answer-change";
    WithdrawChange, "shifts.withdraw", In(Shifts), ["u"], "action-withdraw";
    CancelShift, "shifts.cancel", In(Shifts), ["x"], "action-cancel-shift";
    Rotas, "shifts.rotas", In(Shifts), ["R"], "action-rotas";
    NewRota, "shifts.rota-new", In(Shifts), ["N"], "action-new-rota";
    EditRota, "shifts.rota-edit", In(Shifts), ["E"], "action-edit-rota";
    RosterPlans, "shifts.plans", In(Shifts), ["p"], "action-plans";
    GenerateRoster, "shifts.generate", In(Shifts), ["B"], "action-generate";
    PublishPlan, "shifts.publish", In(Shifts), ["P"], "action-publish";
    // Chats.
    Compose, "chat.compose", In(Chats), ["i"], "action-compose";
    NextUnread, "chat.next-unread", In(Chats), ["n"], "action-next-unread";
    NewChat, "chat.new", In(Chats), ["N"], "action-new-chat";
    // Being told and reminded.
    NoticeSettings, "notices.settings", Everywhere, ["g s"], "action-notice-settings";
    Remind, "remind", Everywhere, ["g r"], "action-remind";
    Promises, "ticket.promises", OnTicket, ["g f"], "action-promises";
    // Handovers.
    Handovers, "shifts.handovers", In(Shifts), ["W"], "action-handovers";
    DraftHandover, "shifts.handover-draft", In(Shifts), ["D"], "action-draft-handover";
    SignHandover, "shifts.handover-sign", In(Shifts), ["S"], "action-sign-handover";
    HandoverNotes, "shifts.handover-notes", In(Shifts), ["i"], "action-handover-notes";
    HandoverWatch, "shifts.handover-watch", In(Shifts), ["+"], "action-handover-watch";
    OpenTicketOfChat, "chat.ticket", In(Chats), ["t"], "action-chat-ticket";
    AnswerCall, "chat.answer-call", In(Chats), ["E"], "action-answer-escalation";
    AnswerMessage, "chat.answer", In(Chats), ["r"], "action-answer-message";
    ChatMenu, "chat.menu", In(Chats), ["m"], "action-chat-menu";
    // Messages.
    MessageMenu, "message.menu", OnMessage, ["M"], "action-message-menu";
    React, "message.react", OnMessage, ["+"], "action-react";
    EditMessage, "message.edit", OnMessage, ["c"], "action-edit-message";
    MessageHistory, "message.history", OnMessage, ["D"], "action-message-history";
    PinMessage, "message.pin", OnMessage, ["P"], "action-pin-message";
    CopyMessage, "message.copy", OnMessage, ["Y"], "action-copy-message";
    FollowLink, "message.follow", OnMessage, ["o"], "action-follow-link";
    JumpToAnswered, "message.answered", OnMessage, ["J"], "action-jump-answered";
    FindMessages, "message.find", OnMessage, ["/"], "action-find-messages";
    // Hands.
    Undo, "undo", Everywhere, ["z"], "action-undo";
    Repeat, "repeat", Everywhere, [";"], "action-repeat";
    JumpBack, "jump.back", Everywhere, ["ctrl-o", "alt-left"], "action-jump-back";
    JumpForward, "jump.forward", Everywhere, ["alt-right"], "action-jump-forward";
    Tour, "tour", Everywhere, ["g ?"], "action-tour";
    KeysHere, "keys", Everywhere, ["g k"], "action-keys-here";
    // Figures and screens to look at.
    ShowOverview, "pane.overview", Everywhere, ["6"], "action-show-overview";
    OverviewQueue, "pane.overview-queue", In(Overview), ["o"], "action-overview-queue";
    Wallboard, "pane.wallboard", Everywhere, ["ctrl-w b"], "action-wallboard";
    Watch, "pane.watch", Everywhere, ["ctrl-w o"], "action-watch";
    Desk, "pane.desk", Everywhere, ["ctrl-w d"], "action-desk";
    // The screen's parts, and one ticket after another.
    Zoom, "layout.zoom", Everywhere, ["ctrl-w z"], "action-zoom";
    Narrower, "layout.narrower", Everywhere, ["ctrl-w <"], "action-narrower";
    Wider, "layout.wider", Everywhere, ["ctrl-w >"], "action-wider";
    ResetLayout, "layout.reset", Everywhere, ["ctrl-w ="], "action-reset-layout";
    ToggleRail, "layout.rail", Everywhere, ["ctrl-w r"], "action-rail";
    ToggleMouse, "layout.mouse", Everywhere, ["ctrl-w m"], "action-mouse";
    FocusMode, "focus.mode", Everywhere, ["ctrl-w f"], "action-focus-mode";
    NextTicket, "ticket.next", Everywhere, ["N"], "action-next-ticket";
    // Finding.
    GoToAnything, "goto.anything", Everywhere, ["g a"], "action-goto-anything";
    GoToPerson, "goto.person", Everywhere, ["g p"], "action-goto-person";
    GoToQueue, "goto.queue", Everywhere, ["g q"], "action-goto-queue";
    GoToSite, "goto.site", Everywhere, ["g i"], "action-goto-site";
    GoToChat, "goto.chat", Everywhere, ["g c"], "action-goto-chat";
    // Saved views.
    PickView, "view.pick", In(Queues), ["f v"], "action-pick-view";
    SaveView, "view.save", In(Queues), ["f s"], "action-save-view";
    EditView, "view.edit", In(Queues), ["f e"], "action-edit-view";
    DeleteView, "view.delete", In(Queues), ["f d"], "action-delete-view";
    ClearFilter, "filter.clear", In(Queues), ["f c"], "action-clear-filter";
    // Found in all that one may read.
    Search, "search", Everywhere, ["ctrl-f", "g /"], "action-search";
}

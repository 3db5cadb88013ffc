//! Keys and answers in, effects out. Pure but for its own state.

use super::attach::{Attach, Step, completed, folder};
use super::load::{FileLoad, FileLoaded, Then};
use super::open::Opened;
use super::pager::{Pager, Turn};
use super::{FilesLayer, Shown, Top};
use crate::client::files::FileItem;
use crate::client::view::Changed;
use crate::console::effect::{Effect, Load};
use crate::console::key::{Key, KeyCode};
use crate::console::overlay::Prompt;
use crate::console::pane::Context;
use crate::console::widgets::list;
use crate::domain::access::may_work;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;

/// Files of one message.
const FILES_MAX: usize = crate::domain::file::FILES_MAX;

fn load(load: FileLoad) -> Effect {
    Effect::Load(Load::File(Box::new(load)))
}

fn toast(key: &'static str, text: impl Into<String>) -> Effect {
    Effect::Toast { key, args: vec![("text", text.into())] }
}

/// Cells of the layer within its border, on a screen of `size`.
#[must_use]
pub fn room(size: (u16, u16)) -> (u16, u16) {
    (size.0.saturating_sub(2).max(1), size.1.saturating_sub(6).max(1))
}

impl FilesLayer {
    /// Shows the files of a ticket.
    pub fn open(&mut self, ticket: TicketNumber) -> Vec<Effect> {
        self.shown =
            Some(Shown { ticket, files: Vec::new(), note: None, loaded: false, selected: 0, transfers: Vec::new(), top: Top::Nothing });
        vec![load(FileLoad::List(ticket)), load(FileLoad::Transfers)]
    }

    /// Takes every key while it is open. `size`: of the screen.
    pub fn key(&mut self, key: Key, size: (u16, u16), context: &Context<'_>) -> Vec<Effect> {
        let graphics = self.graphics;
        let Some(shown) = &mut self.shown else { return Vec::new() };
        let (width, height) = room(size);
        match &mut shown.top {
            Top::Nothing => {
                if matches!(key.code, KeyCode::Escape | KeyCode::Char('q')) {
                    self.shown = None;
                    return Vec::new();
                }
                shown.list_key(key, Then::View { width, height, graphics }, context)
            }
            Top::Text(_, pager) => match pager.key(key, usize::from(height)) {
                Turn::Stay => Vec::new(),
                Turn::Ask(page) => vec![load(page)],
                Turn::Close => shown.close_top(),
            },
            Top::Save(item, prompt) => match key.code {
                KeyCode::Escape => shown.close_top(),
                KeyCode::Enter => {
                    let (item, path) = (item.clone(), prompt.value().trim().to_owned());
                    if path.is_empty() {
                        return Vec::new();
                    }
                    shown.top = Top::Loading(item.clone());
                    vec![load(FileLoad::Fetch { item, then: Then::Save(path) })]
                }
                _ => {
                    prompt.edit(key);
                    Vec::new()
                }
            },
            Top::Attach(_) => shown.attach_key(key, context),
            Top::Loading(_) | Top::Picture(..) | Top::Bytes(..) => match key.code {
                KeyCode::Escape | KeyCode::Char('q') => shown.close_top(),
                _ => Vec::new(),
            },
        }
    }

    pub fn paste(&mut self, pasted: &str) {
        let Some(shown) = &mut self.shown else { return };
        match &mut shown.top {
            Top::Save(_, prompt) => prompt.paste(pasted),
            Top::Attach(attach) => match &mut attach.step {
                Step::Path { prompt, .. } | Step::Say { prompt } => prompt.paste(pasted.trim()),
            },
            Top::Text(_, pager) => {
                if let Some(typing) = &mut pager.typing {
                    typing.paste(pasted);
                }
            }
            _ => {}
        }
    }

    /// The desk changed: what is shown of it may be stale.
    pub fn changed(&self, changed: &Changed) -> Vec<Effect> {
        let Some(shown) = &self.shown else { return Vec::new() };
        let mut wanted = Vec::new();
        if changed.all || !changed.files.is_empty() {
            wanted.push(load(FileLoad::Transfers));
        }
        if changed.all || changed.tickets.contains(&shown.ticket) {
            wanted.push(load(FileLoad::List(shown.ticket)));
        }
        wanted
    }

    /// The screen has another size: a page is read anew, a picture is made anew.
    pub fn resized(&mut self, size: (u16, u16)) -> Vec<Effect> {
        let (width, height) = room(size);
        let graphics = self.graphics;
        match self.shown.as_mut().map(|shown| &mut shown.top) {
            Some(Top::Text(_, pager)) => vec![load(pager.resized(usize::from(height)))],
            Some(Top::Picture(item, _)) => vec![load(FileLoad::Fetch { item: item.clone(), then: Then::View { width, height, graphics } })],
            _ => Vec::new(),
        }
    }

    /// Takes an answer.
    pub fn loaded(&mut self, loaded: FileLoaded, context: &Context<'_>) -> Vec<Effect> {
        let Some(shown) = &mut self.shown else { return Vec::new() };
        match loaded {
            FileLoaded::List(ticket, files, note) if ticket == shown.ticket => {
                shown.selected = shown.selected.min(files.len().saturating_sub(1));
                (shown.files, shown.note, shown.loaded) = (files, note, true);
            }
            FileLoaded::Transfers(transfers) => shown.transfers = transfers,
            FileLoaded::Fetched(item, then, result) => return shown.fetched(item, then, result),
            FileLoaded::Page(answer) => {
                if let Top::Text(_, pager) = &mut shown.top {
                    pager.loaded(answer, context.locale.text("files-not-found").into_owned());
                }
            }
            FileLoaded::Paths(typed, list) => {
                if let Top::Attach(attach) = &mut shown.top
                    && let Step::Path { prompt, found, marked, completing, .. } = &mut attach.step
                    && prompt.value() == typed
                {
                    let longer = completed(&typed, &list).filter(|_| std::mem::take(completing));
                    (*found, *marked) = (list, None);
                    if let Some(longer) = longer {
                        prompt.set(&longer);
                        return vec![load(FileLoad::Paths(longer))];
                    }
                }
            }
            FileLoaded::Attached(result) => shown.attached(result),
            FileLoaded::List(..) => {}
        }
        Vec::new()
    }
}

impl Shown {
    fn close_top(&mut self) -> Vec<Effect> {
        let picture = matches!(self.top, Top::Picture(..));
        self.top = Top::Nothing;
        // A picture may stay on the terminal when only cells are written over it.
        if picture { vec![Effect::Redraw] } else { Vec::new() }
    }

    fn list_key(&mut self, key: Key, view: Then, context: &Context<'_>) -> Vec<Effect> {
        let last = self.files.len().saturating_sub(1);
        match key.code {
            KeyCode::Char('j') | KeyCode::Down => self.selected = (self.selected + 1).min(last),
            KeyCode::Char('k') | KeyCode::Up => self.selected = self.selected.saturating_sub(1),
            KeyCode::Char('d') if key.ctrl => self.selected = (self.selected + 10).min(last),
            KeyCode::Char('u') if key.ctrl => self.selected = self.selected.saturating_sub(10),
            KeyCode::PageDown => self.selected = (self.selected + 10).min(last),
            KeyCode::PageUp => self.selected = self.selected.saturating_sub(10),
            KeyCode::Char('g') | KeyCode::Home => self.selected = 0,
            KeyCode::Char('G') | KeyCode::End => self.selected = last,
            KeyCode::Char('a') if !may_work(context.me) => {
                return vec![Effect::Toast { key: "disabled-viewer", args: Vec::new() }];
            }
            KeyCode::Char('a') => {
                return self.attach(context);
            }
            KeyCode::Enter => return self.fetch(view),
            KeyCode::Char('o') => return self.fetch(Then::Outside),
            KeyCode::Char('y') => return self.fetch(Then::CopyPath),
            KeyCode::Char('s') => {
                if let Some(item) = self.files.get(self.selected).filter(|item| item.file.is_some()) {
                    let first = format!("~/{}", item.name);
                    self.top = Top::Save(item.clone(), Prompt::new(first));
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn attach(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.top = Top::Attach(Box::new(Attach::new(context.history.of("attach").last().map(String::as_str))));
        self.list_paths()
    }

    /// Asks what the path in the prompt may go on to.
    fn list_paths(&self) -> Vec<Effect> {
        let Top::Attach(attach) = &self.top else { return Vec::new() };
        match &attach.step {
            Step::Path { prompt, .. } => vec![load(FileLoad::Paths(prompt.value().to_owned()))],
            Step::Say { .. } => Vec::new(),
        }
    }

    fn fetch(&mut self, then: Then) -> Vec<Effect> {
        let Some(item) = self.files.get(self.selected).cloned() else { return Vec::new() };
        if item.file.is_none() {
            // The channel keeps it: only its address is here.
            return vec![Effect::Copy(item.url.clone()), toast("files-foreign", item.url)];
        }
        if matches!(then, Then::View { .. }) {
            self.top = Top::Loading(item.clone());
        }
        vec![load(FileLoad::Fetch { item, then })]
    }

    fn fetched(&mut self, item: FileItem, then: Then, result: Result<super::Fetched, String>) -> Vec<Effect> {
        let waited = matches!(&self.top, Top::Loading(waiting) | Top::Picture(waiting, _) if waiting.file == item.file);
        let fetched = match result {
            Ok(fetched) => fetched,
            Err(why) => {
                if waited {
                    self.top = Top::Nothing;
                }
                return vec![toast("files-failed", why)];
            }
        };
        let path = fetched.path.display().to_string();
        match (then, fetched.opened) {
            // Escape came first.
            (Then::View { .. }, _) if !waited => Vec::new(),
            (Then::View { .. }, Some(Opened::Text { path, page, mark })) => {
                self.top = Top::Text(item, Box::new(Pager::new(path, page, mark)));
                Vec::new()
            }
            (Then::View { .. }, Some(Opened::Bytes { lines, why })) => {
                self.top = Top::Bytes(item, lines);
                why.map(|why| toast("files-no-picture", why)).into_iter().collect()
            }
            (Then::View { .. }, Some(picture)) => {
                self.top = Top::Picture(item, picture);
                Vec::new()
            }
            (Then::View { .. }, None) => Vec::new(),
            (Then::CopyPath, _) => vec![Effect::Copy(path.clone()), toast("files-copied", path)],
            (Then::Outside, _) => vec![toast("files-outside", item.name)],
            (Then::Save(_), _) => {
                self.top = Top::Nothing;
                vec![toast("files-saved", path)]
            }
        }
    }

    fn attach_key(&mut self, key: Key, context: &Context<'_>) -> Vec<Effect> {
        let Top::Attach(attach) = &mut self.top else { return Vec::new() };
        match &mut attach.step {
            Step::Path { prompt, found, marked, completing, note, busy } => match key.code {
                KeyCode::Escape if marked.is_some() => *marked = None,
                KeyCode::Escape => {
                    if attach.files.is_empty() {
                        self.top = Top::Nothing;
                    } else {
                        attach.step = Step::Say { prompt: Prompt::new(String::new()) };
                    }
                }
                KeyCode::Enter if *busy => {}
                KeyCode::Enter => {
                    if let Some(path) = marked.take().and_then(|index| found.get(index)) {
                        prompt.set(path);
                    }
                    if prompt.value().ends_with('/') {
                        // Into the folder: a folder itself cannot be sent.
                        return vec![load(FileLoad::Paths(prompt.value().to_owned()))];
                    }
                    (*note, *busy) = (None, true);
                    let path = prompt.value().trim().to_owned();
                    let said = folder(&path).map(|text| Effect::Remember { what: "attach", text: text.to_owned() });
                    return said.into_iter().chain([load(FileLoad::Attach(path))]).collect();
                }
                KeyCode::Down | KeyCode::Up => *marked = list::step(*marked, if key.code == KeyCode::Down { 1 } else { -1 }, found.len()),
                KeyCode::Tab if marked.is_some() || (!*completing && completed(prompt.value(), found).is_none() && found.len() > 1) => {
                    *marked = list::step(*marked, if key.shift { -1 } else { 1 }, found.len());
                }
                KeyCode::Tab => {
                    *completing = true;
                    return vec![load(FileLoad::Paths(prompt.value().to_owned()))];
                }
                _ => {
                    let old = prompt.value().to_owned();
                    if prompt.edit(key) && prompt.value() != old {
                        (*marked, *completing) = (None, false);
                        return vec![load(FileLoad::Paths(prompt.value().to_owned()))];
                    }
                }
            },
            Step::Say { prompt } => match key.code {
                KeyCode::Escape => self.top = Top::Nothing,
                KeyCode::Tab => {
                    attach.visibility = if attach.visibility == Visibility::Public { Visibility::Internal } else { Visibility::Public };
                }
                KeyCode::Char('a') if key.ctrl && attach.files.len() < FILES_MAX => {
                    let fresh = Attach::new(context.history.of("attach").last().map(String::as_str));
                    attach.step = fresh.step;
                    return self.list_paths();
                }
                KeyCode::Enter => {
                    let target = MessageTarget::Ticket { number: self.ticket };
                    let text = prompt.value().trim().to_owned();
                    let files = attach.files.iter().map(|file| file.id).collect();
                    let post = PostMessage { files, ..PostMessage::new(target, (context.new_id)().into(), attach.visibility, text) };
                    let names = attach.names();
                    self.top = Top::Nothing;
                    let command = Box::new(Command::PostMessage(Box::new(post)));
                    return vec![Effect::Submit { command, base_version: None }, toast("files-sending", names)];
                }
                _ => {
                    prompt.edit(key);
                }
            },
        }
        Vec::new()
    }

    fn attached(&mut self, result: Result<crate::client::files::local::Local, String>) {
        let Top::Attach(attach) = &mut self.top else { return };
        match result {
            Ok(local) => {
                attach.files.push(local);
                attach.step = Step::Say { prompt: Prompt::new(String::new()) };
            }
            Err(why) => {
                if let Step::Path { note, busy, .. } = &mut attach.step {
                    (*note, *busy) = (Some(why), false);
                }
            }
        }
    }
}

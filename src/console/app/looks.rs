//! What the console wears: the theme, tried on while it is chosen, changed with the terminal where it is to follow it, and the
//! last touch to every frame.

use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::model::{Model, Owner};
use super::update::toast;
use crate::console::config::Colours;
use crate::console::effect::Choice;
use crate::console::glyphs;
use crate::console::locale::Language;
use crate::console::memory::Chosen;
use crate::console::overlay::{Overlay, Picker};
use crate::console::theme::{AUTO, Kind, Theme, Wardrobe};

/// All themes, and which is worn.
pub struct Looks {
    pub wardrobe: Wardrobe,
    /// What the terminal is, as far as it said.
    pub scheme: Option<Kind>,
    /// What was worn before others were tried on.
    before: Option<Theme>,
}

impl Looks {
    #[must_use]
    pub fn new(wardrobe: Wardrobe, scheme: Option<Kind>) -> Self {
        Self { wardrobe, scheme, before: None }
    }

    /// The theme to wear, as the terminal can show it; none when the one that was chosen cannot be used.
    #[must_use]
    pub fn theme(&self, colours: Colours) -> Option<Theme> {
        // A theme that is worn is kept even where its file went away since.
        let only = |theme: &Theme| theme.name == self.wardrobe.chosen;
        let theme = self.wardrobe.theme(&self.wardrobe.chosen, self.scheme).ok();
        let theme = theme.or_else(|| Some(&self.wardrobe.dark).filter(|theme| only(theme)).cloned());
        theme.map(|theme| theme.at(colours))
    }
}

/// The last touch to a frame: the signs the terminal has, and the theme's own ground.
pub fn finish(model: &Model, buffer: &mut Buffer) {
    glyphs::apply(buffer, model.screen.glyphs);
    model.shared.theme.paint(buffer);
    if model.screen.colours == Colours::None {
        // What has colours of its own, such as a kind of shift, is said in words as well.
        for cell in &mut buffer.content {
            (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
        }
    }
}

/// The terminal says that it is dark, or light.
pub fn told(model: &mut Model, scheme: Kind) {
    model.looks.scheme = Some(scheme);
    if model.looks.wardrobe.chosen == AUTO {
        wear(model);
    }
}

/// Another set of themes; whether that changed anything.
pub fn replace(model: &mut Model, wardrobe: Wardrobe) -> bool {
    let before = std::mem::replace(&mut model.looks.wardrobe, wardrobe);
    let worn = model.shared.theme.clone();
    wear(model);
    let chosen = model.looks.before.as_ref().unwrap_or(&model.shared.theme);
    worn != *chosen || before.gallery != model.looks.wardrobe.gallery
}

fn wear(model: &mut Model) {
    let Some(theme) = model.looks.theme(model.screen.colours) else { return };
    if model.looks.before.is_some() {
        // Others are being tried on: this is what comes back.
        model.looks.before = Some(theme);
    } else {
        model.shared.theme = theme;
    }
}

/// Opens the list of themes, the cursor on the one that is worn.
pub fn pick(model: &mut Model) {
    let locale = &model.shared.locale;
    let wardrobe = &model.looks.wardrobe;
    let said = |theme: &Theme| match locale.language {
        Language::English => theme.description[0].clone(),
        Language::Chinese => theme.description[1].clone(),
    };
    let choice = |name: String| {
        let (hint, disabled) = match wardrobe.gallery.get(&name) {
            Ok(theme) if wardrobe.gallery.is_own(&name) => {
                (format!("{} {}", locale.text("looks-own"), said(&theme)).trim_end().to_owned(), None)
            }
            Ok(theme) => (said(&theme), None),
            Err(error) => (String::new(), Some(locale.with("looks-broken", &[("why", &error.to_string())]))),
        };
        Choice { label: name.clone(), value: name, hint, disabled }
    };
    let auto = Choice {
        value: AUTO.to_owned(),
        label: AUTO.to_owned(),
        hint: locale.with("looks-auto", &[("dark", &wardrobe.dark.name), ("light", &wardrobe.light.name)]),
        disabled: None,
    };
    let choices = std::iter::once(auto).chain(wardrobe.gallery.names().into_iter().map(choice)).collect();
    let mut picker = Picker::new(choices, &[]);
    picker.highlight(&wardrobe.chosen);
    let title = locale.text("ask-theme").into_owned();
    model.overlays.push(Overlay::picker(Owner::App, "theme", title, picker));
}

/// While themes are listed the one under the cursor is worn; when the list was left, what was worn before.
pub fn follow(model: &mut Model) {
    let listed = model.overlays.last().filter(|overlay| overlay.id == "theme");
    let Some(name) = listed.map(|overlay| overlay.highlighted().map(str::to_owned)) else {
        if model.overlays.iter().all(|overlay| overlay.id != "theme")
            && let Some(before) = model.looks.before.take()
        {
            model.shared.theme = before;
        }
        return;
    };
    let worn = model.looks.before.get_or_insert_with(|| model.shared.theme.clone()).clone();
    let tried = name.and_then(|name| model.looks.wardrobe.theme(&name, model.looks.scheme).ok());
    model.shared.theme = tried.map_or(worn, |theme| theme.at(model.screen.colours));
}

/// A theme was chosen: it stays, and is remembered.
pub fn picked(model: &mut Model, name: &str) {
    match model.looks.wardrobe.theme(name, model.looks.scheme) {
        Ok(theme) => {
            model.looks.before = None;
            model.shared.theme = theme.at(model.screen.colours);
            name.clone_into(&mut model.looks.wardrobe.chosen);
            model.memory.choose(Chosen::Theme(name.to_owned()));
        }
        Err(error) => toast(model, "toast-failed", &[("why", error.to_string())]),
    }
}

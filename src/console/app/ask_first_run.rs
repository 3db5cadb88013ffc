//! Shows the first-run form until it is filled in or left.

use crate::console::config::Colours;
use crate::console::first_run::{FirstRun, FirstRunForm, Progress};
use crate::console::locale::{Language, Locale};
use crate::console::terminal::{Event, Screen, TerminalError};
use crate::console::theme::{AUTO, Kind, Theme};

use super::model::Msg;

/// Asks the person who starts dutydesk here for the first time, in as many colours as the terminal has; `None` when they leave.
///
/// # Errors
/// When there is no terminal.
pub async fn ask_first_run(name: &str, language: Language, colours: Colours) -> Result<Option<FirstRun>, TerminalError> {
    let mut screen = Screen::enter(false)?;
    let mut form = FirstRunForm::new(name, language);
    let outcome = loop {
        let locale = Locale::new(form.language());
        let name = match form.theme() {
            AUTO if screen.scheme() == Some(Kind::Light) => "light",
            AUTO => "dark",
            name => name,
        };
        let theme = Theme::built_in(name).expect("the form offers built-in themes").at(colours);
        screen.draw("dutydesk", |frame| {
            if let Some(caret) = form.draw(frame, frame.area(), &locale, &theme) {
                frame.set_cursor_position(caret);
            }
            theme.paint(frame.buffer_mut());
        })?;
        let progress = match screen.next().await {
            None | Some(Event::Stop) => break None,
            Some(Event::Input(Msg::Key(key))) => form.key(key),
            Some(Event::Input(Msg::Paste(text))) => {
                form.paste(&text);
                Progress::Going
            }
            Some(Event::Input(Msg::Resize(..))) => {
                screen.clear()?;
                Progress::Going
            }
            Some(Event::Input(_)) => Progress::Going,
        };
        match progress {
            Progress::Going => {}
            Progress::Done(chosen) => break Some(chosen),
            Progress::Left => break None,
        }
    };
    screen.leave();
    Ok(outcome)
}

//! Every option of `config.toml`, told once: the commented default, the list, the check for unknown keys and the documentation
//! are made from this table.

use std::fmt::Write;

use serde::Serialize;

use crate::console::locale::Language;

/// One option.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OptionSpec {
    /// The table it stands in; empty above all tables.
    pub table: &'static str,
    pub key: &'static str,
    /// What may be written, as people read it.
    pub kind: &'static str,
    /// As written in TOML; empty where absent is the default.
    pub default: &'static str,
    /// An example where there is no default.
    pub example: &'static str,
    /// In English and in Chinese.
    pub what: [&'static str; 2],
    /// What goes before it: the option of the command line and the variable.
    pub before: Option<(&'static str, &'static str)>,
}

impl OptionSpec {
    /// `screen.mouse`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.table.is_empty() { self.key.to_owned() } else { format!("{}.{}", self.table, self.key) }
    }
}

macro_rules! options {
    (@before) => { None };
    (@before $option:literal $variable:literal) => { Some(($option, $variable)) };
    ($($table:literal $key:literal: $kind:literal, default $default:literal, example $example:literal, $en:literal, $zh:literal $(, before $option:literal $variable:literal)?;)+) => {
        /// All of them, in the order of the file.
        pub const OPTIONS: &[OptionSpec] = &[$(OptionSpec {
            table: $table, key: $key, kind: $kind, default: $default, example: $example, what: [$en, $zh],
            before: options!(@before $($option $variable)?),
        }),+];
    };
}

options! {
    "" "language": "en or zh-CN", default "", example "\"en\"",
        "The console's language; absent: the system's.", "控制台语言；不写则随系统。", before "--language" "DUTYDESK_LANGUAGE";
    "" "theme": "auto or a theme's name", default "\"auto\"", example "\"warm-dark\"",
        "Colours; auto follows the terminal's light or dark.", "配色主题；auto 跟随终端的深浅。", before "--theme" "DUTYDESK_THEME";
    "" "dark-theme": "a theme's name", default "\"dark\"", example "\"soft-dark\"",
        "The theme of auto in a dark terminal.", "auto 在深色终端中的主题。";
    "" "light-theme": "a theme's name", default "\"light\"", example "\"soft-light\"",
        "The theme of auto in a light terminal.", "auto 在浅色终端中的主题。";
    "" "profile": "a profile's name", default "", example "\"work\"",
        "The desk to open; `dutydesk profile use` sets it.", "要打开的服务台；由 `dutydesk profile use` 设置。", before "--profile" "";
    "screen" "mouse": "true or false", default "true", example "false",
        "Clicks, wheel and dragging work in the console; false leaves the mouse to the terminal.", "控制台使用鼠标；false 则留给终端。";
    "screen" "frames-per-second": "1 to 60", default "30", example "10",
        "Most frames a second for news of the desk; keys draw at once.", "服务台动态每秒最多绘制的帧数；按键立即绘制。";
    "screen" "low-bandwidth": "true or false", default "", example "true",
        "Fewer bytes for slow links; absent: over SSH only.", "为慢速链路减少字节；不写则仅在 SSH 时。";
    "screen" "reduced-motion": "true or false", default "false", example "true",
        "Nothing moves by itself but what changed.", "除变化外，屏幕上没有自行移动的内容。";
    "screen" "linear": "true or false", default "false", example "true",
        "For screen readers: no boxes, one thing a line.", "供读屏软件使用：无边框，一行一事。";
    "screen" "glyphs": "unicode, ascii or nerd-font", default "\"unicode\"", example "\"ascii\"",
        "The signs of frames, marks and bars.", "边框、标记和条形所用的符号。";
    "screen" "ambiguous-width": "narrow or wide", default "\"narrow\"", example "\"wide\"",
        "How wide the terminal draws signs such as … and “.", "终端以多宽显示 … “ 之类的符号。";
    "screen" "colours": "auto, true-colour, 256, 16 or none", default "\"auto\"", example "\"256\"",
        "How many colours are shown; auto asks NO_COLOR, COLORTERM and TERM.", "显示多少颜色；auto 依据 NO_COLOR、COLORTERM 和 TERM。";
}

/// The file that `config init` writes: every option as a comment, so that defaults may change under those who set nothing.
#[must_use]
pub fn default_file(language: Language) -> String {
    let chinese = usize::from(language == Language::Chinese);
    let heads = [
        "Settings of dutydesk. Take the # away from a line to set it; saving is enough, no restart.",
        "dutydesk 的设置。去掉行首的 # 即生效；保存即可，无需重启。",
    ];
    let mut out = format!("# {}\n", heads[chinese]);
    let mut table = "";
    for option in OPTIONS {
        if option.table != table {
            table = option.table;
            // Writing into a string cannot fail, here and below.
            let _ = write!(out, "\n[{table}]");
            out.push('\n');
        }
        let value = if option.default.is_empty() { option.example } else { option.default };
        let _ = write!(out, "\n# {}\n# {}\n#{} = {value}\n", option.what[chinese], option.kind, option.key);
    }
    out
}

/// The table of the documentation.
#[must_use]
pub fn markdown() -> String {
    let mut out = "| Option | Type | Default | What it does |\n|---|---|---|---|\n".to_owned();
    for option in OPTIONS {
        let before = match option.before {
            Some((flag, "")) => format!(" `{flag}` goes before it."),
            Some((flag, variable)) => format!(" `{flag}` and `{variable}` go before it."),
            None => String::new(),
        };
        let default = if option.default.is_empty() { "(absent)".to_owned() } else { format!("`{}`", option.default) };
        let _ = writeln!(out, "| `{}` | {} | {default} | {}{before} |", option.name(), option.kind, option.what[0]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::config::Config;

    /// The default file with every option switched on.
    fn switched_on(values: impl Fn(&OptionSpec) -> &'static str) -> String {
        let mut out = String::new();
        let mut table = "";
        for option in OPTIONS {
            if option.table != table {
                table = option.table;
                out.push_str(&format!("[{table}]\n"));
            }
            out.push_str(&format!("{} = {}\n", option.key, values(option)));
        }
        out
    }

    #[test]
    fn the_default_file_says_nothing_and_every_line_of_it_is_valid() {
        for language in Language::ALL {
            let file = default_file(language);
            assert_eq!(toml::from_str::<Config>(&file).unwrap(), Config::default());
            let bare: String = file
                .lines()
                .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
                .map(|line| format!("{line}\n"))
                .collect();
            toml::from_str::<Config>(&bare).unwrap();
        }
        toml::from_str::<Config>(&switched_on(|option| option.example)).unwrap();
    }

    #[test]
    fn defaults_are_what_the_console_does() {
        let written = switched_on(|option| if option.default.is_empty() { option.example } else { option.default });
        let config: Config = toml::from_str(&written).unwrap();
        let mut screen = config.screen;
        screen.low_bandwidth = None;
        assert_eq!(screen, Config::default().screen);
    }

    #[test]
    fn the_table_has_every_key_that_the_file_may_have() {
        for table in ["", "screen"] {
            let text =
                if table.is_empty() { "nothing-of-the-kind = 1\n".to_owned() } else { format!("[{table}]\nnothing-of-the-kind = 1\n") };
            let error = toml::from_str::<Config>(&text).unwrap_err();
            let named: Vec<&str> = error.message().split('`').skip(1).step_by(2).skip(1).filter(|key| *key != "screen").collect();
            let mut listed: Vec<&str> = OPTIONS.iter().filter(|option| option.table == table).map(|option| option.key).collect();
            let mut named = named;
            named.sort_unstable();
            listed.sort_unstable();
            assert_eq!(named, listed);
        }
    }
}

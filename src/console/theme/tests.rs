//! The contract of every theme: complete, readable, its states apart, whatever the terminal shows.

use std::collections::BTreeMap;

use super::*;
use crate::console::config::Colours;

/// Drawn, not read, or read only in passing: WCAG asks 3:1 of what is not text.
const NOT_READ: [Role; 2] = [Role::Border, Role::BorderFocused];
/// Told apart by everybody at a glance.
const STATES: [Role; 3] = [Role::Good, Role::Warning, Role::Danger];
const APART: f64 = 20.0;

fn all() -> Vec<Theme> {
    Theme::built_in_names().into_iter().map(|name| Theme::built_in(name).unwrap_or_else(|error| panic!("{name}: {error}"))).collect()
}

/// What stands on what: reversed where the style is.
fn pair(theme: &Theme, role: Role) -> Option<(Rgb, Rgb)> {
    let style = theme.style(role);
    let ink = style.fg.and_then(Rgb::of)?;
    let ground = style.bg.or_else(|| theme.style(Role::Text).bg.filter(|_| theme.paint)).and_then(Rgb::of);
    Some((ink, ground.unwrap_or(theme.background)))
}

#[test]
fn there_are_enough_of_every_kind() {
    let themes = all();
    assert!(themes.len() >= 8);
    for kind in [Kind::Dark, Kind::Light] {
        assert!(themes.iter().filter(|theme| theme.kind == kind).count() >= 4);
    }
}

#[test]
fn every_theme_names_every_role_and_itself() {
    for (name, text) in BUILT_IN {
        let theme = Theme::parse(name, text).unwrap();
        for role in Role::ALL {
            assert!(theme.looks.contains_key(role), "{name} does not say how `{}` looks", role.name());
        }
        assert!(theme.description.iter().all(|text| !text.is_empty()), "{name} has no description");
        assert!(text.contains("name = ") && text.contains("kind = ") && text.contains("background = "), "{name} has no head");
        assert_eq!(theme.background.luminance() < 0.2, theme.kind == Kind::Dark, "{name}: kind and background do not agree");
    }
}

#[test]
fn every_file_in_the_folder_is_built_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let mut known: Vec<_> = Theme::built_in_names().iter().map(|name| format!("{name}.toml")).collect();
    files.sort();
    known.sort();
    assert_eq!(files, known);
}

#[test]
fn text_stands_out_from_its_background() {
    for theme in all() {
        for colours in [Colours::True, Colours::Indexed] {
            let shown = theme.at(colours);
            for role in Role::ALL {
                let Some((ink, ground)) = pair(&shown, *role) else { continue };
                let need = match () {
                    () if NOT_READ.contains(role) => 3.0,
                    () if theme.name.starts_with("high-contrast") => 7.0,
                    // One of the sixteen is the terminal's own: xterm's is only the likeliest.
                    () if !matches!(shown.style(*role).fg, Some(Color::Rgb(..) | Color::Indexed(_))) => 4.0,
                    () => 4.5,
                };
                let contrast = ink.contrast(ground);
                assert!(contrast >= need, "{} {} at {colours:?}: {contrast:.2}:1, needs {need}:1", theme.name, role.name());
            }
        }
    }
}

#[test]
fn states_are_apart_at_every_depth() {
    for theme in all() {
        for colours in [Colours::True, Colours::Indexed, Colours::Sixteen, Colours::None] {
            let shown = theme.at(colours);
            for (index, a) in STATES.iter().enumerate() {
                for b in &STATES[index + 1..] {
                    let place = format!("{} at {colours:?}: {a:?} and {b:?}", theme.name);
                    assert_ne!(shown.style(*a), shown.style(*b), "{place}");
                    // 240 colours are not as finely apart.
                    let need = if colours == Colours::Indexed { 15.0 } else { APART };
                    if let (Some((a, _)), Some((b, _))) = (pair(&shown, *a), pair(&shown, *b)) {
                        assert!(a.distance(b) >= need, "{place} are {:.0} apart", a.distance(b));
                    }
                }
            }
            assert_ne!(shown.style(Role::Public), shown.style(Role::Internal), "{} at {colours:?}", theme.name);
        }
    }
}

/// Machado, Oliveira and Fernandes (2009), full severity, in linear light.
const DEUTERANOPIA: [[f64; 3]; 3] =
    [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]];
const PROTANOPIA: [[f64; 3]; 3] =
    [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]];

fn seen(rgb: Rgb, eye: &[[f64; 3]; 3]) -> Rgb {
    let linear = [rgb.0, rgb.1, rgb.2].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    let [r, g, b] = [0, 1, 2].map(|row| {
        let part: f64 = eye[row].iter().zip(linear).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0);
        let part = if part <= 0.003_130_8 { part * 12.92 } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 };
        // Within 0 and 255 by the clamp above.
        (part * 255.0).round() as u8
    });
    Rgb(r, g, b)
}

#[test]
fn the_colour_blind_themes_keep_states_apart_for_every_eye() {
    for theme in all().into_iter().filter(|theme| theme.name.starts_with("colour-blind")) {
        for colours in [Colours::True, Colours::Indexed, Colours::Sixteen] {
            let shown = theme.at(colours);
            let inks = STATES.map(|role| pair(&shown, role).unwrap().0);
            for (name, eye) in [("deuteranopia", &DEUTERANOPIA), ("protanopia", &PROTANOPIA)] {
                for (index, a) in inks.iter().enumerate() {
                    for (other, b) in inks.iter().enumerate().skip(index + 1) {
                        let apart = seen(*a, eye).distance(seen(*b, eye));
                        let place = format!("{} at {colours:?} with {name}: {:?} and {:?}", theme.name, STATES[index], STATES[other]);
                        assert!(apart >= APART, "{place} are {apart:.0} apart");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_wrong_names_line_role_and_nearest() {
    let text =
        "inherits = \"dark\"\nkind = \"dork\"\nwarnin = { fg = \"red\" }\ngood = { fg = \"gren\" }\ndanger = { bolt = true }\ndim = 3\n";
    let ThemeError::Wrong(mistakes) = Theme::parse("own", text).unwrap_err() else { panic!("mistakes") };
    let found = |line: usize| mistakes.iter().find(|one| one.line == line).unwrap_or_else(|| panic!("line {line}: {mistakes:?}"));
    assert!(found(2).what.contains("dark"));
    assert!(found(3).what.contains("no role `warnin`") && found(3).what.contains("warning"), "{:?}", found(3));
    assert!(found(4).what.contains("`gren` is not a colour") && found(4).what.contains("green"), "{:?}", found(4));
    assert!(found(5).what.contains("bold"), "{:?}", found(5));
    assert!(found(6).what.contains("role `dim` is a table"), "{:?}", found(6));
    assert_eq!(mistakes.len(), 5);
    let error = Theme::parse("own", "text = {\nfg = ").unwrap_err().to_string();
    assert!(error.contains("line "), "{error}");
    let error = Theme::parse("own", "\ninherits = \"drak\"\n").unwrap_err().to_string();
    assert!(error.contains("line 2") && error.contains("Did you mean dark"), "{error}");
}

#[test]
fn a_theme_inherits_what_it_does_not_say() {
    let own =
        Theme::parse("own", "inherits = \"warm-dark\"\ndanger = { fg = \"sun\", bold = true }\n[palette]\nsun = \"#ff8800\"\n").unwrap();
    let warm = Theme::built_in("warm-dark").unwrap();
    assert_eq!(own.style(Role::Good), warm.style(Role::Good));
    assert_eq!(own.style(Role::Danger).fg, Some(Color::Rgb(0xff, 0x88, 0)));
    assert_eq!((own.kind, own.background, own.paint), (warm.kind, warm.background, true));
    assert_eq!(own.name, "own");
}

#[test]
fn own_themes_inherit_from_each_other_but_not_in_a_ring() {
    let texts = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let gallery = Gallery::new(&texts(&[
        ("dark", "inherits = \"dark\"\ngood = { fg = \"blue\" }\n"),
        ("night", "inherits = \"dark\"\n"),
        ("a", "inherits = \"b\"\n"),
        ("b", "inherits = \"a\"\n"),
    ]));
    assert_eq!(gallery.get("night").unwrap().style(Role::Good).fg, Some(Color::Blue), "one's own dark goes before the built-in one");
    assert!(gallery.get("a").unwrap_err().to_string().contains("ring"));
    assert_eq!(gallery.broken().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "b"]);
    assert!(gallery.get("nigth").unwrap_err().to_string().contains("night"));
    assert_eq!(gallery.names().iter().filter(|name| *name == "dark").count(), 1);
}

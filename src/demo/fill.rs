//! Fills `{variables}` in the content's texts.

use std::collections::BTreeMap;

/// Values by variable name.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables(BTreeMap<&'static str, String>);

impl Variables {
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name, value.into());
    }

    /// `text` with every `{name}` replaced. A name nobody set stays as it is; tests hold that none does.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let known = after.split_once('}').and_then(|(name, tail)| Some((self.0.get(name)?, tail)));
            match known {
                Some((value, tail)) => {
                    filled.push_str(value);
                    rest = tail;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::Variables;

    #[test]
    fn fills_what_is_known_and_keeps_the_rest() {
        let mut variables = Variables::default();
        variables.set("pump", "4");
        assert_eq!(variables.fill("pump {pump}, {tank}, {pump}{"), "pump 4, {tank}, 4{");
        assert_eq!(variables.fill(""), "");
        assert_eq!(variables.fill("{pump}号枪"), "4号枪");
    }
}

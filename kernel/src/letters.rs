//! Letters in lower case, as Python's `str.lower` writes them. Which letters have a case
//! depends on the version of Unicode that Python and Rust were built with: where a text
//! holds others than those that every version writes alike, nothing is said.

/// Whether every version of Unicode from 8 on lowers a character alike, by itself: letters
/// up to Cyrillic but the sigma, whose form depends on its neighbours, and what has no case.
fn is_sure(c: char) -> bool {
    matches!(c,
        '\0'..='\u{3a2}' | '\u{3a4}'..='\u{52f}'  // Latin, Greek, Cyrillic
        | '\u{590}'..='\u{6ff}' | '\u{e00}'..='\u{e7f}'  // Hebrew, Arabic, Thai
        | '\u{2000}'..='\u{20cf}' | '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{27bf}'
        | '\u{2e80}'..='\u{a48c}' | '\u{ac00}'..='\u{d7a3}'  // Chinese, Japanese, Korean
        | '\u{f900}'..='\u{faff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ff01}'..='\u{ff20}'
        | '\u{fff9}'..='\u{fffd}' | '\u{1f300}'..='\u{1faff}')
}

/// Adds a text in lower case to `out`; None where that is not sure.
pub fn lower(text: &str, out: &mut Vec<u8>) -> Option<()> {
    if text.is_ascii() {
        let start = out.len();
        out.extend_from_slice(text.as_bytes());
        out[start..].make_ascii_lowercase();
        return Some(());
    }
    let mut coded = [0; 4];
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase() as u8);
        } else if is_sure(c) {
            for small in c.to_lowercase() {
                out.extend_from_slice(small.encode_utf8(&mut coded).as_bytes());
            }
        } else {
            return None;
        }
    }
    Some(())
}

/// Whether Python may take a character beyond ASCII for a digit (`str.isdigit`): those that
/// some version of Unicode has for one, and what lies where later ones put more.
pub fn may_be_digit(c: char) -> bool {
    c.is_numeric()
        || (c > '\u{ffff}' && !c.is_alphabetic() && !matches!(c, '\u{1f300}'..='\u{1faff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(text: &str) -> Option<String> {
        let mut out = Vec::new();
        lower(text, &mut out)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn what_is_sure_is_lowered() {
        assert_eq!(lowered("ABC-1").as_deref(), Some("abc-1"));
        assert_eq!(
            lowered("\u{c4}\u{416} \u{4e2d}").as_deref(),
            Some("\u{e4}\u{436} \u{4e2d}")
        );
        assert_eq!(lowered("\u{130}").as_deref(), Some("i\u{307}"));
    }

    #[test]
    fn nothing_is_said_of_others() {
        for text in ["\u{3a3}", "\u{212a}", "\u{10a0}", "\u{1e00}", "\u{16ea0}"] {
            assert_eq!(lowered(text), None);
        }
    }

    #[test]
    fn digits_are_known() {
        assert!(may_be_digit('\u{661}') && may_be_digit('\u{b2}') && may_be_digit('\u{1d7d8}'));
        assert!(!may_be_digit('\u{e4}') && !may_be_digit('\u{2013}') && !may_be_digit('\u{1f600}'));
    }
}

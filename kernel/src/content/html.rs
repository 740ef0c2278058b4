//! HTML cut at its angle brackets: its tags, and what it shows between them
//! (evidence/content.py).

use std::borrow::Cow;

use super::search::{find, has_letters, run, stands_at};
use crate::memory;

const LONGEST_NAME: usize = 20; // of a tag, behind its first letter
const LONGEST_TAG: usize = 4_000; // characters behind the name
const HIDING: [&[u8]; 3] = [b"script", b"style", b"title"];

/// HTML without comments and what lies between the tags of script, style and title, by the
/// places of its opening angle brackets. None where such a tag may be written with letters
/// beyond ASCII, as Python reads it.
pub fn visible<'a>(rich: &'a str, brackets: &[usize]) -> Option<Cow<'a, str>> {
    let bytes = rich.as_bytes();
    let mut kept = String::new();
    let mut start = 0;
    let mut opened: Option<&[u8]> = None;
    for &found in brackets {
        let Some(mark) = mark(bytes, found)? else {
            continue;
        };
        if found < start {
            continue; // within a comment or a closing tag
        }
        if opened.is_none() && !mark.closing {
            kept.push_str(&rich[start..found]);
            opened = mark.name;
            if mark.name.is_none() {
                start = behind(bytes, b"-->", mark.end);
            }
        } else if opened.is_some() && mark.closing && mark.name == opened {
            opened = None;
            start = behind(bytes, b">", mark.end);
        }
    }
    if start == 0 && opened.is_none() {
        return Some(Cow::Borrowed(rich));
    }
    if opened.is_none() {
        kept.push_str(&rich[start..]);
    }
    Some(Cow::Owned(kept))
}

struct Mark {
    name: Option<&'static [u8]>, // None for a comment
    closing: bool,
    end: usize,
}

/// What hides text, at an angle bracket. None where it is left to Python.
#[allow(clippy::option_option)]
fn mark(bytes: &[u8], bracket: usize) -> Option<Option<Mark>> {
    if stands_at(bytes, b"<!--", bracket) {
        return Some(Some(Mark {
            name: None,
            closing: false,
            end: bracket + 4,
        }));
    }
    let closing = bytes.get(bracket + 1) == Some(&b'/');
    let start = bracket + 1 + usize::from(closing);
    // a long "s" counts as one where case is not looked at
    if !matches!(bytes.get(start), Some(b's' | b'S' | b't' | b'T' | 0xc5)) {
        return Some(None);
    }
    for name in HIDING {
        let end = start + name.len();
        if has_letters(bytes, start, name) {
            match bytes.get(end) {
                Some(&byte) if byte.is_ascii_alphanumeric() || byte == b'_' => return Some(None),
                Some(128..) => return None,
                _ => (),
            }
            return Some(Some(Mark {
                name: Some(name),
                closing,
                end,
            }));
        }
    }
    // letters that count as "s" or "i" where case is not looked at begin with these bytes
    let name = bytes
        .get(start..bytes.len().min(start + 8))
        .unwrap_or_default();
    let name = name.split(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic());
    let unsure = name
        .take(1)
        .any(|name| name.iter().any(|byte| matches!(byte, 0xc4 | 0xc5)));
    (!unsure).then_some(None)
}

/// Where it goes on behind the next `end`; nowhere if there is none.
fn behind(bytes: &[u8], end: &[u8], start: usize) -> usize {
    find(bytes, end, start).map_or(bytes.len(), |found| found + end.len())
}

/// Adds the names of the first tags to `names`, each before a blank, and gives the text with
/// a blank in place of every tag; by the places of the opening angle brackets.
pub fn stripped(visible: &str, brackets: &[usize], most: usize, names: &mut Vec<u8>) -> String {
    let bytes = visible.as_bytes();
    let mut shown = String::with_capacity(visible.len());
    let (mut start, mut tags) = (0, 0);
    for (number, &bracket) in brackets.iter().enumerate() {
        let end = behind_name(bytes, bracket + 1);
        if end == bracket + 1 {
            continue;
        }
        if tags < most && bytes[end - 1].is_ascii_alphanumeric() {
            let name = names.len();
            names.extend_from_slice(&bytes[bracket + 1..end]);
            names[name..].make_ascii_lowercase();
            names.push(b' ');
        }
        tags += 1;
        shown.push_str(&visible[start..bracket]);
        shown.push(' ');
        let next = brackets.get(number + 1);
        start = behind_tag(&visible[..next.map_or(bytes.len(), |&next| next)], end);
    }
    shown.push_str(&visible[start..]);
    shown
}

/// Where a tag ends whose name ends at a place: behind the closing bracket, or before what
/// no longer belongs to it, the next tag at the latest.
fn behind_tag(text: &str, start: usize) -> usize {
    let size = memory::find(&text.as_bytes()[start..], b'>');
    let end = size.map_or(text.len(), |size| start + size);
    if end - start > LONGEST_TAG {
        let end = run(text, start, LONGEST_TAG, |byte| byte == b'>');
        return end + usize::from(text.as_bytes().get(end) == Some(&b'>'));
    }
    end + usize::from(size.is_some())
}

/// Where the name of a tag ends, or the sign of a comment, declaration or instruction.
fn behind_name(bytes: &[u8], start: usize) -> usize {
    if matches!(bytes.get(start), Some(b'!' | b'?')) {
        return start + 1;
    }
    let first = start + usize::from(bytes.get(start) == Some(&b'/'));
    if !bytes.get(first).is_some_and(u8::is_ascii_alphabetic) {
        return start;
    }
    let rest = bytes[first + 1..].iter().take(LONGEST_NAME);
    first + 1 + rest.take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::super::search::places;
    use super::*;

    fn seen(rich: &str) -> Option<String> {
        visible(rich, &places(rich.as_bytes(), b'<')).map(Cow::into_owned)
    }

    fn shown(visible: &str, most: usize, names: &mut Vec<u8>) -> String {
        stripped(visible, &places(visible.as_bytes(), b'<'), most, names)
    }

    #[test]
    fn what_is_hidden_goes() {
        assert_eq!(seen("a<!-- b -->c<!-- d").unwrap(), "ac");
        assert_eq!(
            seen("a<Script x>b</style></SCRIPT >c<scripts>").unwrap(),
            "ac<scripts>"
        );
        assert_eq!(seen("a<style>b").unwrap(), "a");
        assert_eq!(seen("</title>a").unwrap(), "</title>a");
        assert_eq!(seen("<\u{17f}cript>a"), None);
        assert_eq!(seen("<style\u{e4}>a"), None);
        assert!(seen("<b>\u{131}").is_some());
    }

    #[test]
    fn tags_are_named() {
        let mut names = Vec::new();
        let text = shown("a<P x=1>b</p>c < d<!x>e<br", 9, &mut names);
        assert_eq!(
            (text.as_str(), names.as_slice()),
            ("a b c < d e ", &b"p /p br "[..])
        );
        let mut names = Vec::new();
        shown("<a><?><b>", 2, &mut names);
        assert_eq!(names, b"a ");
    }
}

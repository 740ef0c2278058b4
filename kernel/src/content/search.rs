//! Searches in bytes and in UTF-8 text, counted in characters as Python counts.

use crate::memory;
use crate::text::{is_space, space_at};

/// The first place of `needle` at or behind `from`. One that ends with an equals sign is
/// looked for by that: it is rarer than a letter.
pub fn find(data: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let anchor = match needle.last()? {
        b'=' => needle.len() - 1,
        _ => 0,
    };
    let mut at = from + anchor;
    loop {
        at += memory::find(data.get(at..)?, needle[anchor])?;
        if stands_at(data, needle, at - anchor) {
            return Some(at - anchor);
        }
        at += 1;
    }
}

/// Whether `needle` stands at a place; most differ in the first bytes.
#[inline(always)]
pub fn stands_at(data: &[u8], needle: &[u8], at: usize) -> bool {
    data.len() - at >= needle.len() && needle.iter().zip(&data[at..]).all(|(a, b)| a == b)
}

/// All places of a byte.
pub fn places(data: &[u8], byte: u8) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(size) = memory::find(&data[at..], byte) {
        found.push(at + size);
        at += size + 1;
    }
    found
}

/// Whether a text goes on with ASCII letters, in either case, at a place.
pub fn has_letters(data: &[u8], at: usize, letters: &[u8]) -> bool {
    data.get(at..at + letters.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(letters))
}

/// The first place of ASCII letters in either case at or behind `from`.
pub fn find_letters(data: &[u8], letters: &[u8], from: usize) -> Option<usize> {
    let last = data.len().checked_sub(letters.len())?;
    (from..=last).find(|&at| has_letters(data, at, letters))
}

/// Where the blanks and tabs that stand at a place end.
pub fn behind_blanks(data: &[u8], at: usize) -> usize {
    let blanks = data[at..]
        .iter()
        .take_while(|&&byte| matches!(byte, b' ' | b'\t'));
    at + blanks.count()
}

/// What `bytes.split` and `\s` in an expression for bytes take for a blank.
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, 9..=13 | b' ')
}

/// Bytes without blanks at their ends, as `bytes.strip`.
pub fn stripped(data: &[u8]) -> &[u8] {
    let start = data.iter().take_while(|&&byte| is_blank(byte)).count();
    stripped_end(&data[start..])
}

/// The same at the end alone.
pub fn stripped_end(data: &[u8]) -> &[u8] {
    let blanks = data.iter().rev().take_while(|&&byte| is_blank(byte));
    &data[..data.len() - blanks.count()]
}

/// Where a run of at most so many characters ends, none of them one of `ends`.
pub fn run(text: &str, from: usize, most: usize, ends: impl Fn(u8) -> bool) -> usize {
    taken(text, from, most, |at| ends(text.as_bytes()[at]))
}

/// The same without white space.
pub fn solid_run(text: &str, from: usize, most: usize, ends: impl Fn(u8) -> bool) -> usize {
    taken(text, from, most, |at| {
        ends(text.as_bytes()[at]) || space_at(text, at) > 0
    })
}

fn taken(text: &str, from: usize, most: usize, ends: impl Fn(usize) -> bool) -> usize {
    let bytes = text.as_bytes();
    let near = bytes.len().min(from.saturating_add(most)); // no more bytes than characters
    if let Some(end) = (from..near).find(|&at| ends(at)) {
        return end;
    }
    if near == bytes.len() {
        return near;
    }
    let mut left = most;
    let mut at = from;
    while at < bytes.len() {
        if text.is_char_boundary(at) {
            if left == 0 || ends(at) {
                break;
            }
            left -= 1;
        }
        at += 1;
    }
    at
}

/// How many characters a text in UTF-8 has.
pub fn length(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// A text up to so many characters.
pub fn shortened(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    &text[..run(text, 0, most, |_| false)]
}

/// Adds the words of a text to `out`, a blank between them.
pub fn folded(text: &str, out: &mut Vec<u8>) {
    for (number, word) in words(text).enumerate() {
        if number > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word.as_bytes());
    }
}

/// The words of a text, as `str.split`.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_found() {
        assert_eq!(find(b"a-b--c", b"--c", 0), Some(3));
        assert_eq!(find(b"class=a class=", b"class=", 1), Some(8));
        assert_eq!(find(b"=a", b"a=", 0), None);
        assert_eq!(find(b"a", b"a", 2), None);
        assert_eq!(find_letters(b"a BounDary", b"boundary", 0), Some(2));
        assert_eq!(find_letters(b"a", b"boundary", 0), None);
    }

    #[test]
    fn runs_are_counted_in_characters() {
        let text = "\u{e4}\u{4e2d}a\u{3000}b";
        assert_eq!(run(text, 0, 2, |_| false), 5);
        assert_eq!(run(text, 0, 9, |byte| byte == b'a'), 5);
        assert_eq!(solid_run(text, 0, 9, |_| false), 6);
        assert_eq!(
            (length(text.as_bytes()), shortened(text, 3)),
            (5, "\u{e4}\u{4e2d}a")
        );
    }

    #[test]
    fn blanks_go() {
        assert_eq!(stripped(b" \x0b a \r\n"), b"a");
        assert_eq!(stripped(b" "), b"");
        assert_eq!(behind_blanks(b" \t\nx", 0), 2);
    }
}

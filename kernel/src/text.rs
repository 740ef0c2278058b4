//! The text of a field's value (mail/message.py, `unfold`): UTF-8, with bytes that are none
//! shown as `\xNN`, and its white space folded to single spaces.

/// What Python's `str.split` parts words at.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

#[inline(always)]
fn is_space_byte(byte: u8) -> bool {
    matches!(byte, 9..=13 | 28..=32)
}

/// How many bytes the white space takes that stands at a place; 0 where none does. The
/// place may be within a character: no space begins there.
#[inline(always)]
pub fn space_at(text: &str, at: usize) -> usize {
    match text.as_bytes()[at] {
        byte @ 0..=127 => usize::from(is_space_byte(byte)),
        // white space beyond ASCII begins with one of these
        0xc2 | 0xe1..=0xe3 => match text[at..].chars().next() {
            Some(c) if is_space(c) => c.len_utf8(),
            _ => 0,
        },
        _ => 0,
    }
}

/// Adds the unfolded value of a field to `out`, which stays UTF-8; whether it is ASCII.
pub fn unfold(raw: &[u8], out: &mut Vec<u8>) -> bool {
    let value = match crate::memory::find(raw, b':') {
        Some(colon) => &raw[colon + 1..],
        None => return true,
    };
    if value.is_ascii() {
        unfold_ascii(value, out);
        return true;
    }
    let mut text = String::with_capacity(value.len());
    for chunk in value.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    let start = out.len();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if out.len() > start {
            out.push(b' ');
        }
        out.extend_from_slice(word.as_bytes());
    }
    out[start..].is_ascii()
}

fn unfold_ascii(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let mut at = 0;
    while at < value.len() {
        while at < value.len() && is_space_byte(value[at]) {
            at += 1;
        }
        let word = at;
        // a word goes on over single spaces: one copy for all of them
        at += plain_run(&value[at..]);
        while at < value.len() {
            let byte = value[at];
            if byte > 32 {
                at += 1;
            } else if byte == b' ' && value.get(at + 1).is_some_and(|&next| next > 32) {
                at += 2;
            } else if is_space_byte(byte) {
                break;
            } else {
                at += 1;
            }
        }
        if at > word {
            if out.len() > start {
                out.push(b' ');
            }
            out.extend_from_slice(&value[word..at]);
        }
    }
}

/// How much of the text has nothing but words and single spaces between them, as far as
/// that can be told many bytes at once.
#[inline(always)]
fn plain_run(text: &[u8]) -> usize {
    const WIDE: usize = 16;
    let mut at = 0;
    while let Some(some) = text.get(at..=at + WIDE) {
        let odd = |place: usize| {
            (some[place] < b' ') | ((some[place] == b' ') & (some[place + 1] <= b' '))
        };
        if (0..WIDE).fold(false, |any, place| any | odd(place)) {
            break;
        }
        at += WIDE;
    }
    at
}

/// `text` without white space at its ends, as Python's `str.strip`.
pub fn stripped(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfolded(raw: &[u8]) -> String {
        let mut out = Vec::new();
        unfold(raw, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn runs_of_white_space_become_one_space() {
        assert_eq!(unfolded(b"A:  b\r\n\t c \x1f d  e\r\n"), "b c d e");
        assert_eq!(unfolded(b"A:"), "");
        assert_eq!(unfolded(b"no colon"), "");
        assert_eq!(unfolded(b"A: b\x01c\x7f"), "b\x01c\x7f");
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_shown() {
        assert_eq!(unfolded(b"A: caf\xe8 \xe2\x82"), "caf\\xe8 \\xe2\\x82");
        assert_eq!(unfolded("A: è\u{a0}è\u{3000}".as_bytes()), "è è");
    }
}

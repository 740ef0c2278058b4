//! What of another message may stand in a text (mail/sources/enclosed/).

use super::literals::Literals;
use crate::content::search::{behind_blanks, find, has_letters};
use crate::memory;

const TYPE: &[u8] = b"content-type:";
const MESSAGES: [&[u8]; 2] = [b"message/", b"text/rfc822"];

/// What Python tells.
pub struct Texts {
    held: Literals,       // of a header that counts
    file: Vec<u8>,        // with which a file begins that stands uuencoded
    fields: Vec<Vec<u8>>, // one of which stands in every returned message
}

impl Texts {
    pub fn new(mut held: Vec<Vec<u8>>, fields: Vec<Vec<u8>>) -> Option<Texts> {
        let file = held.pop()?;
        let held = Literals::new(held, false)?;
        Some(Texts { held, file, fields })
    }

    /// Whether a text may hold a header or a file.
    pub fn may_hold(&self, text: &[u8]) -> bool {
        self.held.any_in(text) || self.begins_file(text)
    }

    /// Whether a line begins as a file does, its mode behind that.
    fn begins_file(&self, text: &[u8]) -> bool {
        let mut at = 0;
        while let Some(found) = find(text, &self.file, at) {
            at = found + self.file.len();
            let begins_line = found == 0 || text[found - 1] == b'\n';
            if begins_line && text.get(at).is_some_and(u8::is_ascii_digit) {
                return true;
            }
        }
        false
    }

    /// Whether a line of a text begins with one of the fields, indented or quoted.
    pub fn begins_field(&self, text: &[u8]) -> bool {
        lines(text).any(|line| {
            let quoted = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'>' | b'|');
            let rest = &line[line.iter().take_while(quoted).count()..];
            self.fields.iter().any(|name| {
                has_letters(rest, 0, name)
                    && rest.get(behind_blanks(rest, name.len())) == Some(&b':')
            })
        })
    }
}

/// Whether a line tells of a part that is a message.
pub fn shows_parts(data: &[u8]) -> bool {
    lines(data).any(|line| {
        has_letters(line, 0, TYPE) && {
            let kind = behind_blanks(line, TYPE.len());
            MESSAGES.iter().any(|name| has_letters(line, kind, name))
        }
    })
}

/// Whether the first line has the form of a field.
pub fn is_field(text: &[u8]) -> bool {
    let name = |byte: &&u8| byte.is_ascii_graphic() && **byte != b':';
    let size = text.iter().take_while(name).count();
    size > 0 && text.get(behind_blanks(text, size)) == Some(&b':')
}

/// The text from each of its lines on.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let rest = &text[next?..];
        next = memory::find(rest, b'\n').map(|size| text.len() - rest.len() + size + 1);
        Some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_begin_lines() {
        let texts = Texts::new(
            vec![b"ceived:".to_vec(), b"begin ".to_vec()],
            vec![b"to".to_vec(), b"return-path".to_vec()],
        )
        .unwrap();
        for text in ["To:", "a\n> > tO :", "a\r\n\tRETURN-path\t: b"] {
            assert!(texts.begins_field(text.as_bytes()), "{text}");
        }
        for text in ["", "\n", "a to: b", "tot:", "to", "to\n:"] {
            assert!(!texts.begins_field(text.as_bytes()), "{text}");
        }
        assert!(texts.may_hold(b"a\nbegin 644 b") && texts.may_hold(b"Received: a"));
        assert!(!texts.may_hold(b"begin a, not begin 7"));
        assert!(shows_parts(b"a\nContent-TYPE: \ttext/RFC822-headers"));
        assert!(!shows_parts(b"Content-Type: text/plain"));
        assert!(is_field(b"a \t: b") && !is_field(b": b") && !is_field(b"a b: c"));
    }
}

//! References to characters in HTML, resolved as Python's html.unescape does (HTML Living
//! Standard, section 13.2.5.72). Their names, and what low numbers mean, Python tells.

use std::borrow::Cow;
use std::collections::HashMap;

use super::search::run;
use crate::hashing::Quick;
use crate::wire::Wire;

const LONGEST: usize = 32; // characters of a name that are looked at
const MOST_DIGITS: usize = 1_000; // a longer number is left to Python

pub struct References {
    named: HashMap<Vec<u8>, String, Quick>,
    low: Vec<String>,    // what the first numbers mean
    longest_open: usize, // of the names that may stand without a semicolon
}

impl References {
    pub fn read(wire: &mut Wire) -> Option<References> {
        let text = |wire: &mut Wire| Some(std::str::from_utf8(wire.bytes()?).ok()?.to_string());
        let low = wire.many(text)?;
        let named = wire.many(|wire| Some((wire.bytes()?.to_vec(), text(wire)?)))?;
        let open = named.iter().filter(|(name, _)| !name.ends_with(b";"));
        Some(References {
            low,
            longest_open: open.map(|(name, _)| name.len()).max().unwrap_or(0),
            named: named.into_iter().collect(),
        })
    }

    /// A text without references; None where one is left to Python.
    pub fn resolved<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        let bytes = text.as_bytes();
        let Some(mut next) = crate::memory::find(bytes, b'&') else {
            return Some(Cow::Borrowed(text));
        };
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        loop {
            out.push_str(&text[done..next]);
            done = if bytes.get(next + 1) == Some(&b'#') {
                self.number(text, next, &mut out)?
            } else {
                self.name(text, next, &mut out)
            };
            match crate::memory::find(&bytes[done..], b'&') {
                Some(size) => next = done + size,
                None => break,
            }
        }
        out.push_str(&text[done..]);
        Some(Cow::Owned(out))
    }

    /// Adds what a number means; gives where it ends.
    fn number(&self, text: &str, start: usize, out: &mut String) -> Option<usize> {
        let bytes = text.as_bytes();
        let hexadecimal = matches!(bytes.get(start + 2), Some(b'x' | b'X'));
        let (first, radix) = if hexadecimal {
            (start + 3, 16)
        } else {
            (start + 2, 10)
        };
        let digits = bytes.get(first..).unwrap_or_default();
        let digits = digits
            .iter()
            .take_while(|&&byte| char::from(byte).is_digit(radix))
            .count();
        if digits == 0 {
            out.push('&');
            return Some(start + 1);
        }
        if digits > MOST_DIGITS {
            return None;
        }
        let mut end = first + digits;
        let mut number = 0u32;
        for digit in bytes[first..end]
            .iter()
            .filter_map(|&byte| char::from(byte).to_digit(radix))
        {
            number = number.saturating_mul(radix).saturating_add(digit);
        }
        end += usize::from(bytes.get(end) == Some(&b';'));
        if let Some(known) = self.low.get(number as usize) {
            out.push_str(known);
        } else if !is_nothing(number) {
            out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Some(end)
    }

    /// Adds what a name means, or the name as it stands; gives where it ends.
    fn name(&self, text: &str, start: usize, out: &mut String) -> usize {
        let bytes = text.as_bytes();
        let first = start + 1;
        let end = run(text, first, LONGEST, |byte| {
            matches!(byte, b'\t' | b'\n' | 12 | b' ' | b'<' | b'&' | b'#' | b';')
        });
        if end == first {
            out.push('&');
            return first;
        }
        let closed = end + usize::from(bytes.get(end) == Some(&b';'));
        if let Some(known) = self.named.get(&bytes[first..closed]) {
            out.push_str(known);
            return closed;
        }
        for size in (2..=self.longest_open.min(closed - first - 1)).rev() {
            if let Some(known) = self.named.get(&bytes[first..first + size]) {
                out.push_str(known);
                out.push_str(&text[first + size..closed]);
                return closed;
            }
        }
        out.push_str(&text[start..closed]);
        closed
    }
}

/// The numbers beyond the first ones that mean no character at all.
fn is_nothing(number: u32) -> bool {
    matches!(number, 0xfdd0..=0xfdef) || (number <= 0x10_ffff && number & 0xfffe == 0xfffe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Option<String> {
        let named = [("amp", "&"), ("amp;", "&"), ("not", "n"), ("notin;", "i")];
        let named = named.map(|(name, text)| (name.into(), text.into()));
        let references = References {
            named: named.into_iter().collect(),
            low: vec!["0".into(), "1".into()],
            longest_open: 3,
        };
        references.resolved(text).map(Cow::into_owned)
    }

    #[test]
    fn names_are_resolved_the_longest_first() {
        assert_eq!(
            resolved("a&amp;b&ampb&notin;&notit;&no;&& &").unwrap(),
            "a&b&bin".to_string() + "it;&no;&& &"
        );
        assert_eq!(resolved("none").unwrap(), "none");
    }

    #[test]
    fn numbers_are_resolved() {
        assert_eq!(
            resolved("&#1;&#x41&#65;&#xd800;&#x110000;&#xfffe;&#;&#x").unwrap(),
            "1AA\u{fffd}\u{fffd}&#;&#x"
        );
        assert_eq!(resolved(&format!("&#{};", "9".repeat(1_001))), None);
    }
}

//! What messages say as objects of Python's, written as its `marshal` reads them (version
//! 4, which all later ones read): numbers, texts, tuples and lists. A text that many of them
//! share is written once, and told by its number after that.

use std::collections::HashMap;

use crate::hashing::Quick;

const SHARED: u8 = 0x80; // the object gets a number
const SHORT: usize = 255; // bytes of a text, elements of a tuple, behind one byte of length
const DIGIT: u32 = 15; // bits of a long number's

/// Writes objects to `out`; shared texts live as long as what they are read from.
pub struct Objects<'a, 'o> {
    out: &'o mut Vec<u8>,
    numbers: HashMap<&'a [u8], u32, Quick>,
    lowered: HashMap<&'a [u8], u32, Quick>,
    shared: u32,
}

impl<'a, 'o> Objects<'a, 'o> {
    pub fn new(out: &'o mut Vec<u8>) -> Objects<'a, 'o> {
        Objects {
            out,
            numbers: HashMap::default(),
            lowered: HashMap::default(),
            shared: 0,
        }
    }

    pub fn none(&mut self) {
        self.out.push(b'N');
    }

    pub fn answer(&mut self, yes: bool) {
        self.out.push(if yes { b'T' } else { b'F' });
    }

    pub fn number(&mut self, number: i64) {
        if let Ok(small) = i32::try_from(number) {
            self.out.push(b'i');
            self.out.extend_from_slice(&small.to_le_bytes());
            return;
        }
        self.out.push(b'l');
        let size = number.unsigned_abs();
        let digits = (u64::BITS - size.leading_zeros()).div_ceil(DIGIT) as i32;
        let signed = if number < 0 { -digits } else { digits };
        self.out.extend_from_slice(&signed.to_le_bytes());
        for place in 0..digits as u32 {
            let digit = (size >> (DIGIT * place)) as u16 & ((1 << DIGIT) - 1);
            self.out.extend_from_slice(&digit.to_le_bytes());
        }
    }

    /// A tuple of so many objects, which are written next.
    pub fn tuple(&mut self, count: usize) {
        if count <= SHORT {
            self.out.extend_from_slice(&[b')', count as u8]);
        } else {
            self.sized(b'(', count);
        }
    }

    /// The same as a list.
    pub fn list(&mut self, count: usize) {
        self.sized(b'[', count);
    }

    /// A text in UTF-8.
    pub fn text(&mut self, text: &[u8]) {
        self.flagged(text, 0);
    }

    /// A text that others are likely to have as well.
    pub fn shared(&mut self, text: &'a [u8]) {
        if let Some(&number) = self.numbers.get(text) {
            return self.told(number);
        }
        self.numbers.insert(text, self.shared);
        self.flagged(text, SHARED);
    }

    /// The same in lower case, where it is ASCII.
    pub fn lowered(&mut self, text: &'a [u8]) {
        if let Some(&number) = self.lowered.get(text) {
            return self.told(number);
        }
        self.lowered.insert(text, self.shared);
        self.flagged(&text.to_ascii_lowercase(), SHARED);
    }

    fn told(&mut self, number: u32) {
        self.out.push(b'r');
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    fn flagged(&mut self, text: &[u8], flag: u8) {
        self.shared += u32::from(flag != 0);
        if !text.is_ascii() {
            self.sized(b'u' | flag, text.len());
        } else if text.len() <= SHORT {
            self.out.extend_from_slice(&[b'z' | flag, text.len() as u8]);
        } else {
            self.sized(b'a' | flag, text.len());
        }
        self.out.extend_from_slice(text);
    }

    fn sized(&mut self, kind: u8, count: usize) {
        self.out.push(kind);
        self.out.extend_from_slice(&(count as u32).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Objects)) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut Objects::new(&mut out));
        out
    }

    #[test]
    fn numbers() {
        assert_eq!(written(|to| to.number(-2)), b"i\xfe\xff\xff\xff");
        assert_eq!(
            written(|to| to.number(1 << 31)),
            b"l\x03\0\0\0\0\0\0\0\x02\0"
        );
        let least = written(|to| to.number(i64::MIN));
        assert_eq!(least, b"l\xfb\xff\xff\xff\0\0\0\0\0\0\0\0\x08\0");
    }

    #[test]
    fn texts() {
        let twice = written(|to| {
            to.shared(b"Ab");
            to.lowered(b"Ab");
            to.shared(b"Ab");
            to.lowered(b"Ab");
        });
        assert_eq!(twice, b"\xfa\x02Ab\xfa\x02abr\0\0\0\0r\x01\0\0\0");
        assert_eq!(
            written(|to| to.text("\u{e4}".as_bytes())),
            b"u\x02\0\0\0\xc3\xa4"
        );
        assert_eq!(written(|to| to.text(&[b'a'; 256]))[..5], *b"a\0\x01\0\0");
    }

    #[test]
    fn rows_of_objects() {
        let row = written(|to| {
            to.tuple(2);
            to.none();
            to.list(1);
            to.answer(true);
        });
        assert_eq!(row, b")\x02N[\x01\0\0\0T");
        assert_eq!(written(|to| to.tuple(256)), b"(\0\x01\0\0");
    }
}

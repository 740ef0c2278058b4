//! Bytes of text as UTF-8. Which charsets there are Python tells: those of one byte a
//! character with their characters, the others by name.

use std::collections::HashMap;

use crate::hashing::Quick;
use crate::wire::Wire;

/// How the bytes of a charset are read.
enum Way {
    Python,
    Utf8,
    OneByte(usize),
}

pub struct Charsets {
    ways: HashMap<Vec<u8>, Way, Quick>,
    tables: Vec<Vec<char>>,
}

impl Charsets {
    pub fn read(wire: &mut Wire) -> Option<Charsets> {
        let tables = wire.many(|wire| {
            let codes = wire.u32s()?;
            let characters: Option<Vec<char>> = codes.into_iter().map(char::from_u32).collect();
            characters.filter(|all| all.len() == 256)
        })?;
        let named = wire.many(|wire| Some((wire.bytes()?.to_vec(), wire.u32()?)))?;
        let way = |number| match number {
            0 => Some(Way::Python),
            1 => Some(Way::Utf8),
            table => Some(Way::OneByte(table - 2)).filter(|_| table - 2 < tables.len()),
        };
        let ways = named
            .into_iter()
            .map(|(name, number)| Some((name, way(number as usize)?)));
        Some(Charsets {
            ways: ways.collect::<Option<_>>()?,
            tables,
        })
    }

    /// The text of some bytes; those that are none become U+FFFD. A charset that nobody
    /// knows counts as UTF-8, and so does none.
    pub fn text(&self, content: &[u8], name: &[u8]) -> Option<String> {
        match self.ways.get(&normalized(name)).unwrap_or(&Way::Utf8) {
            Way::Python => None,
            Way::Utf8 => Some(match std::str::from_utf8(content) {
                Ok(text) => text.to_string(),
                Err(_) => String::from_utf8_lossy(content).into_owned(),
            }),
            Way::OneByte(_) if content.is_ascii() => String::from_utf8(content.to_vec()).ok(),
            Way::OneByte(number) => {
                let table = &self.tables[*number];
                Some(content.iter().map(|&byte| table[byte as usize]).collect())
            }
        }
    }
}

/// The name of a charset as encodings.normalize_encoding writes it, in lower case.
fn normalized(name: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(name.len());
    let mut parted = false;
    for &byte in name {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            if parted && !out.is_empty() {
                out.push(b'_');
            }
            out.push(byte.to_ascii_lowercase());
            parted = false;
        } else {
            parted = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized() {
        assert_eq!(normalized(b"-ISO:-8859_1-"), b"iso_8859_1");
        assert_eq!(normalized(b"a.b"), b"a.b");
    }

    #[test]
    fn bytes_are_read_by_their_charset() {
        let mut codes: Vec<char> = (0..=255u8).map(char::from).collect();
        codes[128] = '\u{20ac}';
        let way = [("one", Way::OneByte(0)), ("other", Way::Python)];
        let charsets = Charsets {
            ways: way
                .into_iter()
                .map(|(name, way)| (name.into(), way))
                .collect(),
            tables: vec![codes],
        };
        assert_eq!(
            charsets.text(b"a\x80\xe4", b"ONE").unwrap(),
            "a\u{20ac}\u{e4}"
        );
        assert_eq!(charsets.text(b"a", b"other"), None);
        assert_eq!(
            charsets.text(b"\xc3\xa4\xc3", b"?").unwrap(),
            "\u{e4}\u{fffd}"
        );
    }
}

//! Content without its Content-Transfer-Encoding (RFC 2045 section 6), as binascii takes it
//! off. None for encodings and damage that are left to Python.

use std::borrow::Cow;

use super::search::is_blank;

const SKIPPED: u8 = 64; // blanks between the characters of base64
const OTHER: u8 = 65;
static ALPHABET: [u8; 256] = alphabet();

const fn alphabet() -> [u8; 256] {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [OTHER; 256];
    let mut value = 0;
    while value < letters.len() {
        values[letters[value] as usize] = value as u8;
        value += 1;
    }
    let blanks = b" \t\r\n";
    let mut number = 0;
    while number < blanks.len() {
        values[blanks[number] as usize] = SKIPPED;
        number += 1;
    }
    values
}

pub fn decoded<'a>(data: &'a [u8], encoding: &[u8]) -> Option<Cow<'a, [u8]>> {
    match encoding.to_ascii_lowercase().as_slice() {
        b"" | b"7bit" | b"8bit" | b"binary" => Some(Cow::Borrowed(data)),
        b"base64" => base64(data).map(Cow::Owned),
        b"quoted-printable" => Some(Cow::Owned(quoted_printable(data))),
        _ => None,
    }
}

/// Whole groups of four with blanks between, and what fills up the last one.
fn base64(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    let (mut group, mut filled) = (0u32, 0);
    let mut rest = data.iter();
    for &byte in rest.by_ref() {
        match ALPHABET[byte as usize] {
            SKIPPED => (),
            OTHER if byte == b'=' && filled >= 2 => {
                let fills: Vec<u8> = rest.filter(|&&byte| !is_blank(byte)).copied().collect();
                if fills.len() != 3 - filled || fills.iter().any(|&byte| byte != b'=') {
                    return None;
                }
                group <<= 6 * (4 - filled);
                out.extend_from_slice(&group.to_be_bytes()[1..filled]);
                return Some(out);
            }
            OTHER => return None,
            value => {
                group = group << 6 | u32::from(value);
                filled += 1;
                if filled == 4 {
                    out.extend_from_slice(&group.to_be_bytes()[1..]);
                    (group, filled) = (0, 0);
                }
            }
        }
    }
    (filled == 0).then_some(out)
}

fn quoted_printable(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        let Some(size) = crate::memory::find(&data[at..], b'=') else {
            out.extend_from_slice(&data[at..]);
            break;
        };
        out.extend_from_slice(&data[at..at + size]);
        at += size + 1;
        match data.get(at) {
            None => break,
            Some(b'\n') => at += 1,
            Some(b'\r') => {
                let line = crate::memory::find(&data[at..], b'\n');
                at = line.map_or(data.len(), |size| at + size + 1);
            }
            Some(b'=') => {
                out.push(b'=');
                at += 1;
            }
            Some(_) => match (digit(data, at), digit(data, at + 1)) {
                (Some(high), Some(low)) => {
                    out.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => out.push(b'='),
            },
        }
    }
    out
}

fn digit(data: &[u8], at: usize) -> Option<u32> {
    char::from(*data.get(at)?).to_digit(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_whole_or_left_to_python() {
        assert_eq!(base64(b"YWJj\r\nZA=\n=\n").as_deref(), Some(&b"abcd"[..]));
        assert_eq!(base64(b"YWI=").as_deref(), Some(&b"ab"[..]));
        for damaged in ["YWJjZ", "YWJj=", "YWI=x", "YW!I", "ZA=", "ZA==="] {
            assert_eq!(base64(damaged.as_bytes()), None);
        }
    }

    #[test]
    fn quoted_printable_is_taken_as_it_comes() {
        let plain = quoted_printable(b"a=3d=3D=\r\nb=\nc=zz==4=\rgone\n=4");
        assert_eq!(plain, b"a==bc=zz=4=4");
        assert_eq!(quoted_printable(b"a="), b"a");
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decoded(b"a=41", b"7BIT").unwrap().as_ref(), b"a=41");
        assert_eq!(decoded(b"a", b"x-uue"), None);
    }
}

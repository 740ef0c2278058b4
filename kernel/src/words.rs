//! Encoded words (RFC 2047) in the charsets that most have (mail/encoded_words.py); a text
//! with another one is handed over.

use std::borrow::Cow;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Charset {
    Utf8,
    Ascii,
    Latin1,
}

struct Word<'a> {
    charset: Charset,
    name: &'a str,
    data: Vec<u8>,
}

struct Start {
    at: usize,
    charset: (usize, usize),
    quoted: bool,
    text: usize,
}

/// `text` with its encoded words decoded; None where one is for Python to decode.
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains("=?") {
        return Some(Cow::Borrowed(text));
    }
    let mut shown = String::with_capacity(text.len());
    let mut before: Option<Word> = None;
    let mut place = 0;
    while let Some(start) = next_start(text, place) {
        let Some(stop) = text[start.text..].find("?=").map(|at| at + start.text) else {
            break;
        };
        let between = &text[place..start.at];
        let blank = between.trim_matches(crate::text::is_space).is_empty();
        place = stop + 2;
        let word = read(text, &start, stop)?;
        if let Some(last) = before.take() {
            let same = word
                .as_ref()
                .is_some_and(|word| word.name.eq_ignore_ascii_case(last.name));
            if same && blank {
                before = Some(last);
            } else {
                shown.push_str(&decoded(&last));
                if let (Some(word), true) = (&word, blank) {
                    before = Some(Word {
                        data: Vec::new(),
                        ..*word
                    });
                }
            }
        }
        match (word, &mut before) {
            (None, _) => shown.push_str(&text[start.at - between.len()..place]),
            (Some(word), Some(last)) => last.data.extend_from_slice(&word.data),
            (Some(word), None) => {
                shown.push_str(between);
                before = Some(word);
            }
        }
    }
    if let Some(last) = before {
        shown.push_str(&decoded(&last));
    }
    shown.push_str(&text[place..]);
    Some(Cow::Owned(shown))
}

/// Where a word begins: `=?charset?q?`.
fn next_start(text: &str, from: usize) -> Option<Start> {
    let bytes = text.as_bytes();
    let mut search = from;
    loop {
        let at = text[search..].find("=?")? + search;
        let mut stop = at + 2;
        let mut count = 0;
        for c in text[at + 2..].chars() {
            if c == '?' || crate::text::is_space(c) || count == 61 {
                break;
            }
            count += 1;
            stop += c.len_utf8();
        }
        if let (1..=60, [b'?', letter, b'?', ..]) = (count, &bytes[stop..]) {
            if matches!(letter, b'b' | b'B' | b'q' | b'Q') {
                let quoted = letter.eq_ignore_ascii_case(&b'q');
                return Some(Start {
                    at,
                    charset: (at + 2, stop),
                    quoted,
                    text: stop + 3,
                });
            }
        }
        search = at + 1;
    }
}

/// The bytes of a word; None inside where its encoding is broken, outside where Python has
/// to decode it.
#[allow(clippy::option_option)]
fn read<'a>(text: &'a str, start: &Start, stop: usize) -> Option<Option<Word<'a>>> {
    let name = text[start.charset.0..start.charset.1]
        .split('*')
        .next()
        .unwrap_or("");
    let charset = match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Charset::Utf8,
        "us-ascii" | "ascii" => Charset::Ascii,
        "iso-8859-1" | "latin1" => Charset::Latin1,
        _ => return None,
    };
    let stored = text[start.text..stop].as_bytes();
    let data = if start.quoted {
        Some(quoted(stored))
    } else {
        base64(stored)
    };
    Some(data.map(|data| Word {
        charset,
        name,
        data,
    }))
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match &text[at..] {
            [b'=', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(*high) << 4 | hex(*low));
                at += 2;
            }
            [b'_', ..] => out.push(b' '),
            [byte, ..] => out.push(*byte),
            [] => {}
        }
        at += 1;
    }
    out
}

fn hex(digit: u8) -> u8 {
    (digit as char).to_digit(16).unwrap_or(0) as u8
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .take_while(|&&byte| byte != b'=')
        .filter_map(|&byte| match byte {
            b'A'..=b'Z' => Some(byte - b'A'),
            b'a'..=b'z' => Some(byte - b'a' + 26),
            b'0'..=b'9' => Some(byte - b'0' + 52),
            b'+' => Some(62),
            b'/' => Some(63),
            _ => None,
        })
        .collect();
    if digits.len() % 4 == 1 || (!text.is_empty() && digits.is_empty()) {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let bits = group
            .iter()
            .fold(0u32, |sum, &digit| sum << 6 | u32::from(digit));
        let bits = bits << (6 * (4 - group.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(out)
}

fn decoded(word: &Word) -> String {
    let mut text = String::with_capacity(word.data.len());
    match word.charset {
        Charset::Latin1 => text.extend(word.data.iter().map(|&byte| byte as char)),
        Charset::Ascii => {
            for &byte in &word.data {
                push_ascii(byte, &mut text);
            }
        }
        Charset::Utf8 => {
            for chunk in word.data.utf8_chunks() {
                text.push_str(chunk.valid());
                chunk
                    .invalid()
                    .iter()
                    .for_each(|&byte| push_ascii(byte, &mut text));
            }
        }
    }
    text
}

fn push_ascii(byte: u8, text: &mut String) {
    if byte.is_ascii() {
        text.push(byte as char);
    } else {
        text.push_str(&format!("\\x{byte:02x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_charset_are_decoded_together() {
        let text = "a =?utf-8?Q?=C3?= =?UTF-8?b?qA==?= =?latin1?q?_=E8?= z";
        assert_eq!(decode(text).unwrap(), "a è è z");
    }

    #[test]
    fn what_is_broken_stays() {
        for text in [
            "=?utf-8?b?A?=",
            "=?utf-8?q?open",
            "=?utf-8?x?a?=",
            "=? ?q?a?=",
        ] {
            assert_eq!(decode(text).unwrap(), text);
        }
        assert!(decode("=?big5?q?a?=").is_none());
        assert_eq!(decode("=?ascii?q?a=E8=?=").unwrap(), "a\\xe8=");
    }
}

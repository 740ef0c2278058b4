//! Whether a file is one message (mail/sources/sniff.py), which begins with its first byte.

use super::text::is_field;
use crate::content::search::{find, has_letters, is_blank};
use crate::header::Header;

const HEAD: usize = 1 << 16; // bytes that Python looks at
const LONGEST_NAME: usize = 76;
const FEWEST: usize = 3; // fields of a header that no text was taken for
                         // with which a message can begin and another form does, or may
const OTHERS: [&[u8]; 5] = [b"BZh", b"MI", b"JMF", b"From ", b"PK"];
// what stands in headers that were copied into a text
const COPIED: [&[u8]; 2] = [b"\xe2\x80\x8b", b"<mailto:"];
const TAR: std::ops::Range<usize> = 257..262;
const TAR_SUM: std::ops::Range<usize> = 148..156;
const QUEUE_FILE: std::ops::Range<usize> = 2..18; // blanks and digits of Postfix's first record
const STORE: (usize, &[u8]) = (4, b"\xef\xcd\xab\x89");
const SECTION: &[u8] = b"\n*** "; // as postcat begins one
const SECTION_WITHIN: usize = 2_048;

/// Names of fields in lower case: with which a message begins, and which servers write.
pub struct Names {
    pub originators: Vec<Vec<u8>>,
    pub traces: Vec<Vec<u8>>,
}

/// Whether a file with this header is one message. `named`: its name says so.
pub fn is_message(data: &[u8], header: &Header, named: bool, names: &Names) -> Option<()> {
    let first = header.fields.first()?;
    if first.name as usize > LONGEST_NAME || !is_field(data) || is_other(data) {
        return None;
    }
    (named || is_whole(data, header, names)).then_some(())
}

/// The size of the line end that stands here.
pub fn line_end(data: &[u8]) -> usize {
    match data {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// Whether it may have a form that some program alone writes.
pub fn is_other(data: &[u8]) -> bool {
    let sum = data.get(TAR_SUM).unwrap_or_default();
    let sum: &[u8] = &sum
        .iter()
        .copied()
        .filter(|byte| !b" \0".contains(byte))
        .collect::<Vec<_>>();
    let octal = !sum.is_empty() && sum.iter().all(|byte| (b'0'..=b'7').contains(byte));
    let record = data.get(QUEUE_FILE).unwrap_or_default();
    let is_record = !record.is_empty() && record.iter().all(|&b| b == b' ' || b.is_ascii_digit());
    OTHERS.iter().any(|other| data.starts_with(other)) && !data.starts_with(b"MIME-")
        || data.get(TAR) == Some(b"ustar")
        || octal
        || is_record
        || data
            .get(STORE.0..)
            .is_some_and(|rest| rest.starts_with(STORE.1))
        || find(&data[..data.len().min(SECTION_WITHIN)], SECTION, 0).is_some()
}

/// Whether the header is a message's own beyond doubt, and not lines of one in a text.
fn is_whole(data: &[u8], header: &Header, names: &Names) -> bool {
    let end = header.fields.last().map_or(0, |field| field.stop as usize);
    let block = &data[..end];
    let is_named = |among: &[Vec<u8>]| {
        let fields = header.fields.iter();
        let mut places = fields.map(|field| among.iter().position(|name| field.is(data, name)));
        (
            places.next().flatten().is_some(),
            places.any(|place| place.is_some()),
        )
    };
    let (first_is_originator, others_are) = is_named(&names.originators);
    let (first_is_trace, _) = is_named(&names.traces);
    end < HEAD
        && header.fields.len() >= FEWEST
        && header
            .fields
            .iter()
            .all(|field| field.name as usize <= LONGEST_NAME)
        && (first_is_originator || first_is_trace)
        && (first_is_originator || others_are)
        && !COPIED.iter().any(|mark| find(block, mark, 0).is_some())
        && !has_blank_line(block)
        && !goes_on(&data[end..], &names.traces)
}

/// Whether a line of nothing but blanks stands in a header, no-break spaces among them.
fn has_blank_line(block: &[u8]) -> bool {
    let blank = |byte: &u8| is_blank(*byte) || matches!(byte, 0xa0 | 0xc2);
    block
        .split(|&byte| byte == b'\n')
        .rev()
        .skip(1)
        .any(|line| line.iter().all(blank))
}

/// Whether what stands below a header begins with a server's field.
fn goes_on(body: &[u8], traces: &[Vec<u8>]) -> bool {
    let start = body
        .iter()
        .take_while(|byte| !byte.is_ascii_graphic())
        .count();
    let rest = &body[start..];
    let is_trace = |name: &Vec<u8>| has_letters(rest, 0, name);
    traces.iter().any(is_trace)
}

#[cfg(test)]
mod tests {
    use super::super::tests::look;

    #[test]
    fn mail_is_one_message() {
        let sure = |data: &str, named| look().is_message(data.as_bytes(), named).is_some();
        assert!(sure("X: a\n\nb", true) && !sure("X: a\n\nb", false));
        let whole = "Received: a\nX: b\nFrom: c\n\nd: e\n";
        assert!(sure(whole, true) && sure(whole, false));
        for other in [
            "From \n",
            "JMF3: a\n\n",
            "a\n",
            "BZh91AY&SY:\n\n",
            "MIIa:\n",
        ] {
            assert!(!sure(other, true), "{other}");
        }
        for text in [
            "Received: a\nX: b\nX: c\n\n",
            "X: a\nFrom: c\nDate: d\n\n",
            "From: a\nX: b\n\u{200b}\nDate: d\n\n",
            "From: a\nX: b\n \u{a0}\nDate: d\n\n",
            "From: a\nX: b\nDate: d\n\n \n\u{feff}Received: e",
        ] {
            assert!(!sure(text, false), "{text}");
        }
    }
}

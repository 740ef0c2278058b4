//! Files that a message carries and that hold no other beyond doubt: pictures, documents and
//! signatures, known by how they begin. No test of another form (mail/sources/sniff.py) may
//! come true for them; where one might, they are left to Python.

use super::form::is_other;
use super::text::is_field;
use crate::content::fields::Fields;
use crate::content::search::{find, find_letters, has_letters, is_blank};
use crate::content::transfer;
use crate::memory;

const KINDS: [&[u8]; 6] = [
    b"image/",
    b"audio/",
    b"video/",
    b"application/pdf",
    b"application/octet-stream",
    b"application/pgp-signature",
];
const BEGINNINGS: [&[u8]; 5] = [
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"-----BEGIN PGP SIGNATURE-----",
];
const HEAD: usize = 2_048; // bytes of a part that tell what it is
const GROUP: usize = 4; // characters of base64 that are decoded together
const PREFIX: usize = 4_200; // bytes in which a header may stand behind a tool's bytes
const UNOPENED: [(usize, &[u8]); 3] = [(2, b"-l"), (7, b"**ACE**"), (32_769, b"CD001")];

/// What Python tells, in lower case.
pub struct Names {
    pub containers: Vec<Vec<u8>>, // how the names of files end that may hold mail
    pub behind: Vec<Vec<u8>>,     // of fields that a header begins with behind a tool's bytes
}

/// What a part may hold.
pub enum Holds {
    Nothing,
    Text(Vec<u8>), // nothing but what stands in it as text
}

/// What a part with these fields may hold.
pub fn held(stored: &[u8], kind: &[u8], fields: &Fields, names: &Names) -> Option<Holds> {
    let known = KINDS.iter().any(|known| match known.ends_with(b"/") {
        true => kind.starts_with(known),
        false => kind == *known,
    });
    let mut values = fields.types.iter().chain(&fields.dispositions);
    if !known || !values.all(|value| is_plain(value, names)) {
        return None;
    }
    let encoding = fields.encodings.first();
    let encoding = encoding.map(Vec::as_slice).unwrap_or_default();
    if let Some(begun) = begun(stored, encoding) {
        // what Python decodes of it may be a group shorter
        let sure = &begun[..begun.len().saturating_sub(2 * GROUP)];
        if memory::find(sure, 0).is_some() && is_known(&begun, names) {
            return Some(Holds::Nothing);
        }
    }
    let content = transfer::decoded(stored, encoding)?;
    if content.iter().all(|&byte| is_blank(byte)) {
        return Some(Holds::Nothing);
    }
    let encoded = matches!(content, std::borrow::Cow::Owned(_));
    let sure = is_known(&content, names) && !(encoded && is_field(stored));
    sure.then(|| Holds::Text(content.into_owned()))
}

/// Whether a value gives a name at most, and one that ends as no container's does.
fn is_plain(value: &[u8], names: &Names) -> bool {
    let first = find_letters(value, b"name", 0);
    let another = first.and_then(|at| find_letters(value, b"name", at + 1));
    let mut containers = names.containers.iter();
    another.is_none()
        && value
            .iter()
            .all(|&b| b.is_ascii() && !b"*%?\\".contains(&b))
        && !containers.any(|name| find_letters(value, name, 0).is_some())
}

/// The first bytes of a part, decoded: as many as Python looks at, and a group more.
fn begun(stored: &[u8], encoding: &[u8]) -> Option<Vec<u8>> {
    if !encoding.eq_ignore_ascii_case(b"base64") || stored.len() <= HEAD {
        return None;
    }
    let head = &stored[..stored.len().min(HEAD + GROUP)];
    let whole = |&size: &usize| transfer::decoded(&head[..size], encoding).is_some();
    let size = (0..=head.len()).rev().take(2 * GROUP).find(whole)?;
    transfer::decoded(&head[..size], encoding).map(|begun| begun.into_owned())
}

/// Whether content begins as a file that is known, and holds nothing by which it may be
/// taken for another.
fn is_known(content: &[u8], names: &Names) -> bool {
    BEGINNINGS.iter().any(|begins| content.starts_with(begins))
        && !is_other(content)
        && !is_field(content)
        && !UNOPENED
            .iter()
            .any(|(at, mark)| content.get(*at..).is_some_and(|c| c.starts_with(mark)))
        && find(content, b"\n\xef\xbb\xbf", 0).is_none()
        && !has_old_lines(content)
        && !has_header(&content[..content.len().min(PREFIX)], names)
}

/// Whether a field may begin behind a carriage return alone.
fn has_old_lines(content: &[u8]) -> bool {
    let mut at = 0;
    while let Some(size) = memory::find(&content[at..], b'\r') {
        at += size + 1;
        let rest = &content[at..];
        let name = rest
            .iter()
            .take_while(|b| b.is_ascii_alphabetic() || **b == b'-')
            .count();
        if name > 0 && matches!(rest.get(name), Some(b':') | None) {
            return true;
        }
    }
    false
}

/// Whether a field may stand somewhere with which a header begins.
fn has_header(content: &[u8], names: &Names) -> bool {
    let mut at = 0;
    while let Some(size) = memory::find(&content[at..], b':') {
        let before = &content[..at + size];
        at += size + 1;
        let ends = |name: &Vec<u8>| {
            before
                .len()
                .checked_sub(name.len())
                .is_some_and(|start| has_letters(before, start, name))
        };
        if names.behind.iter().any(ends) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stored: &[u8], header: &[u8]) -> Option<bool> {
        let names = Names {
            containers: vec![b"zip".to_vec()],
            behind: vec![b"from".to_vec()],
        };
        let fields = Fields::read(header);
        let (kind, _) = fields.media_type(b"");
        let held = held(stored, &kind, &fields, &names)?;
        Some(matches!(held, Holds::Nothing))
    }

    #[test]
    fn pictures_hold_nothing() {
        let header = b"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n";
        let picture = [&b"iVBORwAA"[..], &[b'A'; 4_000]].concat();
        assert_eq!(told(&picture, header), Some(true));
        assert_eq!(told(&picture[..4_005], header), Some(true));
        assert_eq!(told(&picture[..2_000], header), Some(false));
        assert_eq!(told(b" \n", header), Some(true));
        assert_eq!(told(b"UEsDBA==", header), None);
        assert_eq!(
            told(&picture, b"Content-Type: image/png; name=a.zip\n"),
            None
        );
        assert_eq!(told(&picture, b"Content-Type: x/png\n"), None);
    }

    #[test]
    fn text_is_looked_at() {
        let header = b"Content-Type: application/pgp-signature\n";
        let signature = |rest: &str| format!("-----BEGIN PGP SIGNATURE-----\n{rest}");
        assert_eq!(
            told(signature("Version: a\n").as_bytes(), header),
            Some(false)
        );
        for rest in ["From: a\n", "\rTo: a", "*** x", "\n\u{feff}a: b"] {
            assert_eq!(
                told(signature(&format!("\n{rest}")).as_bytes(), header),
                None,
                "{rest}"
            );
        }
    }
}

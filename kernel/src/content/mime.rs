//! The leaves of a message's MIME tree, with exact places (mail/mime.py, `parts`).

use std::ops::Range;

use super::fields::{boundary, is_too_long, Fields, MULTIPART};
use super::search::{find, has_letters, is_blank, stripped_end};

const TEXT: &[u8] = b"text/plain";
const LINES_BEFORE: usize = 6; // the first part, of those whose program knows no MIME
const LONGEST_SHOWN: usize = 70; // of a boundary that only the parts show
const LONGEST_NAME: usize = 40; // of a field's, behind "Content-"

pub struct Leaf {
    pub header: Range<usize>,
    pub body: Range<usize>,
    pub kind: Vec<u8>, // the media type
    pub fields: Fields,
}

pub struct Leaves<'a> {
    data: &'a [u8],
    max_parts: usize,
    max_depth: usize,
    pub found: Vec<Leaf>,
    pub cut: bool, // a limit kept something out
    counted: usize,
}

/// What goes on behind a part.
#[derive(PartialEq)]
enum Then {
    Next,
    Stop,
}

impl<'a> Leaves<'a> {
    pub fn new(data: &'a [u8], max_parts: usize, max_depth: usize) -> Leaves<'a> {
        Leaves {
            data,
            max_parts,
            max_depth,
            found: Vec::new(),
            cut: false,
            counted: 0,
        }
    }

    /// Reads a message whose header ends at a place; None where it is left to Python.
    pub fn read(&mut self, end: usize, body: usize) -> Option<()> {
        let stop = self.data.len();
        let fields = Fields::read(&self.data[..end]);
        let (kind, value) = fields.media_type(b"");
        let multipart = kind.starts_with(MULTIPART);
        let mut declared = if multipart { boundary(&value) } else { None };
        if !self.has(declared.as_deref(), body, stop)? {
            declared = None;
            if multipart || !kind.contains(&b'/') {
                declared = self.lost_boundary(0..end, body, stop)?;
            }
        }
        let kind = if kind.is_empty() { TEXT.to_vec() } else { kind };
        if let Some(declared) = declared {
            self.within(body, stop, &declared, &kind, 1)?;
        } else if !multipart {
            self.found.push(Leaf {
                header: 0..end,
                body: body..stop,
                kind,
                fields,
            });
        }
        Some(())
    }

    fn within(
        &mut self,
        start: usize,
        stop: usize,
        boundary: &[u8],
        kind: &[u8],
        depth: usize,
    ) -> Option<Then> {
        let mut delimiter = b"--".to_vec();
        delimiter.extend_from_slice(boundary);
        if is_too_long(boundary) {
            return None;
        }
        let data = &self.data[..stop];
        let (mut begin, mut at): (Option<usize>, usize) = (None, start);
        while let Some(found) = find(data, &delimiter, at) {
            at = found;
            if at > 0 && !matches!(data[at - 1], b'\n' | b'\r') {
                at += delimiter.len();
                continue;
            }
            let end = find(data, b"\n", at).map_or(stop, |end| end + 1);
            let tail = data.get(at + delimiter.len()..end).unwrap_or_default();
            let tail = stripped_end(tail);
            if !matches!(tail, b"" | b"--") {
                at = end;
                continue;
            }
            if let Some(begin) = begin {
                let line_end = if data[..at].ends_with(b"\r\n") { 2 } else { 1 };
                let part_stop = begin.max(at.saturating_sub(line_end));
                if self.part(begin, part_stop, kind, depth)? == Then::Stop {
                    return Some(Then::Stop);
                }
            }
            if !tail.is_empty() {
                return Some(Then::Next);
            }
            begin = Some(end);
            at = end;
        }
        match begin {
            Some(begin) => self.part(begin, stop, kind, depth),
            None => Some(Then::Next),
        }
    }

    fn part(&mut self, begin: usize, stop: usize, above: &[u8], depth: usize) -> Option<Then> {
        let (end, body) = header_end(self.data, begin, stop);
        let fields = Fields::read(&self.data[begin..end]);
        let digest = above == b"multipart/digest";
        let (kind, value) = fields.media_type(if digest { b"message/rfc822" } else { TEXT });
        let mut inner = None;
        if kind.starts_with(MULTIPART) {
            inner = boundary(&value);
            if !self.has(inner.as_deref(), body, stop)? {
                inner = self.lost_boundary(begin..end, body, stop)?.or(inner);
            }
        }
        match inner {
            Some(inner) if depth < self.max_depth => {
                self.within(body, stop, &inner, &kind, depth + 1)
            }
            inner => {
                self.counted += 1;
                if inner.is_some() || self.counted > self.max_parts {
                    self.cut = true;
                } else {
                    self.found.push(Leaf {
                        header: begin..end,
                        body: body.min(stop)..stop,
                        kind,
                        fields,
                    });
                }
                let all = self.counted > self.max_parts;
                Some(if all { Then::Stop } else { Then::Next })
            }
        }
    }

    /// Whether a boundary stands between two places; None where it is left to Python.
    fn has(&self, boundary: Option<&[u8]>, start: usize, stop: usize) -> Option<bool> {
        let Some(boundary) = boundary else {
            return Some(false);
        };
        if is_too_long(boundary) {
            return None;
        }
        Some(find(&self.data[..stop], &[b"--", boundary].concat(), start).is_some())
    }

    /// The boundary of a multipart whose Content-Type does not tell it.
    #[allow(clippy::option_option)]
    fn lost_boundary(
        &self,
        header: Range<usize>,
        body: usize,
        stop: usize,
    ) -> Option<Option<Vec<u8>>> {
        let named = boundary(&self.data[header]);
        if self.has(named.as_deref(), body, stop)? {
            return Some(named);
        }
        let Some((shown, end)) = first_part(&self.data[..stop], body) else {
            return Some(None);
        };
        Some(if self.has(Some(&shown), end, stop)? {
            Some(shown)
        } else {
            None
        })
    }
}

/// Where the header that begins at `start` ends, and where the body starts.
fn header_end(data: &[u8], start: usize, stop: usize) -> (usize, usize) {
    if data[start..].starts_with(b"\n") {
        return (start, start + 1);
    }
    if data[start..].starts_with(b"\r\n") {
        return (start, start + 2);
    }
    let within = &data[..stop];
    let first = find(within, b"\n", start);
    // the kind of the first line is looked for first
    if first.is_some_and(|first| first > start && data[first - 1] == b'\r') {
        let crlf = find(within, b"\n\r\n", start);
        if let Some(lf) = find(&data[..crlf.unwrap_or(stop)], b"\n\n", start) {
            return (lf + 1, lf + 2);
        }
        return crlf.map_or((stop, stop), |crlf| (crlf + 1, crlf + 3));
    }
    let lf = find(within, b"\n\n", start);
    if let Some(crlf) = find(&data[..lf.unwrap_or(stop)], b"\n\r\n", start) {
        return (crlf + 1, crlf + 3);
    }
    match (lf, first) {
        (Some(lf), _) => (lf + 1, lf + 2),
        (None, Some(_)) => (stop, stop),
        (None, None) => find(within, b"\r\r", start).map_or((stop, stop), |cr| (cr + 1, cr + 2)),
    }
}

/// The boundary that only the first part shows, at most a few lines below, and where the
/// part's first field has its colon behind it.
fn first_part(data: &[u8], body: usize) -> Option<(Vec<u8>, usize)> {
    let mut at = body;
    for _ in 0..LINES_BEFORE {
        if data.get(at..)?.starts_with(b"--") {
            break;
        }
        at = find(data, b"\n", at)? + 1;
    }
    let shown = data.get(at..)?.strip_prefix(b"--")?;
    let end = find(shown, b"\n", 0)?;
    let mut line = &shown[..end];
    line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.contains(&b'\r') {
        return None;
    }
    let mut size = line.len()
        - line
            .iter()
            .rev()
            .take_while(|&&b| matches!(b, b' ' | b'\t'))
            .count();
    match line.first()? {
        b'-' => size = size.max(2),
        &byte if is_blank(byte) => return None,
        _ => (),
    }
    if size > LONGEST_SHOWN || size > line.len() {
        return None;
    }
    let name = end + 1;
    if !has_letters(shown, name, b"Content-") {
        return None;
    }
    let start = name + b"Content-".len();
    let letters = |&&byte: &&u8| byte.is_ascii_alphabetic() || byte == b'-';
    let letters = shown[start..].iter().take_while(letters).count();
    let colon = start + letters;
    if !(1..=LONGEST_NAME).contains(&letters) || shown.get(colon) != Some(&b':') {
        return None;
    }
    Some((line[..size].to_vec(), at + 2 + colon + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(data: &[u8], end: usize) -> Vec<(String, String)> {
        let mut leaves = Leaves::new(data, 3, 2);
        leaves.read(end, end + 1).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = leaves.found.iter();
        found
            .map(|leaf| (text(&leaf.kind), text(&data[leaf.body.clone()])))
            .collect()
    }

    fn one(kind: &str, body: &str) -> (String, String) {
        (kind.into(), body.into())
    }

    #[test]
    fn a_tree_has_leaves() {
        let header = b"Content-Type: multipart/mixed; boundary=b\n".to_vec();
        let body = b"\n--b\r\nContent-Type: text/html\r\n\r\nx\r\n--b\n\ny\n--b--\nz";
        let data = [&header, &body[..]].concat();
        let expected = [one("text/html", "x"), one("text/plain", "y")];
        assert_eq!(leaves(&data, header.len()), expected);
    }

    #[test]
    fn a_boundary_may_be_lost() {
        let body = b"\nno MIME here\n--b\nContent-Type: a/b\n\nx\n--b--\n";
        assert_eq!(leaves(body, 0), [one("a/b", "x")]);
        let body = b"\n---\nContent-Type: a/b\n\nx\n---\n";
        assert_eq!(
            leaves(body, 0),
            [one("text/plain", &String::from_utf8_lossy(&body[1..]))]
        );
    }

    #[test]
    fn limits_keep_out() {
        let header = b"Content-Type: multipart/mixed; boundary=b\n\n".to_vec();
        let data = [&header[..], &b"--b\n\n".repeat(5)].concat();
        let mut found = Leaves::new(&data, 3, 2);
        found.read(header.len() - 1, header.len()).unwrap();
        assert!(found.cut);
        assert_eq!(found.found.len(), 3);
    }
}

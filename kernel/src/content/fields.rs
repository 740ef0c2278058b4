//! The fields of a header that say how a body is to be read, and what they say (mail/mime.py).

use super::search::{
    behind_blanks, find, find_letters, has_letters, is_blank, stripped, stripped_end,
};

const MOST_VALUES: usize = 8; // of fields of one name
const LONGEST_BOUNDARY: usize = 100; // a longer one is left to Python
pub const MULTIPART: &[u8] = b"multipart/";

/// The unfolded values of the fields of three names.
#[derive(Default)]
pub struct Fields {
    pub types: Vec<Vec<u8>>,
    pub encodings: Vec<Vec<u8>>,
    pub dispositions: Vec<Vec<u8>>,
}

impl Fields {
    pub fn read(header: &[u8]) -> Fields {
        let mut fields = Fields::default();
        let mut start = 0;
        while start < header.len() {
            if has_letters(header, start, b"content-") {
                fields.take(header, start + b"content-".len());
            }
            start = find(header, b"\n", start).map_or(header.len(), |end| end + 1);
        }
        fields
    }

    fn take(&mut self, header: &[u8], at: usize) {
        let named: [(&[u8], &mut Vec<Vec<u8>>); 3] = [
            (b"type", &mut self.types),
            (b"transfer-encoding", &mut self.encodings),
            (b"disposition", &mut self.dispositions),
        ];
        for (name, values) in named {
            if values.len() < MOST_VALUES && has_letters(header, at, name) {
                values.extend(value(header, at + name.len()));
            }
        }
    }

    /// The media type in lower case, and the whole value; `default` where there is none.
    pub fn media_type(&self, default: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let multipart = |value: &&Vec<u8>| has_letters(value, 0, MULTIPART);
        let chosen = self.types.iter().find(multipart).or(self.types.first());
        let value = chosen.map_or(default, Vec::as_slice);
        let end = find(value, b";", 0).unwrap_or(value.len());
        let mut kind = stripped(&value[..end]).to_ascii_lowercase();
        if kind.is_empty() {
            kind = default.to_vec();
        }
        (kind, value.to_vec())
    }

    /// The charset that is named; empty where none is.
    pub fn charset(&self) -> Vec<u8> {
        let value = self.types.join(&b' ');
        let mut at = 0;
        while let Some(found) = find_letters(&value, b"charset", at) {
            at = found + b"charset".len();
            let mut place = behind_white(&value, at);
            if value.get(place) == Some(&b'=') {
                place = behind_white(&value, place + 1);
                place += usize::from(value.get(place) == Some(&b'"'));
                let of = |&&byte: &&u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
                let name: Vec<u8> = value[place..]
                    .iter()
                    .take(40)
                    .take_while(of)
                    .copied()
                    .collect();
                if !name.is_empty() {
                    return name;
                }
            }
        }
        Vec::new()
    }

    /// Whether the content is given a name; None where it is not sure.
    pub fn names_content(&self) -> Option<bool> {
        for value in self.dispositions.iter().chain(&self.types) {
            if find_letters(value, b"name", 0).is_some() {
                match first_name(value) {
                    None => (),
                    // nothing in it that may be an encoded word, or come to nothing
                    Some(name) if name.iter().any(u8::is_ascii_graphic) => {
                        let plain = value.is_ascii() && !value.contains(&b'?');
                        return plain.then_some(true);
                    }
                    Some(_) => return None,
                }
            }
        }
        Some(false)
    }
}

fn behind_white(data: &[u8], at: usize) -> usize {
    at + data[at..]
        .iter()
        .take_while(|&&byte| is_blank(byte))
        .count()
}

/// The value of a field whose name ends at a place, its white space folded.
fn value(header: &[u8], at: usize) -> Option<Vec<u8>> {
    let colon = behind_blanks(header, at);
    if header.get(colon) != Some(&b':') {
        return None;
    }
    let start = colon + 1;
    let mut end = start;
    loop {
        end = find(header, b"\n", end).unwrap_or(header.len());
        match header.get(end + 1) {
            Some(b' ' | b'\t') => end += 1,
            _ => break,
        }
    }
    let words: Vec<&[u8]> = header[start..end.min(header.len())]
        .split(|&byte| is_blank(byte))
        .filter(|word| !word.is_empty())
        .collect();
    Some(words.join(&b' '))
}

/// What stands behind an equals sign: a quoted text without its quotes, or a word. None
/// where neither does.
fn parameter(data: &[u8], at: usize) -> Option<&[u8]> {
    let equals = behind_blanks(data, at);
    if data.get(equals) != Some(&b'=') {
        return None;
    }
    let start = behind_blanks(data, equals + 1);
    if data.get(start) == Some(&b'"') {
        let mut end = start + 1;
        loop {
            match *data.get(end)? {
                b'"' => return Some(&data[start + 1..end]),
                b'\\' if *data.get(end + 1)? == b'\n' => return None,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
    }
    let ends = |&byte: &u8| is_blank(byte) || matches!(byte, b';' | b'"');
    let size = data[start..].iter().position(ends);
    let word = &data[start..size.map_or(data.len(), |size| start + size)];
    (!word.is_empty()).then_some(word)
}

/// The boundary that a Content-Type declares, or a whole header does.
pub fn boundary(value: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    while let Some(found) = find_letters(value, b"boundary", at) {
        at = found + b"boundary".len();
        if let Some(given) = parameter(value, at) {
            let given = stripped_end(given);
            return (!given.is_empty()).then(|| given.to_vec());
        }
    }
    None
}

/// Whether a boundary is so long that a search for it may take more than its share.
pub fn is_too_long(boundary: &[u8]) -> bool {
    boundary.len() > LONGEST_BOUNDARY
}

fn first_name(value: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    while let Some(found) = find_letters(value, b"name", at) {
        at = found + b"name".len();
        let file = found
            .checked_sub(4)
            .filter(|&start| has_letters(value, start, b"file"));
        let is_parted =
            |start: usize| start > 0 && (value[start - 1] == b';' || is_blank(value[start - 1]));
        if !is_parted(found) && !file.is_some_and(is_parted) {
            continue;
        }
        let mut place = at;
        if value.get(place) == Some(&b'*') {
            place += 1;
            place += value[place..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            place += usize::from(value.get(place) == Some(&b'*'));
        }
        if let Some(name) = parameter(value, place) {
            return Some(name);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_unfolded() {
        let fields = Fields::read(b"content-TYPE : a/b;\n\t c\nX: y\nContent-Type:d\r\n\nno");
        assert_eq!(fields.types, [b"a/b; c".to_vec(), b"d".to_vec()]);
        assert_eq!(
            fields.media_type(b"x/y"),
            (b"a/b".to_vec(), b"a/b; c".to_vec())
        );
        assert_eq!(Fields::default().media_type(b""), (vec![], vec![]));
    }

    #[test]
    fn parameters_are_read() {
        assert_eq!(boundary(b"a; Boundary = \"b\\\"c \"").unwrap(), b"b\\\"c");
        assert_eq!(boundary(b"boundary=\"a boundary=b;c").unwrap(), b"b");
        assert_eq!(boundary(b"boundary=\"\" boundary=b"), None);
        let charset = |value: &[u8]| {
            let types = vec![value.to_vec()];
            Fields {
                types,
                ..Fields::default()
            }
            .charset()
        };
        assert_eq!(charset(b"charset=; charset = \"utf-8\""), b"utf-8");
        assert_eq!(charset(b"a/b"), b"");
    }

    #[test]
    fn names_are_seen() {
        let named = |value: &[u8]| {
            let types = vec![value.to_vec()];
            Fields {
                types,
                ..Fields::default()
            }
            .names_content()
        };
        assert_eq!(named(b"a/b; name=x"), Some(true));
        assert_eq!(named(b"a/b; filename*0*=\"x\""), Some(true));
        assert_eq!(named(b"a/b; surname=x"), Some(false));
        assert_eq!(named(b"a/b; name=\"\""), None);
        assert_eq!(named(b"a/b; name=\"=?utf-8?q??=\""), None);
    }
}

//! Where the header of a message ends and where its fields stand (evidence/bulk/header.py);
//! None for a header that Python has more to say of.

use crate::memory::find;

/// What is read of a header at most, and of one field.
pub const MAX_HEADER: usize = 102_400;
pub const MAX_FIELDS: usize = 10_000;

/// A field: its name and all its bytes, as places in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub start: u32,
    pub name: u32, // its length; 0 for a line that is no field
    pub stop: u32,
}

/// The fields of a header.
#[derive(Default)]
pub struct Header {
    pub fields: Vec<Field>,
    /// Whether a mailbox's separator stands before the fields.
    pub separator: bool,
    lines: usize, // that end with CR LF
}

/// Fields that may stand once (mail/field_names.py, `ONCE`).
pub struct Names {
    pub once: Vec<Vec<u8>>,
}

/// The bytes of a name: printable ASCII but the colon (RFC 5322 section 2.2).
const NAME: [bool; 256] = {
    let mut set = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        set[byte as usize] = byte != b':';
        byte += 1;
    }
    set
};

impl Header {
    /// Splits the header of `data`; whether this could be done here.
    pub fn read(&mut self, data: &[u8], names: &Names) -> bool {
        self.fields.clear();
        self.separator = false;
        let block = &data[..data.len().min(MAX_HEADER)];
        let Some(stop) = self.split(block, block.len() == data.len()) else {
            return false;
        };
        !self.fields.is_empty()
            && self.fields.len() <= MAX_FIELDS
            && !is_damaged(&data[..stop], self.lines)
            && self.is_plain(data)
            && !self.goes_on(data, stop, names)
    }

    /// Cuts the block into fields, line by line, up to the first empty line of the first
    /// line's form, or to its end where it is the whole message; where that stands. None
    /// where it has neither, or a line that may be a boundary.
    fn split(&mut self, block: &[u8], whole: bool) -> Option<usize> {
        let size_of = |rest: &[u8]| line_size(rest).or(whole.then_some(rest.len()));
        let (mut at, mut size) = (0, size_of(block).filter(|&size| size > 0)?);
        let crlf = block[..size].ends_with(b"\r\n");
        self.lines = 0;
        loop {
            let line = &block[at..at + size];
            self.lines += usize::from(line.ends_with(b"\r\n"));
            if at > 0 && matches!(line[0], b' ' | b'\t') {
                let last = self.fields.last_mut()?;
                last.stop = (at + size) as u32;
            } else {
                let name = name_length(line) as u32;
                self.fields.push(Field {
                    start: at as u32,
                    name,
                    stop: (at + size) as u32,
                });
            }
            at += size;
            let rest = &block[at..];
            match rest {
                [] if whole => return Some(at),
                [b'\r', b'\n', ..] if crlf => return Some(at),
                [b'\n', ..] if !crlf => return Some(at),
                [b'-', b'-', ..] => return None,
                _ => {}
            }
            size = size_of(rest)?;
        }
    }

    /// Whether every name begins with a letter, and what is no field is a separator alone.
    fn is_plain(&mut self, data: &[u8]) -> bool {
        let mut nameless = 0;
        for field in &self.fields {
            if field.name == 0 {
                nameless += 1;
                let raw = &data[field.start as usize..field.stop as usize];
                if !(raw.starts_with(b"From ") || raw.starts_with(b">From ")) {
                    return false;
                }
            } else if !data[field.start as usize].is_ascii_alphabetic() {
                return false;
            }
        }
        self.separator = nameless == 1;
        nameless == 0 || (nameless == 1 && self.fields.len() > 1)
    }

    /// Whether the header may go on beyond the empty line at `stop` (mail/beyond.py, `GAP`).
    fn goes_on(&self, data: &[u8], stop: usize, names: &Names) -> bool {
        let mut at = stop;
        for _ in 0..4 {
            match blank_line(&data[at..]) {
                Some(size) => at += size,
                None => break,
            }
        }
        let rest = &data[at..];
        if begins_like_a_fold(rest) {
            return true;
        }
        let Some(name) = begins_like_a_field(rest) else {
            return false;
        };
        let name = name.to_ascii_lowercase();
        !(names.once.contains(&name) && self.fields.iter().any(|field| field.is(data, &name)))
    }
}

impl Field {
    /// Whether it is called `name`, which is in lower case.
    #[inline(always)]
    pub fn is(&self, data: &[u8], name: &[u8]) -> bool {
        self.name as usize == name.len()
            && data[self.start as usize..][..name.len()].eq_ignore_ascii_case(name)
    }
}

/// The size of the first line with its end; None where it has none.
fn line_size(data: &[u8]) -> Option<usize> {
    find(data, b'\n').map(|place| place + 1)
}

/// Whether a block holds NULs, or carriage returns that end no line; `lines` end with both.
fn is_damaged(block: &[u8], lines: usize) -> bool {
    if lines == 0 {
        return find(block, 0).is_some() || find(block, b'\r').is_some();
    }
    // in pieces whose counts fit a byte, for then many bytes are looked at in one step
    let (mut returns, mut nuls) = (0, 0u8);
    for piece in block.chunks(128) {
        returns += usize::from(
            piece
                .iter()
                .map(|&byte| u8::from(byte == b'\r'))
                .sum::<u8>(),
        );
        nuls |= piece
            .iter()
            .map(|&byte| u8::from(byte == 0))
            .fold(0, |all, one| all | one);
    }
    nuls != 0 || returns != lines
}

fn name_length(line: &[u8]) -> usize {
    let size = line.iter().take_while(|&&byte| NAME[byte as usize]).count();
    let blank = line[size..]
        .iter()
        .take_while(|&&byte| byte == b' ' || byte == b'\t')
        .count();
    if line.get(size + blank) == Some(&b':') {
        size
    } else {
        0
    }
}

fn blank_line(data: &[u8]) -> Option<usize> {
    let blank = data
        .iter()
        .take_while(|&&byte| byte == b' ' || byte == b'\t')
        .count();
    match &data[blank..] {
        [b'\n', ..] => Some(blank + 1),
        [b'\r', b'\n', ..] => Some(blank + 2),
        _ => None,
    }
}

fn begins_like_a_fold(data: &[u8]) -> bool {
    const WORDS: [&[u8]; 13] = [
        b"by", b"with", b"id", b"for", b"via", b"(", b"Mon,", b"Tue,", b"Wed,", b"Thu,", b"Fri,",
        b"Sat,", b"Sun,",
    ];
    let blank = data
        .iter()
        .take_while(|&&byte| byte == b' ' || byte == b'\t')
        .count();
    blank > 0
        && WORDS.iter().any(|word| {
            data[blank..].starts_with(word)
                && matches!(data.get(blank + word.len()), Some(b' ' | b'\t'))
        })
}

fn begins_like_a_field(data: &[u8]) -> Option<&[u8]> {
    const NAMES: [&[u8]; 8] = [
        b"from",
        b"to",
        b"cc",
        b"subject",
        b"date",
        b"received",
        b"sender",
        b"references",
    ];
    let size = data
        .iter()
        .take_while(|&&b| b.is_ascii_alphabetic() || b == b'-')
        .take(62)
        .count();
    let name = &data[..size];
    let colon = size + usize::from(matches!(data.get(size), Some(b' ' | b'\t')));
    if data.get(colon) != Some(&b':') || data.get(colon + 1) == Some(&b'/') {
        return None;
    }
    let hyphen = name.iter().position(|&byte| byte == b'-');
    let known = match hyphen {
        Some(place) => (1..=20).contains(&place) && (1..=40).contains(&(size - place - 1)),
        None => NAMES.iter().any(|one| name.eq_ignore_ascii_case(one)),
    };
    known.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: &[u8]) -> Option<Vec<&[u8]>> {
        let names = Names {
            once: vec![b"from".to_vec()],
        };
        let mut header = Header::default();
        header.read(data, &names).then(|| {
            let fields = header.fields.iter();
            fields
                .map(|f| &data[f.start as usize..f.stop as usize])
                .collect()
        })
    }

    #[test]
    fn fields_with_their_folds() {
        let fields = read(b"From: a\n b\nTo : c\n\nbody").unwrap();
        assert_eq!(fields, [&b"From: a\n b\n"[..], b"To : c\n"]);
        assert!(read(b"From: a\r\n b\r\n\r\nbody").is_some());
    }

    #[test]
    fn a_header_without_a_body() {
        assert_eq!(read(b"A: b").unwrap(), [b"A: b"]);
        assert_eq!(read(b"A: b\nC: d\n").unwrap(), [b"A: b\n", b"C: d\n"]);
        let mut long = b"A: b\n".to_vec();
        long.resize(MAX_HEADER + 1, b'c');
        assert_eq!(read(&long), None);
    }

    #[test]
    fn what_is_broken_is_left_alone() {
        let broken: [&[u8]; 12] = [
            b"",
            b"\n",
            b"A",
            b"A: b\r",
            b"A: b\r\n\nx",
            b"A: b\rc\n\n",
            b"A: \0\n\n",
            b"A: b\n--x\n\n",
            b"9: a\n\n",
            b"x\nA: b\n\n",
            b"From x\n\n",
            b"A: b\n\nFrom: x\n",
        ];
        for data in broken {
            assert_eq!(read(data), None, "{}", data.escape_ascii());
        }
        assert!(read(b"From: b\n\nFrom: x\n").is_some());
        assert!(read(b"From x\nA: b\n\n").is_some());
    }
}

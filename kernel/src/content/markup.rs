//! What HTML keeps from the kit it was made with (evidence/markup.py): found in the text,
//! never parsed.

use super::search::{find, folded, run, solid_run, stands_at, words};
use crate::letters::lower;

/// Numbers that Python tells.
pub struct Limits {
    pub forms: usize,
    pub inputs: usize, // of one form
    pub names: usize,  // different comments, names of classes, colours
}

const QUOTES: [u8; 2] = [b'"', b'\''];
const CAPITALS: [&[u8]; 2] = [b"<FORM", b"<IMG"];

/// Different texts in lower case, of the first so many different ones.
struct Once<'a> {
    most: usize,
    written: Vec<&'a str>,
    lowered: Vec<Vec<u8>>,
}

impl<'a> Once<'a> {
    fn new(most: usize) -> Once<'a> {
        Once {
            most,
            written: Vec::new(),
            lowered: Vec::new(),
        }
    }

    /// Whether one more may come.
    fn has_room(&self) -> bool {
        self.written.len() < self.most
    }

    fn add(&mut self, text: &'a str) -> Option<()> {
        if self.has_room() && !self.written.contains(&text) {
            self.written.push(text);
            let mut lowered = Vec::with_capacity(text.len());
            lower(text, &mut lowered)?;
            if !self.lowered.contains(&lowered) {
                self.lowered.push(lowered);
            }
        }
        Some(())
    }

    fn add_all(&self, out: &mut Vec<u8>) {
        for one in &self.lowered {
            out.extend_from_slice(one);
            out.push(b' ');
        }
    }
}

/// The text of a page, and the places of its opening angle brackets.
pub struct Page<'a> {
    text: &'a str,
    bytes: &'a [u8],
    brackets: Vec<usize>,
}

impl<'a> Page<'a> {
    /// Brackets behind the text do not count.
    pub fn new(text: &'a str, mut brackets: Vec<usize>) -> Page<'a> {
        let within = brackets.partition_point(|&place| place < text.len());
        brackets.truncate(within);
        Page {
            text,
            bytes: text.as_bytes(),
            brackets,
        }
    }

    /// Whether an older program wrote its tags in capitals.
    pub fn has_capitals(&self) -> bool {
        CAPITALS.iter().any(|tag| self.all(tag).next().is_some())
    }

    /// All places of what begins with an angle bracket.
    fn all<'b>(&'b self, tag: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
        let places = self.brackets.iter().copied();
        places.filter(move |&place| stands_at(self.bytes, tag, place))
    }

    /// Adds forms: a line each, where it leads and the names of its fields, a blank between.
    pub fn forms(&self, limits: &Limits, out: &mut Vec<u8>) -> Option<()> {
        for found in self.all(b"<form").take(limits.forms) {
            let start = found + b"<form".len();
            let at = run(self.text, start, 1_000, is_bracket);
            let end = find(self.bytes, b"</form", at).unwrap_or(self.text.len());
            let first = values(&self.text[start..at], "action=", 400).next();
            lower(first.unwrap_or_default(), out)?;
            let mut inputs = Once::new(limits.names);
            for input in values(&self.text[at..end], "name=", 60) {
                inputs.add(input)?;
            }
            for input in inputs.lowered.iter().take(limits.inputs) {
                out.push(b' ');
                out.extend_from_slice(input);
            }
            out.push(b'\n');
        }
        Some(())
    }

    /// Adds comments, each before a line feed.
    pub fn comments(&self, limits: &Limits, out: &mut Vec<u8>) -> Option<()> {
        let mut once = Once::new(limits.names);
        for found in self.all(b"<!--") {
            let start = found + b"<!--".len();
            let end = run(self.text, start, 300, is_bracket);
            if end > start && self.bytes.get(end) == Some(&b'>') {
                once.add(&self.text[start..end])?;
            }
        }
        for one in once.lowered {
            folded(String::from_utf8(one).ok()?.trim_end_matches('-'), out);
            out.push(b'\n');
        }
        Some(())
    }

    /// Adds the names of classes, each before a blank.
    pub fn names(&self, limits: &Limits, out: &mut Vec<u8>) -> Option<()> {
        let mut once = Once::new(limits.names);
        let mut at = 0;
        while let Some(found) = find(self.bytes, b"class=", at).filter(|_| once.has_room()) {
            let start = behind_quote(self.text, found + b"class=".len());
            at = run(self.text, start, 200, |byte| {
                is_quote(byte) || is_bracket(byte) || byte == b'='
            });
            for word in words(&self.text[start..at]) {
                once.add(word)?;
            }
        }
        once.add_all(out);
        Some(())
    }

    /// Adds colours, each before a blank.
    pub fn colours(&self, limits: &Limits, out: &mut Vec<u8>) -> Option<()> {
        let mut once = Once::new(limits.names);
        let mut at = 0;
        while let Some(found) = find(self.bytes, b"#", at).filter(|_| once.has_room()) {
            at = found + 1;
            let digits = self.bytes[at..].iter().take(7);
            let digits = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
            if digits == 6
                && !self
                    .bytes
                    .get(at + 6)
                    .is_some_and(u8::is_ascii_alphanumeric)
            {
                once.add(&self.text[at..at + 6])?;
            }
        }
        once.add_all(out);
        Some(())
    }

    /// Adds the title.
    pub fn title(&self, out: &mut Vec<u8>) -> Option<()> {
        for found in self.all(b"<title") {
            let at = run(self.text, found + b"<title".len(), 200, is_bracket);
            if self.bytes.get(at) == Some(&b'>') {
                let end = run(self.text, at + 1, 300, is_bracket);
                if end > at + 1 {
                    let mut title = Vec::new();
                    folded(&self.text[at + 1..end], &mut title);
                    return lower(std::str::from_utf8(&title).ok()?, out);
                }
            }
        }
        Some(())
    }
}

/// The values of an attribute, which hold neither white space nor quotes.
fn values<'a>(text: &'a str, name: &'a str, most: usize) -> impl Iterator<Item = &'a str> {
    let mut at = 0;
    std::iter::from_fn(move || loop {
        let start = behind_quote(
            text,
            find(text.as_bytes(), name.as_bytes(), at)? + name.len(),
        );
        at = solid_run(text, start, most, |byte| is_quote(byte) || is_bracket(byte));
        if at > start {
            return Some(&text[start..at]);
        }
    })
}

fn is_bracket(byte: u8) -> bool {
    matches!(byte, b'<' | b'>')
}

fn is_quote(byte: u8) -> bool {
    QUOTES.contains(&byte)
}

fn behind_quote(text: &str, at: usize) -> usize {
    at + usize::from(text.as_bytes().get(at).is_some_and(|&byte| is_quote(byte)))
}

#[cfg(test)]
mod tests {
    use super::super::search::places;
    use super::*;

    const LIMITS: Limits = Limits {
        forms: 2,
        inputs: 2,
        names: 3,
    };

    fn told<'a>(text: &'a str, part: fn(&Page<'a>, &Limits, &mut Vec<u8>) -> Option<()>) -> String {
        let mut out = Vec::new();
        part(&page(text), &LIMITS, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn page(text: &str) -> Page<'_> {
        Page::new(text, places(text.as_bytes(), b'<'))
    }

    #[test]
    fn what_a_kit_keeps_is_found() {
        let form = "<form action=\"A\"><input name=x><input name='y'><input name=z></form><form>";
        assert_eq!(told(form, Page::forms), "a x y\n\n");
        assert_eq!(
            told("<!-- A  b--><!-- <!--C-->", Page::comments),
            "a b\nc\n"
        );
        assert_eq!(
            told("class=\"a B\" class=a class='' class=c", Page::names),
            "a b class "
        );
        assert_eq!(
            told("#ABCDEF #abcdef #1234567 #12345g #123456", Page::colours),
            "abcdef 123456 "
        );
        let mut out = Vec::new();
        page("<title <title x>A  B</title>")
            .title(&mut out)
            .unwrap();
        assert_eq!(out, b"a b");
        assert!(page("a<IMG>").has_capitals() && !page("<img>").has_capitals());
    }
}

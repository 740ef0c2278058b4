//! Whether a file is one message, and whether a message carries no other: said only where it
//! is beyond doubt. What looks like more, and what is damaged, is left to Python
//! (mail/sources/), which finds out what it is.

pub mod attached;
pub mod form;
pub mod literals;
pub mod text;

use crate::content::mime::{Leaf, Leaves};
use crate::content::search::{has_letters, is_blank};
use crate::content::transfer;
use crate::header::{Header, Names};
use attached::Holds;
use literals::Literals;
use text::Texts;

const LOOKED_AT: usize = 2_048; // bytes of a part that tell what it is
const DEEPEST: usize = 64; // multiparts in each other, whatever Python allows

const ORIGINAL: u32 = 1; // the bit of the first sign

/// What Python tells: names and words, in lower case where their case does not count.
pub struct Look {
    signs: Literals, // of a bounce, and of a message that is attached as it came
    part: Literals,  // the same of a part, and of one whose header is a message's
    texts: Texts,
    form: form::Names,
    files: attached::Names,
    subject: Vec<Vec<u8>>, // words of a bounce's subject
    plain: Names,
}

/// Limits of a message.
pub struct Limits {
    pub parts: usize,
    pub depth: usize,
}

/// How much a header looks like a bounce's.
struct Signs {
    bounce: bool,
    original: bool,
}

impl Look {
    /// Lists of texts: a NUL between two lists, a line feed between two texts.
    pub fn read(told: &[u8]) -> Option<Look> {
        let lists: Vec<Vec<Vec<u8>>> = told
            .split(|&byte| byte == 0)
            .map(|list| {
                list.split(|&byte| byte == b'\n')
                    .map(<[u8]>::to_vec)
                    .collect()
            })
            .collect();
        let [original, bounce, subject, held, fields, originators, traces, containers, behind] =
            lists.try_into().ok()?;
        Some(Look {
            part: Literals::new([&original[..], &[b"received".to_vec()]].concat(), true)?,
            signs: Literals::new([original, bounce].concat(), true)?,
            texts: Texts::new(held, fields)?,
            form: form::Names {
                originators,
                traces,
            },
            files: attached::Names { containers, behind },
            subject,
            plain: Names { once: Vec::new() },
        })
    }

    /// Whether a file that begins so is one message and nothing else; `named` as one.
    pub fn is_message(&self, data: &[u8], named: bool) -> Option<()> {
        let header = self.header(data)?;
        form::is_message(data, &header, named, &self.form)
    }

    /// Whether a message carries no other.
    pub fn carries_none(&self, data: &[u8], limits: &Limits) -> Option<()> {
        let header = self.header(data)?;
        let end = header.fields.last()?.stop as usize;
        let body = end + form::line_end(&data[end..]);
        let signs = self.signs(data, &header, end);
        if signs.original || (signs.bounce && text::shows_parts(data)) {
            return None;
        }
        let mut leaves = Leaves::new(data, limits.parts, limits.depth.min(DEEPEST));
        leaves.read(end, body)?;
        if leaves.cut {
            return None;
        }
        for leaf in &leaves.found {
            self.holds_none(data, leaf, signs.bounce)?;
        }
        if leaves.found.is_empty() && self.texts.may_hold(&data[body..]) {
            return None;
        }
        (!signs.bounce || !self.texts.begins_field(&data[body..])).then_some(())
    }

    fn header(&self, data: &[u8]) -> Option<Header> {
        let mut header = Header::default();
        (header.read(data, &self.plain) && !header.separator).then_some(header)
    }

    fn signs(&self, data: &[u8], header: &Header, end: usize) -> Signs {
        let block = &data[..end];
        let by_subject = || {
            let fields = header
                .fields
                .iter()
                .map(|field| &block[field.start as usize..]);
            let mut subjects = fields.filter(|raw| has_letters(raw, 0, b"subject:"));
            subjects.any(|raw| {
                let line = raw.split(|&byte| byte == b'\n').next().unwrap_or_default();
                let holds = |word: &Vec<u8>| {
                    let mut places = line.windows(word.len());
                    places.any(|place| place.eq_ignore_ascii_case(word))
                };
                self.subject.iter().any(holds)
            })
        };
        let signs = self.signs.among(block);
        Signs {
            bounce: signs > ORIGINAL || by_subject(),
            original: signs & ORIGINAL != 0,
        }
    }

    /// Whether a part holds no message.
    fn holds_none(&self, data: &[u8], leaf: &Leaf, bounce: bool) -> Option<()> {
        let header = &data[leaf.header.clone()];
        let within = leaf.header.start > 0;
        if within && self.part.any_in(header) {
            return None;
        }
        let kind = leaf.kind.as_slice();
        let stored = &data[leaf.body.clone()];
        let is_text = kind.starts_with(b"text/") || !kind.contains(&b'/');
        let attached = leaf.fields.dispositions.first();
        if kind.starts_with(b"text/rfc822") {
            return None;
        }
        if !is_text
            || leaf.fields.names_content()?
            || attached.is_some_and(|value| has_letters(value, 0, b"attachment"))
        {
            return match attached::held(stored, kind, &leaf.fields, &self.files)? {
                Holds::Nothing => Some(()),
                Holds::Text(text) => (!self.texts.may_hold(&text)).then_some(()),
            };
        }
        let encoding = leaf.fields.encodings.first();
        let encoding = encoding.map(Vec::as_slice).unwrap_or_default();
        let content = transfer::decoded(stored, encoding)?;
        if matches!(content, std::borrow::Cow::Owned(_)) {
            let looked_at = &content[..content.len().min(LOOKED_AT)];
            if text::is_field(stored) || looked_at.contains(&0) {
                return None;
            }
        }
        if content.iter().all(|&byte| is_blank(byte)) {
            return Some(());
        }
        let returns = bounce && kind != b"text/html" && self.texts.begins_field(&content);
        (!returns && !self.texts.may_hold(&content)).then_some(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const TOLD: &[u8] = b"x-spam-type=original\0<>\nmailer-daemon\0fail\nreturn\
        \0eceived:\nbegin \0received\nfrom\0from\ndate\0received\nreturn-path\0zip\0from";

    pub(crate) fn look() -> Look {
        Look::read(TOLD).unwrap()
    }

    fn sure(data: &str) -> bool {
        let limits = Limits { parts: 3, depth: 2 };
        look().carries_none(data.as_bytes(), &limits).is_some()
    }

    #[test]
    fn a_text_carries_none() {
        assert!(sure("From: a\nSubject: b\n\ntext\nFrom: c\n"));
        assert!(sure("From: a\r\n\r\n"));
        assert!(!sure("From: a\n\nReceived: b\n"));
        assert!(!sure("From: a\n\nbegin 644 a\n"));
        assert!(!sure("From: a\nContent-Type: text/plain; name=b\n\ntext\n"));
        assert!(!sure("From: a\nContent-Disposition: Attachment\n\ntext\n"));
        assert!(!sure("From: a\nContent-Type: message/rfc822\n\ntext\n"));
        assert!(!sure("From: a\nX: x-spam-type=original\n\ntext\n"));
    }

    #[test]
    fn a_bounce_carries_none_without_fields_in_it() {
        assert!(sure("From: <>\n\ntext\n"));
        assert!(!sure("From: <>\n\ntext\n > From : c\n"));
        assert!(!sure("Subject: Returned mail\n\nFROM:c\n"));
        assert!(!sure("From: <>\n\n--b\nContent-Type: message/x\n"));
    }

    #[test]
    fn parts_are_looked_into() {
        let with = |part: &str| {
            sure(&format!(
                "From: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{part}\n--b--\n"
            ))
        };
        assert!(with("Content-Type: text/html\n\n<p>a"));
        assert!(with("Content-Transfer-Encoding: base64\n\nYWJj"));
        assert!(!with(
            "Content-Transfer-Encoding: base64\n\nUmVjZWl2ZWQ6IGE="
        ));
        assert!(!with(
            "Content-Transfer-Encoding: quoted-printable\n\nFrom: a"
        ));
        assert!(!with("Content-Type: image/png\n\na"));
        assert!(with("Content-Type: image/gif; name=a.gif\n\nGIF89"));
        assert!(!with("Content-Type: image/gif\n\nGIF89 received:"));
        assert!(!with("Received: a\n\na"));
        assert!(!with("X: a\n\n\n--b\n\n\n--b\n\n\n--b\n\n"));
    }
}

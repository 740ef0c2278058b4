//! The content of a message: text, tags, links and attachments as data, within the limits
//! that Python tells (evidence/content.py). What it is not sure to read as Python does, a
//! charset, an encoding, damage, it leaves to Python: the whole message.

pub mod charset;
pub mod fields;
pub mod footer;
pub mod html;
pub mod links;
pub mod markup;
pub mod mime;
pub mod references;
pub mod search;
pub mod transfer;

use std::borrow::Cow;

use crate::letters::lower;
use crate::objects::Objects;
use crate::wire::Wire;
use charset::Charsets;
use markup::Page;
use mime::{Leaf, Leaves};
use references::References;

/// What Python tells.
pub struct Reader {
    limits: Limits,
    charsets: Charsets,
    references: References,
}

struct Limits {
    text_bytes: usize, // of one text part, decoded
    links: usize,
    tags: usize,
    attachments: usize,
    parts: usize,
    depth: usize,
    footer: usize, // characters from the end
    markup_characters: usize,
    markup: markup::Limits,
}

impl Reader {
    pub fn read(wire: &mut Wire) -> Option<Reader> {
        let numbers = wire.u32s()?;
        let numbers: Vec<usize> = numbers.into_iter().map(|number| number as usize).collect();
        let [text_bytes, links, tags, attachments, parts, depth, footer, markup_characters, forms, inputs, names] =
            numbers.try_into().ok()?;
        Some(Reader {
            limits: Limits {
                text_bytes,
                links,
                tags,
                attachments,
                parts,
                depth,
                footer,
                markup_characters,
                markup: markup::Limits {
                    forms,
                    inputs,
                    names,
                },
            },
            charsets: Charsets::read(wire)?,
            references: References::read(wire)?,
        })
    }

    /// Writes the content of a message to `out`. `end` is where its header ends; its
    /// body begins a byte behind that.
    pub fn content(&self, data: &[u8], end: usize, listed: bool, out: &mut Vec<u8>) -> Option<()> {
        let limits = &self.limits;
        if end >= data.len() {
            return None;
        }
        let mut leaves = Leaves::new(data, limits.parts, limits.depth);
        leaves.read(end, end + 1)?;
        let sorted = self.sorted(data, &leaves.found)?;
        let without_footer = |text| footer::without_footer(text, limits.footer, listed);
        let mut texts = Texts::default();
        let kinds = leaves.found.iter().map(|leaf| leaf.kind.as_slice());
        texts.add(|out| {
            for kind in kinds {
                let text: String = kind.iter().map(|&byte| ascii(byte)).collect();
                out.extend_from_slice(text.as_bytes());
                out.push(b'\n');
            }
            Some(())
        })?;
        self.shown(
            without_footer(&sorted.plain),
            without_footer(&sorted.rich),
            &mut texts,
        )?;
        texts.write(leaves.cut, &sorted.attached, out)
    }

    fn sorted(&self, data: &[u8], leaves: &[Leaf]) -> Option<Sorted> {
        let mut sorted = Sorted::default();
        let (mut plain, mut rich) = (Vec::new(), Vec::new());
        for (number, leaf) in leaves.iter().enumerate() {
            let stored = &data[leaf.body.clone()];
            if leaf.kind.starts_with(b"text/") && !leaf.fields.names_content()? {
                let most = self.limits.text_bytes;
                let encoding = leaf.fields.encodings.first();
                let encoding = encoding.map(Vec::as_slice).unwrap_or_default();
                let content = transfer::decoded(&stored[..stored.len().min(2 * most)], encoding)?;
                let content = &content[..content.len().min(most)];
                let text = self.charsets.text(content, &leaf.fields.charset())?;
                if leaf.kind == b"text/html" {
                    rich.push(text);
                } else {
                    plain.push(text);
                }
            } else if sorted.attached.len() < self.limits.attachments {
                let (header, body) = (&leaf.header, &leaf.body);
                let places = [number, header.start, header.end, body.start, body.end];
                sorted.attached.push(places);
            }
        }
        sorted.plain = joined(plain);
        sorted.rich = joined(rich);
        Some(sorted)
    }

    /// Adds what is shown, and what stands behind it.
    fn shown(&self, plain: &str, rich: &str, texts: &mut Texts) -> Option<()> {
        let limits = &self.limits;
        let mut tags = Vec::new();
        let brackets = search::places(rich.as_bytes(), b'<');
        let stripped = match html::visible(rich, &brackets)? {
            Cow::Borrowed(all) => html::stripped(all, &brackets, limits.tags, &mut tags),
            Cow::Owned(part) => {
                let brackets = search::places(part.as_bytes(), b'<');
                html::stripped(&part, &brackets, limits.tags, &mut tags)
            }
        };
        let shown = self.references.resolved(&stripped)?;
        let (text, other) = if search::length(plain.as_bytes()) > search::length(shown.as_bytes()) {
            (plain, shown.as_ref())
        } else {
            (shown.as_ref(), plain)
        };
        for part in [text.as_bytes(), other.as_bytes(), &tags] {
            texts.add(|out| {
                out.extend_from_slice(part);
                Some(())
            })?;
        }
        let mut links = Vec::new();
        links::add_links(&self.references.resolved(rich)?, limits.links, &mut links)?;
        links::add_links(plain, limits.links, &mut links)?;
        texts.add(|out| {
            let mut told: Vec<&str> = Vec::with_capacity(limits.links);
            for link in &links {
                if told.len() < limits.links && !told.contains(&link.as_str()) {
                    told.push(link);
                    out.extend_from_slice(link.as_bytes());
                    out.push(b' ');
                }
            }
            Some(())
        })?;
        self.markup(rich, brackets, texts)
    }

    fn markup(&self, rich: &str, brackets: Vec<usize>, texts: &mut Texts) -> Option<()> {
        let rich = search::shortened(rich, self.limits.markup_characters);
        let mut page = Page::new(rich, brackets);
        let mut small = Vec::new();
        if page.has_capitals() {
            lower(rich, &mut small)?;
            let small = std::str::from_utf8(&small).ok()?;
            page = Page::new(small, search::places(small.as_bytes(), b'<'));
        }
        let limits = &self.limits.markup;
        texts.add(|out| page.forms(limits, out))?;
        texts.add(|out| page.comments(limits, out))?;
        texts.add(|out| page.names(limits, out))?;
        texts.add(|out| page.colours(limits, out))?;
        texts.add(|out| page.title(out))
    }
}

/// Texts with a line feed between; a single one as it is.
fn joined(mut texts: Vec<String>) -> String {
    match texts.len() {
        1 => texts.remove(0),
        _ => texts.join("\n"),
    }
}

/// The leaves of a body: texts, and the places of the rest.
#[derive(Default)]
struct Sorted {
    plain: String,
    rich: String,
    attached: Vec<[usize; 5]>, // number of the leaf, its header, its body
}

/// What is told, part by part: a text, or several, each before the same byte.
#[derive(Default)]
struct Texts {
    parts: Vec<Vec<u8>>,
}

impl Texts {
    fn add(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
        let mut part = Vec::new();
        write(&mut part)?;
        self.parts.push(part);
        Some(())
    }

    /// Writes an answer as one tuple: the parts in their order, the places of attachments,
    /// whether a limit kept something out.
    fn write(&self, cut: bool, attached: &[[usize; 5]], out: &mut Vec<u8>) -> Option<()> {
        let [kinds, text, other, tags, links, forms, comments, names, colours, title] =
            self.parts.as_slice()
        else {
            return None;
        };
        let mut to = Objects::new(out);
        to.tuple(12);
        several(kinds, b'\n', &mut to);
        to.text(text);
        to.text(other);
        several(tags, b' ', &mut to);
        several(links, b' ', &mut to);
        let forms: Vec<&[u8]> = listed(forms, b'\n').collect();
        to.tuple(forms.len());
        for form in forms {
            let words = form.split(|&byte| byte == b' ');
            to.tuple(words.clone().count());
            words.for_each(|word| to.shared(word));
        }
        several(comments, b'\n', &mut to);
        several(names, b' ', &mut to);
        several(colours, b' ', &mut to);
        to.text(title);
        to.tuple(attached.len());
        for places in attached {
            to.tuple(places.len());
            places.iter().for_each(|&place| to.number(place as i64));
        }
        to.answer(cut);
        Some(())
    }
}

/// The texts of a part, each before `end`.
fn listed(part: &[u8], end: u8) -> impl Iterator<Item = &[u8]> + Clone {
    part.split_inclusive(move |&byte| byte == end)
        .filter_map(move |one| one.strip_suffix(&[end]))
}

fn several<'a>(part: &'a [u8], end: u8, to: &mut Objects<'a, '_>) {
    let texts = listed(part, end);
    to.tuple(texts.clone().count());
    texts.for_each(|text| to.shared(text));
}

/// A byte as ASCII; one that is none becomes U+FFFD.
fn ascii(byte: u8) -> char {
    if byte.is_ascii() {
        char::from(byte)
    } else {
        char::REPLACEMENT_CHARACTER
    }
}

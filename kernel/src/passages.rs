//! The passages of a text with the smallest checksums (campaign/features/content.py,
//! `passages`): runs of words in lower case, digits masked.

use crate::checksum::crc32;
use crate::letters::{lower, may_be_digit};
use crate::text::space_at;

/// Numbers that Python tells.
pub struct Limits {
    pub words: usize,  // of a text that are looked at
    pub fewest: usize, // a shorter text has no passages
    pub run: usize,    // words of a passage
    pub kept: usize,   // passages
}

/// Adds the passages to `out`, each before a line feed; None where it is not sure how
/// Python reads the words.
pub fn passages(text: &str, limits: &Limits, out: &mut Vec<u8>) -> Option<()> {
    let mut words = Words::default();
    words.read(text, limits.words)?;
    if words.ends.len() < limits.fewest.max(limits.run).max(1) {
        return Some(());
    }
    let mut chosen: Vec<(u32, &[u8])> = Vec::with_capacity(limits.kept + 1);
    let mut start = 0;
    for (first, &end) in words.ends[limits.run.checked_sub(1)?..].iter().enumerate() {
        let run = &words.bytes[start..end];
        let one = (crc32(run), run);
        start = words.ends[first] + 1;
        if chosen.len() == limits.kept && chosen.last().is_some_and(|last| last.0 < one.0) {
            continue;
        }
        if let Err(place) = chosen.binary_search(&one) {
            chosen.insert(place, one);
            chosen.truncate(limits.kept);
        }
    }
    for (_, run) in chosen {
        out.extend_from_slice(run);
        out.push(b'\n');
    }
    Some(())
}

/// Words with a blank between them.
#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Words {
    /// Reads the first words of a text: each byte is looked at once.
    fn read(&mut self, text: &str, most: usize) -> Option<()> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while self.ends.len() < most {
            while at < bytes.len() && space_at(text, at) > 0 {
                at += space_at(text, at);
            }
            let (begin, start) = (at, self.bytes.len());
            let (mut all, mut digits) = (0, true);
            while at < bytes.len() && space_at(text, at) == 0 {
                let byte = bytes[at];
                all |= byte;
                digits &= byte.is_ascii_digit();
                self.bytes.push(byte.to_ascii_lowercase());
                at += 1;
            }
            if at == begin {
                break;
            }
            if digits {
                self.bytes.truncate(start);
                self.bytes.push(b'#');
            } else if !all.is_ascii() {
                self.bytes.truncate(start);
                self.add(&text[begin..at])?;
            }
            self.ends.push(self.bytes.len());
            self.bytes.push(b' ');
        }
        Some(())
    }

    /// Adds a word with letters beyond ASCII.
    fn add(&mut self, word: &str) -> Option<()> {
        if word.chars().all(|c| c.is_ascii_digit() || may_be_digit(c)) {
            return None;
        }
        lower(word, &mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, kept: usize) -> Option<String> {
        let limits = Limits {
            words: 6,
            fewest: 4,
            run: 3,
            kept,
        };
        let mut out = Vec::new();
        passages(text, &limits, &mut out)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn runs_are_told_once_the_smallest_first() {
        assert_eq!(told("a b c", 9).as_deref(), Some(""));
        let all = told("A b\u{a0}\u{3000}C  12 a B c", 9).unwrap();
        let mut runs: Vec<&str> = all.lines().collect();
        assert!(runs
            .windows(2)
            .all(|two| crc32(two[0].as_bytes()) < crc32(two[1].as_bytes())));
        assert_eq!(
            told("A b C 12 a B c", 2)
                .unwrap()
                .lines()
                .collect::<Vec<_>>(),
            runs[..2]
        );
        runs.sort_unstable();
        assert_eq!(runs, ["# a b", "a b c", "b c #", "c # a"]);
    }

    #[test]
    fn digits_of_other_scripts_are_left_to_python() {
        assert_eq!(told("a b c \u{661}", 9), None);
        assert!(told("a b c \u{661}x", 9).is_some());
    }
}

//! The footer that a mailing list puts below a text (evidence/content.py).

use super::search::{behind_blanks, find, length};
use crate::text::is_space;

const SHORTEST_RULE: usize = 25;
const MAILMANS_RULE: std::ops::RangeInclusive<usize> = 40..=60;
const LONGEST: usize = 100; // characters of what the footer of Mailman tells

/// A text without its footer, which begins in its last `most` characters: that of a message
/// that was `listed`, or one of Mailman.
pub fn without_footer(text: &str, most: usize, listed: bool) -> &str {
    let bytes = text.as_bytes();
    let near = bytes.len().saturating_sub(most * 4); // no character has more bytes
    let mut rules = line_ends(bytes, near).filter(|&at| is_rule(&bytes[at + 1..]));
    let Some(first) = rules.next() else {
        return text;
    };
    let start = last_characters(text, most);
    let rules: Vec<usize> = std::iter::once(first)
        .chain(rules)
        .filter(|&at| at >= start)
        .collect();
    if !listed && !rules.iter().any(|&at| is_mailmans(&text[at + 1..])) {
        return text;
    }
    rules.first().map_or(text, |&at| &text[..at])
}

/// Where the last so many characters begin.
fn last_characters(text: &str, most: usize) -> usize {
    let from_end = text.char_indices().rev().nth(most.saturating_sub(1));
    from_end.map_or(0, |(start, _)| start)
}

fn line_ends(bytes: &[u8], start: usize) -> impl Iterator<Item = usize> + '_ {
    let mut at = start;
    std::iter::from_fn(move || {
        let found = find(bytes, b"\n", at)?;
        at = found + 1;
        Some(found)
    })
}

/// Whether a line of dashes stands here.
fn is_rule(bytes: &[u8]) -> bool {
    let start = behind_blanks(bytes, 0);
    let dashes = bytes[start..]
        .iter()
        .take_while(|&&byte| matches!(byte, b'-' | b'_'));
    let dashes = dashes.count();
    let rest = &bytes[behind_blanks(bytes, start + dashes)..];
    dashes >= SHORTEST_RULE && (rest.starts_with(b"\n") || rest.starts_with(b"\r\n"))
}

/// Whether the footer of Mailman stands here: a rule, "... mailing list", an address, a
/// link.
fn is_mailmans(text: &str) -> bool {
    let told = || {
        let (rule, text) = line(text)?;
        let (list, text) = line(text)?;
        let (address, text) = line(text)?;
        let list = list.strip_suffix(" mailing list")?;
        let (local, domain) = address.split_once('@')?;
        let is_short = |part: &str| (1..=LONGEST).contains(&length(part.as_bytes()));
        let is_solid = |part: &str| !part.contains(|c| c == '@' || is_space(c));
        Some(
            MAILMANS_RULE.contains(&rule.len())
                && rule.bytes().all(|byte| byte == b'_')
                && is_short(list)
                && [local, domain]
                    .iter()
                    .all(|part| is_short(part) && is_solid(part))
                && (text.starts_with("http://") || text.starts_with("https://")),
        )
    };
    text.starts_with('_') && told().unwrap_or(false)
}

/// A line without its end, and what stands behind it.
fn line(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.split_once('\n')?;
    Some((line.strip_suffix('\r').unwrap_or(line), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers_go() {
        let rule = "_".repeat(47);
        let mailman = format!("\n{rule}\r\nA mailing list\r\na@b.example\r\nhttps://b.example/");
        let text = format!("text{mailman}");
        assert_eq!(without_footer(&text, 2_000, false), "text");
        assert_eq!(without_footer(&text, 20, false), text);
        let text = "a\n --------------------------\t\nb";
        assert_eq!(without_footer(text, 2_000, true), "a");
        assert_eq!(without_footer(text, 2_000, false), text);
        assert_eq!(without_footer("\n----", 2_000, true), "\n----");
    }
}

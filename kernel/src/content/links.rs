//! The links in a text as written (evidence/content.py, `_links_in`).

use super::search::{find, has_letters, solid_run};

const LONGEST: usize = 400; // characters behind the slashes
const SLASHES: &[u8] = b"://";

/// Adds the links of a text to `links`, at most so many; None where a scheme is left to
/// Python.
pub fn add_links(text: &str, most: usize, links: &mut Vec<String>) -> Option<()> {
    let bytes = text.as_bytes();
    let (mut free, mut found) = (0, 0);
    let mut next = find(bytes, SLASHES, 0);
    while let Some(slashes) = next {
        if found == most {
            break;
        }
        if bytes[free..slashes].ends_with("\u{17f}".as_bytes()) {
            return None; // a long "s", which counts as one where case is not looked at
        }
        let scheme = ["https", "http"].into_iter().find_map(|scheme| {
            let start = slashes.checked_sub(scheme.len())?;
            (start >= free && has_letters(bytes, start, scheme.as_bytes())).then_some(start)
        });
        if let Some(start) = scheme {
            let rest = slashes + SLASHES.len();
            let end = solid_run(text, rest, LONGEST, |byte| {
                matches!(byte, b'"' | b'\'' | b'<' | b'>' | b')' | b']')
            });
            if end > rest {
                free = end;
                found += 1;
                links.push(text[start..end].to_string());
            }
        }
        next = find(bytes, SLASHES, free.max(slashes + 1));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found() {
        let mut links = Vec::new();
        add_links(
            "xhttp://a/http://b Https://c> ftp://d http:// https://e",
            3,
            &mut links,
        )
        .unwrap();
        assert_eq!(links, ["http://a/http://b", "Https://c", "https://e"]);
        add_links("http://f http://g", 1, &mut links).unwrap();
        assert_eq!(links[3..], ["http://f"]);
        assert_eq!(add_links("http\u{17f}://f", 1, &mut links), None);
    }
}

//! Some short texts looked for at once, in one pass: three bytes of each are compared with
//! many at a time, the whole text where they stand.

const BLOCK: usize = 32; // bytes that are compared at a time
const MARK: usize = 3; // bytes of a text that are compared so
const CASE: u8 = 0x20; // by which letters in either case differ
const COMMON_FIRST: &[u8] = b"etaoinsr-xhldcumfpgwyb:/vk<>jqz"; // as mail has them

struct Literal {
    text: Vec<u8>,
    mark: [u8; MARK], // the rarest bytes in a row; of two bytes the last is told twice
    last: usize,      // how far the last one stands behind the first
    place: usize,     // where they stand in the text
}

/// The texts.
pub struct Literals {
    all: Vec<Literal>,
    any_case: bool,
}

impl Literals {
    /// Texts of two bytes or more, 32 at most; in lower case for `any_case`.
    pub fn new(texts: Vec<Vec<u8>>, any_case: bool) -> Option<Literals> {
        let known = texts.len() <= 32 && texts.iter().all(|text| text.len() > 1);
        let all = known.then(|| texts.into_iter().map(|text| literal(text, any_case)))?;
        Some(Literals {
            all: all.collect(),
            any_case,
        })
    }

    /// Whether one of them stands somewhere.
    pub fn any_in(&self, data: &[u8]) -> bool {
        self.among(data) != 0
    }

    /// Which of them stand somewhere, a bit each.
    pub fn among(&self, data: &[u8]) -> u32 {
        let mut found = 0;
        let mut start = 0;
        while start < data.len() {
            let end = data.len().min(start + BLOCK);
            let near = match data.get(start..start + BLOCK + MARK - 1) {
                Some(block) => self.near(block),
                None => true,
            };
            if near {
                found |= self.at(data, start, end);
            }
            start = end;
        }
        found
    }

    /// Whether the mark of a text begins in a block, behind which the rest of one stands.
    fn near(&self, block: &[u8]) -> bool {
        let case = if self.any_case { CASE } else { 0 };
        let mut shifted = [[0; BLOCK]; MARK];
        for (shift, bytes) in shifted.iter_mut().enumerate() {
            for (byte, &given) in bytes.iter_mut().zip(&block[shift..]) {
                *byte = given | case;
            }
        }
        let mut near = [0u8; BLOCK];
        for Literal { mark, last, .. } in &self.all {
            let [one, two, three] = [&shifted[0], &shifted[1], &shifted[*last]];
            for at in 0..BLOCK {
                near[at] |= u8::from(one[at] == mark[0])
                    & u8::from(two[at] == mark[1])
                    & u8::from(three[at] == mark[2]);
            }
        }
        near.iter().fold(0, |all, &one| all | one) != 0
    }

    /// Which of them stand with their marks between two places.
    fn at(&self, data: &[u8], start: usize, end: usize) -> u32 {
        let mut found = 0;
        for (number, literal) in self.all.iter().enumerate() {
            let stands = |at: usize| {
                let begin = at.checked_sub(literal.place);
                let text = begin.and_then(|begin| data.get(begin..begin + literal.text.len()));
                text.is_some_and(|text| match self.any_case {
                    true => text.eq_ignore_ascii_case(&literal.text),
                    false => text == literal.text,
                })
            };
            let case = if self.any_case { CASE } else { 0 };
            let mut places = start..end;
            if places.any(|at| data[at] | case == literal.mark[0] && stands(at)) {
                found |= 1 << number;
            }
        }
        found
    }
}

fn literal(text: Vec<u8>, any_case: bool) -> Literal {
    let size = text.len().min(MARK);
    let rarities: Vec<usize> = text
        .windows(size)
        .map(|mark| mark.iter().map(rarity).sum())
        .collect();
    let place = (0..rarities.len())
        .max_by_key(|&place| rarities[place])
        .unwrap_or(0);
    let folded = |at: usize| {
        if any_case {
            text[place + at] | CASE
        } else {
            text[place + at]
        }
    };
    Literal {
        mark: [folded(0), folded(1), folded(size - 1)],
        last: size - 1,
        place,
        text,
    }
}

fn rarity(byte: &u8) -> usize {
    let lower = byte.to_ascii_lowercase();
    let rank = COMMON_FIRST.iter().position(|&common| common == lower);
    rank.unwrap_or(COMMON_FIRST.len() / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(texts: &[&str], any_case: bool) -> Literals {
        let texts = texts.iter().map(|text| text.as_bytes().to_vec());
        Literals::new(texts.collect(), any_case).unwrap()
    }

    #[test]
    fn texts_are_found() {
        let any = literals(&["<>", "abcd"], true);
        for text in ["<>", "x<>", "xABcd", "aabcdd", "<<>"] {
            for before in 0..70 {
                for after in [0, 1, 40] {
                    let text = [&"-".repeat(before), text, &"-".repeat(after)].concat();
                    assert!(any.any_in(text.as_bytes()), "{text}");
                }
            }
        }
        for text in ["", "<", "abc", "< >", "xabc", &"abc <".repeat(30)] {
            assert!(!any.any_in(text.as_bytes()), "{text}");
        }
        assert!(!literals(&["abc"], false).any_in(b"aBc"));
        assert_eq!(literals(&["ab", "bc", "ca"], false).among(b"bca"), 0b110);
    }
}

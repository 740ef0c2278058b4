//! IP addresses of the classes that a line's form knows, in their one canonical text
//! (evidence/host/address.py); None for what Python has more to say of.

/// Adds the canonical text of an address to `out`; whether it is one.
pub fn add(text: &[u8], out: &mut Vec<u8>) -> bool {
    if text.len() > 64 {
        return false;
    }
    match text {
        [b'[', inner @ .., b']'] if inner.contains(&b':') => add_six(inner, out),
        [b'[', inner @ .., b']'] => add_four(inner, out),
        _ if text.contains(&b':') => add_six(text, out),
        _ => add_four(text, out),
    }
}

fn add_four(text: &[u8], out: &mut Vec<u8>) -> bool {
    let mut octets = [0u8; 4];
    let mut count = 0;
    for part in text.split(|&byte| byte == b'.') {
        let digits = !part.is_empty() && part.len() <= 3 && part.iter().all(u8::is_ascii_digit);
        let value = part.iter().fold(0u32, |sum, byte| {
            sum * 10 + u32::from(byte.wrapping_sub(b'0'))
        });
        if !digits || value > 255 || count == 4 {
            return false;
        }
        octets[count] = value as u8;
        count += 1;
    }
    if count != 4 {
        return false;
    }
    for (place, octet) in octets.iter().enumerate() {
        if place > 0 {
            out.push(b'.');
        }
        push_decimal(*octet, out);
    }
    true
}

fn push_decimal(octet: u8, out: &mut Vec<u8>) {
    if octet >= 100 {
        out.push(b'0' + octet / 100);
    }
    if octet >= 10 {
        out.push(b'0' + octet / 10 % 10);
    }
    out.push(b'0' + octet % 10);
}

fn add_six(text: &[u8], out: &mut Vec<u8>) -> bool {
    let bare = text.split(|&byte| byte == b'%').next().unwrap_or(text);
    let starts_well = text
        .first()
        .is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':');
    match words(bare) {
        Some(words) if starts_well && !has_dotted_tail(&words) => {
            push_words(&words, out);
            true
        }
        _ => false,
    }
}

/// The eight words of an address without a dotted tail (RFC 4291 section 2.2).
fn words(text: &[u8]) -> Option<[u16; 8]> {
    let (mut words, mut count, mut gap) = ([0; 8], 0, None);
    let mut rest = text;
    if let [b':', b':', behind @ ..] = text {
        (gap, rest) = (Some(0), behind);
    }
    while !rest.is_empty() {
        let (word, size) = hexadecimal(rest)?;
        if size == 0 || count == 8 {
            return None;
        }
        words[count] = word;
        count += 1;
        rest = match &rest[size..] {
            [b':', b':', behind @ ..] if gap.is_none() => {
                gap = Some(count);
                behind
            }
            [b':', behind @ ..] if !behind.is_empty() => behind,
            [] => &[],
            _ => return None,
        };
    }
    match gap {
        // at least one word is left out
        Some(gap) if count < 8 => {
            words.copy_within(gap..count, 8 - (count - gap));
            words[gap..8 - (count - gap)].fill(0);
            Some(words)
        }
        None if count == 8 => Some(words),
        _ => None,
    }
}

/// The number that a text begins with, and its digits; None where it has too many.
fn hexadecimal(text: &[u8]) -> Option<(u16, usize)> {
    let (mut word, mut size) = (0, 0);
    while let Some(digit) = text.get(size).and_then(|&byte| (byte as char).to_digit(16)) {
        if size == 4 {
            return None;
        }
        word = word << 4 | digit as u16;
        size += 1;
    }
    Some((word, size))
}

/// The canonical text (RFC 5952 section 4): the longest run of zeros left out.
fn push_words(words: &[u16; 8], out: &mut Vec<u8>) {
    let (mut start, mut size) = (8, 1); // one zero is written
    let mut at = 0;
    while at < 8 {
        let zeros = words[at..].iter().take_while(|&&word| word == 0).count();
        if zeros > size {
            (start, size) = (at, zeros);
        }
        at += zeros + 1;
    }
    for (place, &word) in words.iter().enumerate() {
        if place == start {
            out.extend_from_slice(b"::");
        }
        if (start..start + size).contains(&place) {
            continue;
        }
        if place > 0 && place != start + size {
            out.push(b':');
        }
        push_hexadecimal(word, out);
    }
}

fn push_hexadecimal(word: u16, out: &mut Vec<u8>) {
    let digits = (16 - (word | 1).leading_zeros()).div_ceil(4);
    for place in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(word >> (4 * place) & 15) as usize]);
    }
}

/// Whether a C library writes its tail as IPv4, which Python looks at again.
fn has_dotted_tail(words: &[u16; 8]) -> bool {
    words[..5].iter().all(|&word| word == 0) && words[5..] != [0, 0, 1]
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    fn canonical(text: &str) -> Option<String> {
        let mut out = Vec::new();
        add(text.as_bytes(), &mut out).then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn addresses_have_one_text() {
        assert_eq!(canonical("127.000.000.01").as_deref(), Some("127.0.0.1"));
        assert_eq!(canonical("[192.0.2.7]").as_deref(), Some("192.0.2.7"));
        assert_eq!(canonical("2603:10B6::00a").as_deref(), Some("2603:10b6::a"));
        assert_eq!(
            canonical("2001:db8:0:0:1:0:0:1%7").as_deref(),
            Some("2001:db8::1:0:0:1")
        );
        assert_eq!(canonical("::1").as_deref(), Some("::1"));
    }

    #[test]
    fn six_is_read_and_written_as_by_the_standard_library() {
        let (mut seed, signs) = (1u64, b"0012afF::::");
        for _ in 0..400_000 {
            let mut text = Vec::new();
            for _ in 0..seed % 21 + 2 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push(signs[(seed >> 33) as usize % signs.len()]);
            }
            let known: Option<Ipv6Addr> = std::str::from_utf8(&text)
                .ok()
                .and_then(|text| text.parse().ok());
            assert_eq!(words(&text), known.map(|one| one.segments()), "{text:?}");
            if let Some(one) = known.filter(|one| !has_dotted_tail(&one.segments())) {
                let mut out = Vec::new();
                push_words(&one.segments(), &mut out);
                assert_eq!(String::from_utf8(out).unwrap(), one.to_string());
            }
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "999.1.1.1",
            "1.2.3",
            "::ffff:102:304",
            "1::2::3",
            ":::",
            "::",
            "1.2.3.4.5",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }
}

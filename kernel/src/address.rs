//! IP addresses of the classes that a line's form knows, in their one canonical text
//! (evidence/host/address.py); None for what Python has more to say of.

use std::io::Write;
use std::net::Ipv6Addr;

/// Adds the canonical text of an address to `out`; whether it is one.
pub fn add(text: &[u8], out: &mut Vec<u8>) -> bool {
    if text.len() > 64 {
        return false;
    }
    match text {
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
    let Some(address) = std::str::from_utf8(bare)
        .ok()
        .and_then(|text| text.parse().ok())
    else {
        return false;
    };
    if !starts_well || has_dotted_tail(&address) {
        return false;
    }
    write!(out, "{address}").is_ok()
}

/// Whether a C library writes its tail as IPv4, which Python looks at again.
fn has_dotted_tail(address: &Ipv6Addr) -> bool {
    let words = address.segments();
    words[..5].iter().all(|&word| word == 0) && *address != Ipv6Addr::LOCALHOST
}

#[cfg(test)]
mod tests {
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

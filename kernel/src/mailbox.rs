//! The mailbox of a From field of a usual form (evidence/identity/address_field.py,
//! `_usual`), or of names with commas in front of one address between angle brackets, which
//! may be the first of several; any other field is handed over.

/// One name and one address, by their places in the value.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Usual {
    /// As written, before its encoded words are decoded and its ends stripped.
    pub name: (usize, usize),
    /// The local part; the address goes on to the end of the domain.
    pub local: (usize, usize),
    pub domain: (usize, usize),
}

fn is_atom(byte: u8) -> bool {
    !(byte <= 32 && byte != 0 && matches!(byte, 9..=13 | 28..=32)
        || b"<>\"(),;:@\\'?".contains(&byte))
}

fn atom_end(value: &[u8], from: usize) -> usize {
    from + value[from..]
        .iter()
        .take_while(|&&byte| is_atom(byte))
        .count()
}

/// The mailbox in `value`; None where it is of no usual form.
pub fn usual(value: &[u8]) -> Option<Usual> {
    in_brackets(value)
        .or_else(|| bare(value))
        .or_else(|| behind_names(value))
        .or_else(|| behind_quotes(value))
        .or_else(|| first_of_several(value))
        .filter(|found| {
            let domain = &value[found.domain.0..found.domain.1];
            domain.iter().all(|byte| (32..127).contains(byte))
                && domain.iter().any(|&byte| byte != b'.')
        })
}

/// Local part and domain from `from` on, and where they end.
fn address(value: &[u8], from: usize) -> Option<Usual> {
    let at = atom_end(value, from);
    if at == from || value.get(at) != Some(&b'@') {
        return None;
    }
    let stop = atom_end(value, at + 1);
    (stop > at + 1).then_some(Usual {
        name: (0, 0),
        local: (from, at),
        domain: (at + 1, stop),
    })
}

fn in_brackets(value: &[u8]) -> Option<Usual> {
    let (name, open) = if value.first() == Some(&b'"') {
        let stop = 1 + value[1..]
            .iter()
            .position(|&byte| byte == b'"' || byte == b'\\')?;
        if value[stop] == b'\\' {
            return None;
        }
        (
            (1, stop),
            stop + 1 + usize::from(value.get(stop + 1) == Some(&b' ')),
        )
    } else {
        let open = value
            .iter()
            .position(|byte| b"\"\\()<>,;:@".contains(byte))?;
        ((0, open), open)
    };
    if value.get(open) != Some(&b'<') {
        return None;
    }
    let found = address(value, open + 1)?;
    (value.get(found.domain.1) == Some(&b'>') && found.domain.1 + 1 == value.len())
        .then_some(Usual { name, ..found })
}

fn bare(value: &[u8]) -> Option<Usual> {
    let found = address(value, 0)?;
    let stop = found.domain.1;
    if stop == value.len() {
        return Some(Usual {
            name: (stop, stop),
            ..found
        });
    }
    match &value[stop..] {
        [b' ', b'(', inner @ .., b')'] if !inner.iter().any(|byte| b"()\\".contains(byte)) => {
            Some(Usual {
                name: (stop + 2, value.len() - 1),
                ..found
            })
        }
        _ => None,
    }
}

/// One address behind names: commas part nothing that has no address of its own.
fn behind_names(value: &[u8]) -> Option<Usual> {
    let inside = value.strip_suffix(b">")?;
    let open = inside.iter().rposition(|&byte| byte == b'<')?;
    let blank = inside[open + 1..]
        .iter()
        .take_while(|&&byte| byte == b' ')
        .count();
    let found = address(inside, open + 1 + blank)?;
    let rest = &inside[found.domain.1..];
    if rest.iter().any(|&byte| byte != b' ') || value[found.domain.0] == b'[' {
        return None;
    }
    let names = &value[..open];
    if names.iter().any(|byte| b"\"()\\:;[<>".contains(byte)) {
        return None;
    }
    let last = names
        .iter()
        .rposition(|&byte| byte == b',')
        .map_or(0, |comma| comma + 1);
    if names[..last].contains(&b'@') || comma_in_word(&names[..last]) {
        return None;
    }
    let is_blank = |byte: &u8| *byte == b' ' || *byte == b',';
    let start = names.iter().take_while(|byte| is_blank(byte)).count();
    let cut: fn(&u8) -> bool = if names[last..].iter().all(|&byte| byte == b' ') {
        |byte| *byte == b' ' || *byte == b','
    } else {
        |byte| *byte == b' '
    };
    let end = names[start..]
        .iter()
        .rev()
        .take_while(|byte| cut(byte))
        .count();
    Some(Usual {
        name: (start, names.len() - end),
        ..found
    })
}

/// One address behind a name in quotes and a comma, which parts nothing.
fn behind_quotes(value: &[u8]) -> Option<Usual> {
    let inside = value.strip_prefix(b"\"")?;
    let size = inside.iter().position(|byte| b"\"\\".contains(byte))?;
    let behind = &inside[size..];
    let signs = behind.iter().position(|byte| !b"\", ".contains(byte))?;
    let commas = behind[..signs].iter().filter(|&&byte| byte == b',').count();
    if commas != 1 || behind[1..signs].contains(&b'"') || behind[signs] != b'<' {
        return None;
    }
    let found = address(value, 1 + size + signs + 1)?;
    let cut = |byte: &&u8| b" ,;".contains(byte);
    let name = size - inside[..size].iter().rev().take_while(cut).count();
    (value[found.domain.1..] == *b">").then_some(Usual {
        name: (1, 1 + name),
        ..found
    })
}

/// The first of several mailboxes, with plain text behind it.
fn first_of_several(value: &[u8]) -> Option<Usual> {
    let stop = 1 + value.iter().position(|&byte| byte == b'>')?;
    let (front, rest) = value.split_at(stop);
    let comma = rest.iter().find(|&&byte| byte != b' ');
    if comma != Some(&b',') || rest.iter().any(|byte| b"\"():;\\[=".contains(byte)) {
        return None;
    }
    in_brackets(front).or_else(|| behind_names(front))
}

/// Whether a comma may stand in an encoded word, where it parts nothing.
fn comma_in_word(names: &[u8]) -> bool {
    let mut open = false;
    for (place, byte) in names.iter().enumerate() {
        match byte {
            b'=' if names.get(place + 1) == Some(&b'?') => open = true,
            b',' if open => return true,
            b'=' if place > 0 && names[place - 1] == b'?' => open = false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(value: &str) -> Option<(&str, &str, &str)> {
        usual(value.as_bytes()).map(|u| {
            (
                &value[u.name.0..u.name.1],
                &value[u.local.0..u.local.1],
                &value[u.domain.0..u.domain.1],
            )
        })
    }

    #[test]
    fn usual_forms() {
        assert_eq!(parts("A B <a@b.it>"), Some(("A B ", "a", "b.it")));
        assert_eq!(parts("\"A, B\"<a@b.it>"), Some(("A, B", "a", "b.it")));
        assert_eq!(parts("a@b.it (A B)"), Some(("A B", "a", "b.it")));
        assert_eq!(parts("<a@b.it>"), Some(("", "a", "b.it")));
        assert_eq!(parts("a@b.it"), Some(("", "a", "b.it")));
    }

    #[test]
    fn names_with_commas() {
        assert_eq!(parts("A, B <a@b.it>"), Some(("A, B", "a", "b.it")));
        assert_eq!(parts("A, B, < a@b.it >"), Some(("A, B", "a", "b.it")));
        assert_eq!(parts(", A ,_<a@b.it>"), Some(("A ,_", "a", "b.it")));
        assert_eq!(parts("c@d <a@b.it>"), Some(("c@d", "a", "b.it")));
    }

    #[test]
    fn names_in_quotes_with_a_comma() {
        assert_eq!(parts("\"A <x>\", <a@b.it>"), Some(("A <x>", "a", "b.it")));
        assert_eq!(parts("\"A ;, \" ,<a@b.it>"), Some(("A", "a", "b.it")));
        assert_eq!(parts("\"\", <a@b.it>"), Some(("", "a", "b.it")));
    }

    #[test]
    fn the_first_of_several() {
        assert_eq!(parts("A, <a@b.it>, B <c@d.it>"), Some(("A", "a", "b.it")));
        assert_eq!(parts("A <a@b.it> ,c@d, <e"), Some(("A ", "a", "b.it")));
    }

    #[test]
    fn others() {
        for value in [
            "",
            "a",
            "a@b, c <d@e>",
            "\"A\", B <a@b.it>",
            "\"A\",, <a@b.it>",
            "\"A\" \"B\", <a@b.it>",
            "<a@b.it> x, <c@d.it>",
            "<a@b.it>, c (<d@e.it>)",
            "<a@>",
            "a@...",
            "\"x\\\"\" <a@b>",
            "<a@b> x",
        ] {
            assert_eq!(parts(value), None, "{value}");
        }
    }
}

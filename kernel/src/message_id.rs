//! Where a Message-ID stands in its field's value.

/// Where a Message-ID stands in its field's value: without angle brackets and the white
/// space inside of them.
pub fn bare_id(value: &[u8]) -> (usize, usize) {
    let (mut open, mut inner) = (None, (0, value.len()));
    for (place, byte) in value.iter().enumerate() {
        match (byte, open) {
            (b'<', _) => open = Some(place + 1),
            (b'>', Some(start)) => {
                inner = (start, place);
                break;
            }
            _ => {}
        }
    }
    let blank = |byte: &u8| *byte == b' ';
    let front = value[inner.0..inner.1]
        .iter()
        .take_while(|byte| blank(byte))
        .count();
    let start = inner.0 + front;
    let back = value[start..inner.1]
        .iter()
        .rev()
        .take_while(|byte| blank(byte))
        .count();
    (start, inner.1 - back)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bare() {
        let id = |value: &'static str| {
            let (start, stop) = bare_id(value.as_bytes());
            &value[start..stop]
        };
        assert_eq!(id("<a@b>"), "a@b");
        assert_eq!(id("x <a <b > c>"), "b");
        assert_eq!(id(" a@b "), "a@b");
        assert_eq!(id("<>"), "");
        assert_eq!(id("a > b"), "a > b");
    }
}

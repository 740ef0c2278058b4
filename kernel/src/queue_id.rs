//! What queue ids decode to (evidence/received/queue_id.py, where the sources stand).

use crate::stamp::{days_from_civil, LAST_INSTANT};

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE52: &[u8] = b"0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

/// The parts of a decoded id; `None` inside for what it does not hold, or what no column
/// holds.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct QueueId {
    pub scheme: &'static str,
    pub instant: Option<i64>,
    pub microseconds: Option<i64>,
    pub inode: Option<i64>,
    pub pid: Option<i64>,
    pub possible: bool,
}

/// What an id of the server software `mta` says; `year`: of the stamp beside it.
pub fn decode(id: &[u8], mta: &[u8], year: Option<i64>) -> Option<QueueId> {
    match mta {
        b"Exim" => exim(id),
        b"Postfix" => postfix_short(id).or_else(|| postfix_long(id)),
        b"Sendmail" => sendmail(id, year?),
        _ => None,
    }
}

/// A number in a base; None for a digit of another one. What a column cannot hold is its
/// largest number and one more.
fn based(text: &[u8], digits: &[u8]) -> Option<u128> {
    let base = digits.len() as u128;
    text.iter().try_fold(0u128, |sum, byte| {
        let digit = digits.iter().position(|one| one == byte)? as u128;
        Some((sum * base + digit).min(1 << 64))
    })
}

fn fitting(number: u128) -> Option<i64> {
    i64::try_from(number).ok()
}

fn exim(id: &[u8]) -> Option<QueueId> {
    let mut parts = id.split(|&byte| byte == b'-');
    let (one, two, three) = (parts.next()?, parts.next()?, parts.next()?);
    let ticks = match (one.len(), two.len(), three.len(), parts.next()) {
        (6, 6, 2, None) => 2_000,
        (6, 11, 4, None) => 1_000_000,
        _ => return None,
    };
    let (seconds, pid) = (based(one, BASE62)?, based(two, BASE62)?);
    let micros = based(three, BASE62)? * (1_000_000 / ticks);
    Some(QueueId {
        scheme: "exim",
        instant: fitting(seconds),
        microseconds: (micros < 1_000_000).then_some(micros as i64),
        inode: None,
        pid: fitting(pid),
        possible: true,
    })
}

fn postfix_short(id: &[u8]) -> Option<QueueId> {
    let hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    if !(6..=21).contains(&id.len()) || !id.iter().all(hex) {
        return None;
    }
    let (micros, inode) = id.split_at(5);
    let micros = based(micros, &BASE62[..16])?;
    Some(QueueId {
        scheme: "postfix_short",
        instant: None,
        microseconds: fitting(micros),
        inode: fitting(based(inode, &BASE62[..16])?),
        pid: None,
        possible: micros < 1_000_000,
    })
}

fn postfix_long(id: &[u8]) -> Option<QueueId> {
    if id.len() < 12 || id[10] != b'z' {
        return None;
    }
    let micros = based(&id[6..10], BASE52)?;
    Some(QueueId {
        scheme: "postfix_long",
        instant: fitting(based(&id[..6], BASE52)?),
        microseconds: fitting(micros),
        inode: fitting(based(&id[11..], &BASE52[..51])?),
        pid: None,
        possible: micros < 1_000_000,
    })
}

fn sendmail(id: &[u8], year: i64) -> Option<QueueId> {
    let base60 = &BASE62[..60];
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    // one character and five or six digits, or two and six to ten
    let pid = match id.len() {
        12 | 13 => &id[7..],
        14..=18 => &id[8..],
        _ => return None,
    };
    if !digits(pid) || based(&id[6..id.len() - pid.len()], base60).is_none() {
        return None;
    }
    let part = |place: usize| based(&id[place..=place], base60).map(|one| one as i64);
    let (written, month, day, hour) = (part(0)?, part(1)?, part(2)?, part(3)?);
    let (minute, second) = (part(4)?, part(5)?);
    if month > 12 || !(1..=31).contains(&day) || hour > 23 {
        return None;
    }
    let full = year + (written - (year - 1900).rem_euclid(60) + 30).rem_euclid(60) - 30;
    let possible = month < 12;
    let instant =
        days_from_civil(full, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(QueueId {
        scheme: "sendmail",
        instant: (possible && (0..=LAST_INSTANT).contains(&instant)).then_some(instant),
        microseconds: None,
        inode: None,
        pid: fitting(based(pid, &BASE62[..10])?),
        possible,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheme() {
        let exim = decode(b"1ueHyY-006nEx-1t", b"Exim", None).unwrap();
        assert_eq!((exim.scheme, exim.instant), ("exim", Some(1_753_209_870)));
        let short = decode(b"19E99E83CED1", b"Postfix", None).unwrap();
        assert_eq!(
            (short.microseconds, short.inode),
            (Some(0x19E99), Some(0xE83CED1))
        );
        assert_eq!(
            decode(b"3yZ0k46bdWz7K", b"Postfix", None).unwrap().scheme,
            "postfix_long"
        );
        let sendmail = decode(b"h17A2nk31337", b"Sendmail", Some(2003)).unwrap();
        assert_eq!((sendmail.pid, sendmail.possible), (Some(31_337), true));
        let far = decode(b"5BJH2eWL036451", b"Sendmail", Some(9998)).unwrap();
        assert_eq!((far.instant, far.possible), (None, true));
        assert_eq!(decode(b"19E99E83CED1", b"qmail", None), None);
        assert_eq!(decode(b"h17A2nk31337", b"Sendmail", None), None);
    }

    #[test]
    fn a_number_of_any_length_is_none() {
        let long = [b"3yZ0k46bdWz".as_slice(), &[b'9'; 400]].concat();
        assert_eq!(decode(&long, b"Postfix", None).unwrap().inode, None);
    }
}

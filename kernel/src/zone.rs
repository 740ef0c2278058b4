//! The zone of a written time of the usual form: an offset with or without a name, a
//! name alone, or none (stamp.rs).

use std::collections::HashMap;

use crate::stamp::{number, BY_NAME, NO_ZONE};

/// Names of zones in upper case, with minutes east of UTC; they come from Python.
pub type Zones = HashMap<Vec<u8>, i64>;

/// A zone as it stands behind the clock.
pub struct Zone {
    pub east: Option<i64>,
    pub not_told: bool, // -0000: UTC, and the local zone is not told
    pub name: Option<(usize, usize)>,
    pub defects: u16,
}

/// The zone behind a clock; behind a fraction no name stands beside an offset.
pub fn read_zone(rest: &[u8], zones: &Zones, comment: bool) -> Option<Zone> {
    match rest {
        [] => Some(Zone {
            east: None,
            not_told: false,
            name: None,
            defects: NO_ZONE,
        }),
        [b' ', sign @ (b'+' | b'-'), digits @ ..] if digits.len() >= 4 => {
            let (hours, minutes) = (number(&digits[..2])?, number(&digits[2..4])?);
            if comment && !matches!(digits[4..], [] | [b' ', b'(', ..]) {
                return None;
            }
            let name = named_zone(&digits[4..])?.map(|(start, stop)| (start + 6, stop + 6));
            let east = (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 };
            let not_told = *sign == b'-' && east == 0;
            (minutes <= 59).then_some(Zone {
                east: Some(east),
                not_told,
                name,
                defects: 0,
            })
        }
        [b' ', name @ ..] => {
            let east = zones.get(name).copied();
            let name = Some((1, rest.len()));
            east.map(|_| Zone {
                east,
                not_told: false,
                name,
                defects: BY_NAME,
            })
        }
        _ => None,
    }
}

/// The comment or name behind an offset, where it ends the text: None inside for none.
#[allow(clippy::type_complexity)]
fn named_zone(rest: &[u8]) -> Option<Option<(usize, usize)>> {
    match rest {
        [] => Some(None),
        [b' ', b'(', inner @ .., b')'] => {
            let closed = inner.iter().any(|byte| b"()@<>=".contains(byte));
            (!closed && inner.len() <= 80)
                .then_some((!inner.is_empty()).then_some((2, 2 + inner.len())))
        }
        [b' ', word @ ..] if (3..=4).contains(&word.len()) => word
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Some((1, 1 + word.len()))),
        _ => None,
    }
}

//! The form of a written time that nearly every server writes (evidence/timestamp.py,
//! `USUAL`), and the same with a zone's name alone or without a zone; any other is handed
//! over.

use crate::columns::StampColumns;
use crate::table::{Span, Table, Text, NO_NUMBER};
use crate::zone::{read_zone, Zones};

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const WEEKDAYS: [&[u8; 3]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];

/// A word for how a time breaks its form; the order is the one they are told in.
pub const DEFECTS: [&str; 10] = [
    "wrong_weekday",
    "unknown_weekday",
    "no_such_day",
    "no_such_time",
    "short_year",
    "no_zone",
    "zone_by_name",
    "unknown_zone",
    "ambiguous_order",
    "unreadable",
];
const WRONG_WEEKDAY: u16 = 1;
const UNKNOWN_WEEKDAY: u16 = 1 << 1;
const NO_SUCH_DAY: u16 = 1 << 2;
const NO_SUCH_TIME: u16 = 1 << 3;
pub const SHORT_YEAR: u16 = 1 << 4;
pub const NO_ZONE: u16 = 1 << 5;
pub const BY_NAME: u16 = 1 << 6;
pub const UNKNOWN_ZONE: u16 = 1 << 7;
pub const AMBIGUOUS: u16 = 1 << 8;
pub const UNREADABLE: u16 = 1 << 9;

/// 9999-12-31T23:59:59Z: no column holds a later instant.
pub const LAST_INSTANT: i64 = 253_402_300_799;

/// A time that is the whole of a text.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Stamp {
    pub instant: Option<i64>,
    pub offset: Option<i64>,
    /// Where the zone's name stands in the text.
    pub zone_name: Option<(usize, usize)>,
    /// Of `DEFECTS`, as bits.
    pub defects: u16,
    /// Whether the weekday is one, and no digit stands in the comment: then a Date may be
    /// read by this form.
    pub plain: bool,
}

/// A number; None where something is no digit.
pub fn number(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i64::from(byte - b'0'))
    })
}

/// The time that all of `text` is, which is ASCII; None where it is of another form.
pub fn read(text: &[u8], zones: &Zones) -> Option<Stamp> {
    let (weekday, mut rest) = match text {
        [a, b, c, b',', b' ', rest @ ..]
            if a.is_ascii_uppercase() && b.is_ascii_lowercase() && c.is_ascii_lowercase() =>
        {
            (Some([a | 32, *b, *c]), rest)
        }
        _ => (None, text),
    };
    let digits = if rest.get(1).is_some_and(u8::is_ascii_digit) {
        2
    } else {
        1
    };
    let day = number(rest.get(..digits)?)?;
    rest = &rest[digits..];
    // " Mon YYYY HH:MM:SS"
    if rest.len() < 18 || [rest[0], rest[4], rest[9]] != *b"   " || [rest[12], rest[15]] != *b"::" {
        return None;
    }
    let written = [rest[1], rest[2], rest[3]];
    let month = MONTHS.iter().position(|name| **name == written)? as i64 + 1;
    let year = number(&rest[5..9])?;
    let (hour, minute) = (number(&rest[10..12])?, number(&rest[13..15])?);
    let second = number(&rest[16..18])?;
    let fraction = fraction(&rest[18..]);
    let zone = read_zone(&rest[18 + fraction..], zones, fraction > 0)?;
    if !(1900..=9998).contains(&year) {
        return None;
    }
    let days = days_from_civil(year, month, day);
    let wall = days * 86_400 + hour * 3_600 + minute * 60 + second;
    let known = weekday.is_none_or(|word| WEEKDAYS.contains(&&word));
    let place = text.len() - rest.len() + 18 + fraction;
    let name = zone
        .name
        .map_or(&[][..], |(start, stop)| &text[place + start..place + stop]);
    Some(Stamp {
        instant: zone.east.map(|east| wall - east * 60),
        offset: zone.east.filter(|_| !zone.not_told),
        zone_name: zone.name.map(|(start, stop)| (place + start, place + stop)),
        defects: judged_day(weekday, (year, month, day), days)
            | judged_clock((hour, minute, second))
            | zone.defects,
        plain: known && !name.iter().any(u8::is_ascii_digit),
    })
}

/// How much of it is a fraction of a second.
fn fraction(rest: &[u8]) -> usize {
    let digits = rest
        .iter()
        .skip(1)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if matches!(rest.first(), Some(b'.' | b',')) && (1..=9).contains(&digits) {
        digits + 1
    } else {
        0
    }
}

/// What is wrong with a day, which is so many days from 1970, and with its weekday.
pub fn judged_day(weekday: Option<[u8; 3]>, date: (i64, i64, i64), days: i64) -> u16 {
    let (year, month, day) = date;
    let of_weekday = match weekday.map(|word| WEEKDAYS.iter().position(|name| **name == word)) {
        None => 0,
        Some(None) => UNKNOWN_WEEKDAY,
        Some(Some(place)) if place as i64 == (days + 3).rem_euclid(7) => 0,
        Some(Some(_)) => WRONG_WEEKDAY,
    };
    let next_month = || days_from_civil(year + month / 12, month % 12 + 1, 1);
    let there = (1..=28).contains(&day) || (day >= 1 && days < next_month());
    of_weekday | if there { 0 } else { NO_SUCH_DAY }
}

/// What is wrong with hour, minute and second.
pub fn judged_clock((hour, minute, second): (i64, i64, i64)) -> u16 {
    if hour > 23 || minute > 59 || second > 60 {
        NO_SUCH_TIME
    } else {
        0
    }
}

/// Fills the columns of a time.
pub fn fill(
    table: &mut Table,
    columns: StampColumns,
    row: usize,
    text: Text,
    stamp: &Stamp,
    defects: Span,
) {
    let instant = stamp
        .instant
        .filter(|instant| (0..=LAST_INSTANT).contains(instant));
    table.number(columns[0], row, instant.unwrap_or(NO_NUMBER));
    table.number(columns[1], row, stamp.offset.unwrap_or(NO_NUMBER));
    if let Some((start, stop)) = stamp.zone_name {
        table.text(columns[2], row, text.part(start, stop));
    }
    table.list(columns[3], row, defects);
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Hinnant's
/// algorithm); the day may lie outside the month.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The year of a day that is counted from 1970.
pub fn year_of(days: i64) -> i64 {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    // March is the first month of such a year
    era * 400 + years + i64::from(of_year >= 306)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Option<Stamp> {
        super::read(text, &Zones::from([(b"EDT".to_vec(), -240)]))
    }

    #[test]
    fn the_usual_form() {
        let text = b"Sat, 17 May 2014 21:59:37 +0900 (JST)";
        let stamp = read(text).unwrap();
        assert_eq!(
            (stamp.instant, stamp.offset, stamp.defects),
            (Some(1_400_331_577), Some(540), 0)
        );
        let (start, stop) = stamp.zone_name.unwrap();
        assert_eq!(&text[start..stop], b"JST");
        assert_eq!(read(b"7 Feb 2003 01:02:03 -0000").unwrap().offset, None);
        assert_eq!(
            read(b"7 Feb 2003 01:02:03 +0000 ()").unwrap().zone_name,
            None
        );
    }

    #[test]
    fn zones_by_name_and_none() {
        let stamp = read(b"17 May 2014 21:59:37 EDT").unwrap();
        assert_eq!((stamp.offset, stamp.defects), (Some(-240), BY_NAME));
        let stamp = read(b"17 May 2014 21:59:37").unwrap();
        assert_eq!((stamp.instant, stamp.defects), (None, NO_ZONE));
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(
            read(b"Sun, 17 May 2014 21:59:37 +0900").unwrap().defects,
            WRONG_WEEKDAY
        );
        assert_eq!(
            read(b"Xyz, 31 Jun 2014 25:59:37 +0900").unwrap().defects,
            UNKNOWN_WEEKDAY | NO_SUCH_DAY | NO_SUCH_TIME
        );
        assert_eq!(read(b"29 Feb 2012 00:00:60 +0000").unwrap().defects, 0);
    }

    #[test]
    fn other_forms_are_left_alone() {
        let others: [&[u8]; 7] = [
            b"",
            b"Sat, 17 May 2014 21:59:37 XDT",
            b"17 May 14 21:59:37 +0900",
            b"17 May 2014 21:59:37 +0990",
            b"17 May 2014 21:59:37 +0900 x",
            b"17 May 1014 21:59:37 +0900",
            b"17 May 2014 21:59:37 +0900 (a)b)",
        ];
        assert!(others.iter().all(|text| read(text).is_none()));
    }

    #[test]
    fn years_begin_in_january() {
        for year in [1899, 1970, 2000, 2014, 2100, 9998] {
            let first = days_from_civil(year, 1, 1);
            assert_eq!((year_of(first - 1), year_of(first)), (year - 1, year));
        }
    }
}

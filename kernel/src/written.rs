//! What the parts of a written time say (evidence/timestamp.py, `_read_groups`).

use crate::machine::Machine;
use crate::stamp::{self, days_from_civil, Stamp};
use crate::zone::Zones;

/// The parts of a time, in the order in which Python tells their groups.
pub const PARTS: usize = 13;
const MONTHS: &[u8; 36] = b"janfebmaraprmayjunjulaugsepoctnovdec";

/// The parts of a time as they are written; an empty one is not there.
pub struct Parts<'a> {
    text: &'a [u8],
    places: [(usize, usize); PARTS],
}

#[derive(Clone, Copy)]
enum Part {
    Weekday,
    Day,
    Month,
    MonthNumber,
    Year,
    Hour,
    Minute,
    Second,
    Half,
    Zone,
    Name,
    First,
    Other,
}

/// What a zone says: minutes east of UTC where it is known, and what is wrong.
struct Zone {
    east: Option<i64>,
    not_told: bool,
    defects: u16,
}

impl<'a> Parts<'a> {
    /// The parts of a text whose groups the machine found; a group is counted from 1, and
    /// 0 stands for none.
    pub fn new(text: &'a [u8], machine: &Machine, groups: &[usize; PARTS]) -> Parts<'a> {
        let place = |&group: &usize| {
            let found = group.checked_sub(1).and_then(|group| machine.group(group));
            found.unwrap_or((0, 0))
        };
        let mut places = [(0, 0); PARTS];
        for (slot, group) in places.iter_mut().zip(groups) {
            *slot = place(group);
        }
        Parts { text, places }
    }

    fn get(&self, part: Part) -> &'a [u8] {
        let (start, stop) = self.places[part as usize];
        &self.text[start..stop]
    }

    /// A number of few digits; 0 where there is none.
    fn number(&self, part: Part) -> i64 {
        let digits = self.get(part).iter();
        digits.fold(0, |sum, byte| sum * 10 + i64::from(byte.wrapping_sub(b'0')))
    }

    /// The time that they say.
    pub fn stamp(&self, zones: &Zones) -> Stamp {
        let (year, (month, day)) = (self.year(), self.month_and_day());
        if (month, day) == (0, 0) {
            return nothing(stamp::AMBIGUOUS);
        }
        if !(1..=12).contains(&month) || !(1900..=9998).contains(&year) {
            return nothing(stamp::UNREADABLE);
        }
        let clock = (
            self.hour(),
            self.number(Part::Minute),
            self.number(Part::Second),
        );
        let days = days_from_civil(year, month, day);
        let wall = days * 86_400 + clock.0 * 3_600 + clock.1 * 60 + clock.2;
        let zone = self.zone(zones);
        let defects = stamp::judged_day(self.weekday(), (year, month, day), days)
            | stamp::judged_clock(clock)
            | self.judged_year()
            | zone.defects;
        Stamp {
            instant: zone.east.map(|east| wall - east * 60),
            offset: zone.east.filter(|_| !zone.not_told),
            zone_name: self.zone_name(),
            defects,
            plain: false,
        }
    }

    fn weekday(&self) -> Option<[u8; 3]> {
        let word = self.get(Part::Weekday);
        (!word.is_empty()).then(|| {
            let mut short = [0; 3];
            for (letter, byte) in short.iter_mut().zip(word) {
                *letter = byte.to_ascii_lowercase();
            }
            short
        })
    }

    /// Two digits are years of 1950 to 2049; three count from 1900.
    fn year(&self) -> i64 {
        let year = self.number(Part::Year);
        match self.get(Part::Year).len() {
            3 => year + 1900,
            size if size > 2 => year + if (100..200).contains(&year) { 1900 } else { 0 },
            _ => year + if year < 50 { 2000 } else { 1900 },
        }
    }

    fn judged_year(&self) -> u16 {
        let digits = self.get(Part::Year).iter();
        let told = digits.skip_while(|&&byte| byte == b'0').count();
        if told < 4 {
            stamp::SHORT_YEAR
        } else {
            0
        }
    }

    /// Both are 0 where two numbers could be either.
    fn month_and_day(&self) -> (i64, i64) {
        if !self.get(Part::First).is_empty() {
            let (one, two) = (self.number(Part::First), self.number(Part::Other));
            return match (one > 12, two > 12) {
                (true, _) => (two, one),
                (_, true) => (one, two),
                _ => (0, 0),
            };
        }
        let name = self.get(Part::Month);
        let named = MONTHS
            .chunks(3)
            .position(|month| name.len() >= 3 && month.eq_ignore_ascii_case(&name[..3]));
        let month = named.map_or_else(|| self.number(Part::MonthNumber), |place| place as i64 + 1);
        (month, self.number(Part::Day))
    }

    fn hour(&self) -> i64 {
        let hour = self.number(Part::Hour);
        match self.get(Part::Half).first().map(u8::to_ascii_lowercase) {
            Some(half) if (1..=12).contains(&hour) => hour % 12 + if half == b'p' { 12 } else { 0 },
            _ => hour,
        }
    }

    fn zone_name(&self) -> Option<(usize, usize)> {
        let name = self.places[Part::Name as usize];
        let zone = self.places[Part::Zone as usize];
        let first = self.get(Part::Zone).first();
        if name.0 < name.1 {
            Some(name)
        } else {
            first.is_some_and(u8::is_ascii_alphabetic).then_some(zone)
        }
    }

    fn zone(&self, zones: &Zones) -> Zone {
        let written = self.get(Part::Zone);
        let known = |name: &[u8]| zones.get(&name.to_ascii_uppercase()).copied();
        if written.is_empty() {
            return named(known(self.get(Part::Name)), stamp::NO_ZONE);
        }
        if matches!(written[0], b'+' | b'-') {
            return offset(written);
        }
        named(
            known(written).or_else(|| relative(written)),
            stamp::UNKNOWN_ZONE,
        )
    }
}

/// A time that tells nothing but what is wrong with it.
fn nothing(defects: u16) -> Stamp {
    Stamp {
        instant: None,
        offset: None,
        zone_name: None,
        defects,
        plain: false,
    }
}

/// A zone by its name; `unless` it is known, that is wrong.
fn named(east: Option<i64>, unless: u16) -> Zone {
    Zone {
        east,
        not_told: false,
        defects: if east.is_some() {
            stamp::BY_NAME
        } else {
            unless
        },
    }
}

/// A zone like "-0330", with a colon, a space or three digits too.
fn offset(written: &[u8]) -> Zone {
    let east = minutes(written[0], &written[1..]);
    Zone {
        east,
        not_told: written[0] == b'-' && east == Some(0),
        defects: if east.is_some() {
            0
        } else {
            stamp::UNKNOWN_ZONE
        },
    }
}

/// Minutes east of UTC; None where there are more than an hour has.
fn minutes(sign: u8, written: &[u8]) -> Option<i64> {
    let digits = written.iter().filter(|byte| byte.is_ascii_digit());
    let number = digits.fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    let east = number / 100 * 60 + number % 100;
    (number % 100 <= 59).then_some(if sign == b'-' { -east } else { east })
}

/// A zone like "GMT+1" or "UTC-0330".
fn relative(written: &[u8]) -> Option<i64> {
    let letters = written.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let (name, rest) = written.split_at(letters.count());
    let known = [&b"GMT"[..], b"UT", b"UTC"];
    let (&sign, digits) = rest.split_first()?;
    if !known.iter().any(|one| name.eq_ignore_ascii_case(one))
        || !matches!(sign, b'+' | b'-')
        || !digits.iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    match digits.len() {
        1 | 2 => minutes(sign, &[digits, b"00"].concat()),
        3 | 4 => minutes(sign, digits),
        _ => None,
    }
}

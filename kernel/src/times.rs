//! Written times of the forms that are rarer (evidence/timestamp.py, `FORMS`), by Python's
//! expressions: where one begins a text, and the last one anywhere in it.

use crate::machine::{Gave, Machine};
use crate::program::Program;
use crate::stamp::{self, Stamp};
use crate::wire::Wire;
use crate::written::{self, Parts};
use crate::zone::Zones;

/// Places at which a time is looked for, the last ones.
const MAX_PLACES: usize = 4;

/// A form of time, and which group of it holds which part.
struct Form {
    program: Program,
    groups: [usize; written::PARTS],
}

/// What is known of written times.
pub struct Times {
    usual: Program,
    start: Program,
    forms: Vec<Form>,
    pub zones: Zones,
}

/// A time and where it stands; the places in it are counted from its start.
pub type Found = (Stamp, usize, usize);

/// An expression took too many steps: Python has to look.
pub struct Unsure;

impl Times {
    pub fn read(wire: &mut Wire) -> Option<Times> {
        Some(Times {
            usual: wire.program()??,
            start: wire.program()??,
            forms: wire.many(|wire| {
                let program = wire.program()??;
                let groups = wire.u32s()?.into_iter().map(|group| group as usize);
                let groups: Vec<usize> = groups.collect();
                groups
                    .iter()
                    .all(|&group| 2 * group <= program.slots)
                    .then_some(())?;
                Some(Form {
                    program,
                    groups: groups.try_into().ok()?,
                })
            })?,
            zones: wire
                .many(|wire| Some((wire.bytes()?.to_vec(), wire.i64()?)))?
                .into_iter()
                .collect(),
        })
    }

    /// The time that a text begins with, and where it ends (`match_stamp`).
    pub fn begin(
        &self,
        text: &[u8],
        machine: &mut Machine,
    ) -> Result<Option<(Stamp, usize)>, Unsure> {
        match machine.begins(&self.usual, text) {
            Gave::Up => return Err(Unsure),
            Gave::Match(stop) => {
                if let Some(stamp) = stamp::read(&text[..stop], &self.zones) {
                    return Ok(Some((stamp, stop)));
                }
            }
            Gave::Nothing => {}
        }
        for form in &self.forms {
            match machine.begins(&form.program, text) {
                Gave::Up => return Err(Unsure),
                Gave::Match(stop) => {
                    let parts = Parts::new(text, machine, &form.groups);
                    return Ok(Some((parts.stamp(&self.zones), stop)));
                }
                Gave::Nothing => {}
            }
        }
        Ok(None)
    }

    /// The last time anywhere in a text (`find_stamp`).
    pub fn find(&self, text: &[u8], machine: &mut Machine) -> Result<Option<Found>, Unsure> {
        if let Some(stamp) = stamp::read(text, &self.zones).filter(|stamp| stamp.plain) {
            return Ok(Some((stamp, 0, text.len())));
        }
        let mut places = Vec::new();
        let mut from = 0;
        while let Some((start, stop)) = machine
            .find(&self.start, text, from)
            .map_err(|_| Unsure)?
            .filter(|(_, stop)| *stop > from)
        {
            places.push(start);
            from = stop;
        }
        for &place in places.iter().rev().take(MAX_PLACES) {
            if let Some((stamp, size)) = self.begin(&text[place..], machine)? {
                return Ok(Some((stamp, place, place + size)));
            }
        }
        Ok(None)
    }
}

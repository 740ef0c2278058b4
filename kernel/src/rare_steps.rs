//! The steps of a program that come more rarely than others (machine.rs).

use crate::machine::{Gave, Machine};
use crate::program::*;

/// What a step did.
pub(crate) enum Did {
    /// Whether it could; then it went on to these places.
    Step(bool, usize, usize),
    Ended(Gave),
}

impl Machine {
    /// A step that comes more rarely.
    pub(crate) fn rare(
        &mut self,
        p: &Program,
        step: Step,
        (pc, at): (usize, usize),
        text: &[u8],
        full: bool,
    ) -> Did {
        let end = at == text.len();
        match step.op() {
            LOOK => self.look(p, step, (pc, at), Some(at), text),
            BEHIND => self.look(p, step, (pc, at), at.checked_sub(step.b as usize), text),
            ATOMIC => match self.inner(p, pc + 1, at, text, false) {
                Gave::Up => Did::Ended(Gave::Up),
                Gave::Match(stop) => Did::Step(true, step.a as usize, stop),
                Gave::Nothing => Did::Step(false, pc, at),
            },
            CHAIN => {
                let (stop, count) = p.chain(text, at, step.a, step.b);
                Did::Step(count >= u32::from(step.c), pc + 1, stop)
            }
            LAZY => {
                let (low, high) = (step.b as usize, step.c as usize);
                let count = p.taken(step, step.b, &text[at..]);
                if count == low && high > low {
                    self.ways.grow(pc + 1, step.a, high - low, at + count);
                }
                Did::Step(count == low, pc + 1, at + count)
            }
            START => Did::Step(at == 0, pc + 1, at),
            END => Did::Step(end, pc + 1, at),
            DOLLAR => {
                let last = at + 1 == text.len() && text[at] == b'\n';
                Did::Step(end || last, pc + 1, at)
            }
            BOUNDARY => {
                let word = |place: Option<usize>| {
                    place.and_then(|i| text.get(i)).is_some_and(|&b| is_word(b))
                };
                let there = word(at.checked_sub(1)) != word(Some(at));
                Did::Step(there == (step.a != 0), pc + 1, at)
            }
            BACKREF => match self.group(step.a as usize) {
                Some((start, stop)) if text[at..].starts_with(&text[start..stop]) => {
                    Did::Step(true, pc + 1, at + stop - start)
                }
                _ => Did::Step(false, pc, at),
            },
            DONE => Did::Ended(Gave::Match(at)),
            ACCEPT if !full || end => Did::Ended(Gave::Match(at)),
            _ => Did::Step(false, pc, at),
        }
    }

    /// Looks around, from a place in the text; where there is none, nothing is there.
    fn look(
        &mut self,
        p: &Program,
        step: Step,
        (pc, at): (usize, usize),
        from: Option<usize>,
        text: &[u8],
    ) -> Did {
        let negative = step.a != 0;
        let after = if step.op() == LOOK { step.b } else { step.c };
        let gave = from.map_or(Gave::Nothing, |from| {
            self.inner(p, pc + 1, from, text, negative)
        });
        match gave {
            Gave::Up => Did::Ended(Gave::Up),
            gave => Did::Step((gave != Gave::Nothing) != negative, after as usize, at),
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

//! Runs programs on ASCII text: a backtracking machine with Python's order of trying, a
//! budget of steps, and no pattern of its own.
//!
//! A program that takes more steps than its budget gives `Gave::Up`: the caller hands the
//! text to Python.

use crate::program::*;
use crate::rare_steps::Did;
use crate::ways::Ways;

/// Ways that one run may try, and turns of loops: real lines take dozens.
pub const BUDGET: usize = 10_000;
/// Bytes of a text: a longer one is handed over.
const MAX_TEXT: usize = u16::MAX as usize - 1;

/// What a run gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gave {
    Match(usize),
    Nothing,
    Up,
}

/// A search took more steps than the budget has.
#[derive(Debug)]
pub struct Exhausted;

/// Room to run programs in, kept from run to run.
#[derive(Default)]
pub struct Machine {
    pub(crate) ways: Ways,
    pub slots: Vec<u32>,
    steps: usize,
}

impl Machine {
    /// Python's `fullmatch`; where groups are is in `slots` afterwards.
    pub fn full_match(&mut self, program: &Program, text: &[u8]) -> Gave {
        self.begin(program);
        self.run(program, 0, 0, text, true)
    }

    /// Python's `match`; where groups are is in `slots` afterwards.
    pub fn begins(&mut self, program: &Program, text: &[u8]) -> Gave {
        self.begin(program);
        self.run(program, 0, 0, text, false)
    }

    /// Python's `search`, without telling the groups.
    pub fn search(&mut self, program: &Program, text: &[u8]) -> Gave {
        match self.find(program, text, 0) {
            Ok(Some((_, stop))) => Gave::Match(stop),
            Ok(None) => Gave::Nothing,
            Err(Exhausted) => Gave::Up,
        }
    }

    /// Where the first match from `from` on begins and ends.
    pub fn find(
        &mut self,
        program: &Program,
        text: &[u8],
        from: usize,
    ) -> Result<Option<(usize, usize)>, Exhausted> {
        self.steps = 0;
        for at in from..=text.len() {
            if let Some(first) = &program.first {
                match text.get(at) {
                    Some(&byte) if holds(first, byte) => {}
                    Some(_) if program.anchored => return Ok(None),
                    Some(_) => continue,
                    None => return Ok(None),
                }
            }
            let steps = self.steps;
            self.begin(program);
            self.steps = steps;
            match self.run(program, 0, at, text, false) {
                Gave::Match(stop) => return Ok(Some((at, stop))),
                Gave::Nothing if program.anchored => return Ok(None),
                Gave::Nothing => {}
                Gave::Up => return Err(Exhausted),
            }
        }
        Ok(None)
    }

    /// Where a group is: from and to.
    #[inline(always)]
    pub fn group(&self, number: usize) -> Option<(usize, usize)> {
        let (start, stop) = (self.slots[2 * number], self.slots[2 * number + 1]);
        (start != UNSET && stop != UNSET).then_some((start as usize, stop as usize))
    }

    fn begin(&mut self, program: &Program) {
        self.ways.clear();
        self.slots.clear();
        if program.slots > 0 {
            self.slots.resize(program.slots, UNSET);
        }
        self.steps = 0;
    }

    fn run(&mut self, p: &Program, start: usize, from: usize, text: &[u8], full: bool) -> Gave {
        let base = self.ways.len();
        if text.len() > MAX_TEXT {
            return Gave::Up;
        }
        let (mut pc, mut at) = (start, from);
        let code = &p.steps[..];
        loop {
            let step = code[pc];
            // one question after the other, those with most answers first: a processor
            // foresees these better than a jump to one of many places
            let ok = if step.is(CHAR) {
                let ok = at < text.len() && u16::from(text[at]) == step.a;
                at += ok as usize;
                pc += 1;
                ok
            } else if step.is(SAVE) {
                let slot = &mut self.slots[step.a as usize];
                let old = std::mem::replace(slot, at as u32);
                self.ways.restore(step.a, old);
                pc += 1;
                true
            } else if step.is(SWITCH) {
                pc = p.led(step, text.get(at));
                true
            } else if step.is(SET) {
                let ok = at < text.len() && p.holds(step.a, text[at]);
                at += ok as usize;
                pc += 1;
                ok
            } else if step.is(SPLIT) {
                self.ways.branch(step.b, at);
                pc = step.a as usize;
                true
            } else if step.is(MAYBE) {
                if at < text.len() && p.holds(step.a, text[at]) {
                    self.ways.branch(step.b, at);
                    pc += 1;
                } else {
                    pc = step.b as usize;
                }
                true
            } else if step.is(MAYBE_TEXT) {
                if p.begins(step, &text[at..]) {
                    self.ways.branch(step.c, at);
                    pc += 1;
                } else {
                    pc = step.c as usize;
                }
                true
            } else if step.is(STR) {
                let ok = p.begins(step, &text[at..]);
                at += if ok { step.b as usize } else { 0 };
                pc += 1;
                ok
            } else if step.is(JUMP) {
                self.steps += 1; // every loop comes by here
                if self.steps > BUDGET {
                    return Gave::Up;
                }
                pc = step.a as usize;
                true
            } else if step.is(POSSESS) {
                let count = p.taken(step, step.c, &text[at..]);
                let ok = count >= step.b as usize;
                at += if ok { count } else { 0 };
                pc += 1;
                ok
            } else if step.is(GUARD) {
                let ok = at < text.len() && p.holds(step.a, text[at]);
                pc = if ok { pc + 1 } else { step.b as usize };
                true
            } else if step.is(SWITCH_NEXT) {
                pc = p.led(step, text.get(at + 1));
                true
            } else if step.is(REPEAT) {
                let count = p.taken(step, step.c, &text[at..]);
                let low = at + step.b as usize;
                pc += 1;
                match self.ways.shrink(p, pc, text, low, at + count) {
                    Some(stop) => {
                        at = stop;
                        true
                    }
                    None => false,
                }
            } else if step.is(PEEK) {
                let there = at < text.len() && p.holds(step.a, text[at]);
                pc += 1;
                there != (step.b != 0)
            } else {
                match self.rare(p, step, (pc, at), text, full) {
                    Did::Ended(gave) => return gave,
                    Did::Step(ok, next, place) => {
                        (pc, at) = (next, place);
                        ok
                    }
                }
            };
            if !ok {
                self.steps += 1;
                if self.steps > BUDGET {
                    return Gave::Up;
                }
                match self.ways.back(base, p, text, &mut self.slots) {
                    Some((next, place)) => (pc, at) = (next, place),
                    None => return Gave::Nothing,
                }
            }
        }
    }

    /// Runs what stands in a look-around or an atomic group. What it captured stays, to be
    /// undone by whoever goes back behind it; its other ways are forgotten.
    pub(crate) fn inner(
        &mut self,
        p: &Program,
        pc: usize,
        at: usize,
        text: &[u8],
        undo: bool,
    ) -> Gave {
        let base = self.ways.len();
        let gave = self.run(p, pc, at, text, false);
        if undo || gave == Gave::Nothing {
            self.ways.undo(base, &mut self.slots);
        } else {
            self.ways.keep_captures(base);
        }
        gave
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> Set {
        let mut set = [0; 4];
        for byte in b'a'..=b'z' {
            set[(byte >> 6) as usize] |= 1 << (byte & 63);
        }
        set
    }

    #[test]
    fn a_greedy_repeat_gives_back() {
        // ([a-z]*)a
        let code = vec![SAVE, 0, REPEAT, 0, 0, u32::MAX, SAVE, 1, CHAR, 97, ACCEPT];
        let program = Program::new(&code, &[letters()], vec![], vec![], 2, None).unwrap();
        let mut machine = Machine::default();
        assert_eq!(machine.full_match(&program, b"banana"), Gave::Match(6));
        assert_eq!(machine.group(0), Some((0, 5)));
        assert_eq!(machine.full_match(&program, b"bono"), Gave::Nothing);
    }

    #[test]
    fn a_possessive_one_does_not() {
        let code = vec![POSSESS, 0, 0, u32::MAX, CHAR, 97, ACCEPT];
        let program = Program::new(&code, &[letters()], vec![], vec![], 0, None).unwrap();
        assert_eq!(
            Machine::default().full_match(&program, b"banana"),
            Gave::Nothing
        );
    }

    #[test]
    fn an_endless_program_gives_up() {
        let program = Program::new(&[JUMP, 0, ACCEPT], &[], vec![], vec![], 0, None).unwrap();
        assert_eq!(Machine::default().full_match(&program, b"x"), Gave::Up);
    }
}

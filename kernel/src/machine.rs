//! Runs programs on ASCII text: a backtracking machine with Python's order of trying, a
//! budget of steps, and no pattern of its own.
//!
//! A program that takes more steps than its budget gives `Gave::Up`: the caller hands the
//! text to Python.

use crate::program::*;

/// Steps that one run may take: real lines take hundreds.
pub const BUDGET: usize = 40_000;
/// Bytes of a text: a longer one is handed over.
const MAX_TEXT: usize = u16::MAX as usize - 1;

/// What a run gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gave {
    Match(usize),
    Nothing,
    Up,
}

#[derive(Clone, Copy)]
enum Frame {
    Branch {
        pc: u32,
        at: u32,
    },
    Restore {
        slot: u32,
        old: u32,
    },
    /// What a greedy repeat may give back: from `at` down to `low`.
    Shrink {
        pc: u32,
        low: u32,
        at: u32,
    },
    /// What a lazy repeat may take yet.
    Grow {
        pc: u32,
        set: u16,
        left: u32,
        at: u32,
    },
}

/// Room to run programs in, kept from run to run.
#[derive(Default)]
pub struct Machine {
    stack: Vec<Frame>,
    pub slots: Vec<u32>,
    steps: usize,
}

impl Machine {
    /// Python's `fullmatch`; where groups are is in `slots` afterwards.
    pub fn full_match(&mut self, program: &Program, text: &[u8]) -> Gave {
        self.begin(program);
        self.run(program, 0, 0, text, true)
    }

    /// Python's `search`, without telling the groups.
    pub fn search(&mut self, program: &Program, text: &[u8]) -> Gave {
        self.steps = 0;
        for at in 0..=text.len() {
            if let Some(first) = &program.first {
                match text.get(at) {
                    Some(&byte) if holds(first, byte) => {}
                    Some(_) if program.anchored => return Gave::Nothing,
                    Some(_) => continue,
                    None => return Gave::Nothing,
                }
            }
            let steps = self.steps;
            self.begin(program);
            self.steps = steps;
            match self.run(program, 0, at, text, false) {
                Gave::Nothing if program.anchored => return Gave::Nothing,
                Gave::Nothing => {}
                gave => return gave,
            }
        }
        Gave::Nothing
    }

    /// Where a group is: from and to.
    #[inline(always)]
    pub fn group(&self, number: usize) -> Option<(usize, usize)> {
        let (start, stop) = (self.slots[2 * number], self.slots[2 * number + 1]);
        (start != UNSET && stop != UNSET).then_some((start as usize, stop as usize))
    }

    fn begin(&mut self, program: &Program) {
        self.stack.clear();
        self.slots.clear();
        if program.slots > 0 {
            self.slots.resize(program.slots, UNSET);
        }
        self.steps = 0;
    }

    fn run(&mut self, p: &Program, start: usize, from: usize, text: &[u8], full: bool) -> Gave {
        let base = self.stack.len();
        if text.len() > MAX_TEXT {
            return Gave::Up;
        }
        let (mut pc, mut at) = (start, from);
        let code = &p.steps[..];
        loop {
            self.steps += 1;
            if self.steps > BUDGET {
                return Gave::Up;
            }
            let step = code[pc];
            let ok = match u32::from(step.op) {
                CHAR => {
                    let ok = at < text.len() && u16::from(text[at]) == step.a;
                    at += ok as usize;
                    pc += 1;
                    ok
                }
                SET => {
                    let ok = at < text.len() && p.holds(step.a, text[at]);
                    at += ok as usize;
                    pc += 1;
                    ok
                }
                STR => {
                    let (place, size) = (step.a as usize, step.b as usize);
                    let ok = begins(&text[at..], &p.texts[place..place + size]);
                    at += if ok { size } else { 0 };
                    pc += 1;
                    ok
                }
                PEEK => {
                    let there = at < text.len() && p.holds(step.a, text[at]);
                    let negative = step.b != 0;
                    pc += 1;
                    there != negative
                }
                CHAIN => {
                    let (stop, count) = p.chain(text, at, step.a, step.b);
                    let ok = count >= u32::from(step.c);
                    at = if ok { stop } else { at };
                    pc += 1;
                    ok
                }
                GUARD => {
                    let ok = at < text.len() && p.holds(step.a, text[at]);
                    pc = if ok { pc + 1 } else { step.b as usize };
                    true
                }
                SWITCH => {
                    let number = match text.get(at) {
                        Some(&byte) => u32::from(p.tables[step.a as usize][byte as usize]),
                        None => u32::from(step.c),
                    };
                    pc = p.targets[step.b as usize + number as usize] as usize;
                    true
                }
                MAYBE => {
                    if at < text.len() && p.holds(step.a, text[at]) {
                        self.stack.push(Frame::Branch {
                            pc: step.b.into(),
                            at: at as u32,
                        });
                        pc += 1;
                    } else {
                        pc = step.b as usize;
                    }
                    true
                }
                MAYBE_TEXT => {
                    let (place, size) = (step.a as usize, step.b as usize);
                    if begins(&text[at..], &p.texts[place..place + size]) {
                        self.stack.push(Frame::Branch {
                            pc: step.c.into(),
                            at: at as u32,
                        });
                        pc += 1;
                    } else {
                        pc = step.c as usize;
                    }
                    true
                }
                SPLIT => {
                    self.stack.push(Frame::Branch {
                        pc: step.b.into(),
                        at: at as u32,
                    });
                    pc = step.a as usize;
                    true
                }
                JUMP => {
                    pc = step.a as usize;
                    true
                }
                SAVE => {
                    let slot = u32::from(step.a);
                    let old = std::mem::replace(&mut self.slots[slot as usize], at as u32);
                    self.stack.push(Frame::Restore { slot, old });
                    pc += 1;
                    true
                }
                POSSESS | REPEAT => {
                    let (low, high) = (step.b as usize, step.c as usize);
                    let room = high.min(text.len() - at);
                    let count = text[at..at + room]
                        .iter()
                        .take_while(|&&byte| p.holds(step.a, byte))
                        .count();
                    let ok = count >= low;
                    if ok && u32::from(step.op) == REPEAT && count > low {
                        let (low, at) = ((at + low) as u32, (at + count) as u32);
                        self.stack.push(Frame::Shrink {
                            pc: (pc + 1) as u32,
                            low,
                            at,
                        });
                    }
                    at += if ok { count } else { 0 };
                    pc += 1;
                    ok
                }
                LAZY => {
                    let set = step.a;
                    let (low, high) = (step.b as usize, step.c as usize);
                    let room = low.min(text.len() - at);
                    let count = text[at..at + room]
                        .iter()
                        .take_while(|&&byte| p.holds(step.a, byte))
                        .count();
                    let ok = count == low;
                    at += if ok { count } else { 0 };
                    pc += 1;
                    if ok && high > low {
                        let left = (high - low) as u32;
                        self.stack.push(Frame::Grow {
                            pc: pc as u32,
                            set,
                            left,
                            at: at as u32,
                        });
                    }
                    ok
                }
                LOOK => {
                    let (negative, after) = (step.a != 0, step.b as usize);
                    match self.inner(p, pc + 1, at, text, negative) {
                        Gave::Up => return Gave::Up,
                        gave => {
                            pc = after;
                            (gave != Gave::Nothing) != negative
                        }
                    }
                }
                BEHIND => {
                    let (negative, size) = (step.a != 0, step.b as usize);
                    let after = step.c as usize;
                    let gave = if size > at {
                        Gave::Nothing
                    } else {
                        self.inner(p, pc + 1, at - size, text, negative)
                    };
                    if gave == Gave::Up {
                        return Gave::Up;
                    }
                    pc = after;
                    (gave != Gave::Nothing) != negative
                }
                ATOMIC => match self.inner(p, pc + 1, at, text, false) {
                    Gave::Up => return Gave::Up,
                    Gave::Match(stop) => {
                        at = stop;
                        pc = step.a as usize;
                        true
                    }
                    Gave::Nothing => false,
                },
                START => {
                    pc += 1;
                    at == 0
                }
                END => {
                    pc += 1;
                    at == text.len()
                }
                DOLLAR => {
                    pc += 1;
                    at == text.len() || (at + 1 == text.len() && text[at] == b'\n')
                }
                BOUNDARY => {
                    let word = |place: Option<usize>| {
                        place.and_then(|i| text.get(i)).is_some_and(|&b| is_word(b))
                    };
                    let ok = (word(at.checked_sub(1)) != word(Some(at))) == (step.a != 0);
                    pc += 1;
                    ok
                }
                BACKREF => {
                    let ok = match self.group(step.a as usize) {
                        Some((start, stop)) if text[at..].starts_with(&text[start..stop]) => {
                            at += stop - start;
                            true
                        }
                        _ => false,
                    };
                    pc += 1;
                    ok
                }
                DONE => return Gave::Match(at),
                ACCEPT => {
                    if !full || at == text.len() {
                        return Gave::Match(at);
                    }
                    false
                }
                _ => false,
            };
            if !ok {
                match self.back(p, base, text) {
                    Some((next, place)) => (pc, at) = (next, place),
                    None => return Gave::Nothing,
                }
            }
        }
    }

    /// Runs what stands in a look-around or an atomic group. What it captured stays, to be
    /// undone by whoever goes back behind it; its other ways are forgotten.
    fn inner(&mut self, p: &Program, pc: usize, at: usize, text: &[u8], undo: bool) -> Gave {
        let base = self.stack.len();
        let gave = self.run(p, pc, at, text, false);
        if undo || gave == Gave::Nothing {
            while self.stack.len() > base {
                if let Some(Frame::Restore { slot, old }) = self.stack.pop() {
                    self.slots[slot as usize] = old;
                }
            }
        } else {
            let mut kept = base;
            for place in base..self.stack.len() {
                if matches!(self.stack[place], Frame::Restore { .. }) {
                    self.stack[kept] = self.stack[place];
                    kept += 1;
                }
            }
            self.stack.truncate(kept);
        }
        gave
    }

    /// The next way to try; None where there is no other.
    fn back(&mut self, p: &Program, base: usize, text: &[u8]) -> Option<(usize, usize)> {
        while self.stack.len() > base {
            match self.stack.pop()? {
                Frame::Branch { pc, at } => return Some((pc as usize, at as usize)),
                Frame::Restore { slot, old } => self.slots[slot as usize] = old,
                Frame::Shrink { pc, low, at } => {
                    if at - 1 > low {
                        self.stack.push(Frame::Shrink {
                            pc,
                            low,
                            at: at - 1,
                        });
                    }
                    return Some((pc as usize, at as usize - 1));
                }
                Frame::Grow { pc, set, left, at } => {
                    let next = text.get(at as usize);
                    if next.is_some_and(|&byte| p.holds(set, byte)) {
                        if left > 1 {
                            self.stack.push(Frame::Grow {
                                pc,
                                set,
                                left: left - 1,
                                at: at + 1,
                            });
                        }
                        return Some((pc as usize, at as usize + 1));
                    }
                }
            }
        }
        None
    }
}

/// As `starts_with`, without a call for what is a few bytes.
#[inline(always)]
fn begins(text: &[u8], with: &[u8]) -> bool {
    text.len() >= with.len() && text.iter().zip(with).all(|(one, other)| one == other)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
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

//! Runs the expressions that Python compiled from its own patterns
//! (evidence/bulk/programs.py), on ASCII text: a backtracking machine with Python's order
//! of trying, a budget of steps, and no pattern of its own.
//!
//! A program that takes more steps than its budget gives `Gave::Up`: the caller hands the
//! text to Python.

pub const FAIL: u32 = 0;
pub const ACCEPT: u32 = 1;
pub const CHAR: u32 = 2;
pub const SET: u32 = 3;
pub const STR: u32 = 4;
pub const SPLIT: u32 = 5;
pub const JUMP: u32 = 6;
pub const SAVE: u32 = 7;
pub const REPEAT: u32 = 8;
pub const POSSESS: u32 = 9;
pub const LAZY: u32 = 10;
pub const LOOK: u32 = 11;
pub const ATOMIC: u32 = 12;
pub const START: u32 = 13;
pub const DOLLAR: u32 = 14;
pub const END: u32 = 15;
pub const BOUNDARY: u32 = 16;
pub const BACKREF: u32 = 17;
pub const GUARD: u32 = 18;
pub const BEHIND: u32 = 19;
pub const DONE: u32 = 20;
pub const PEEK: u32 = 21;
pub const SKIP: u32 = 22;
pub const CHAIN: u32 = 23;

/// Steps that one run may take: real lines take hundreds.
pub const BUDGET: usize = 40_000;
const UNSET: u32 = u32::MAX;

pub type Set = [u64; 4];

#[inline(always)]
pub fn holds(set: &Set, byte: u8) -> bool {
    set[(byte >> 6) as usize] >> (byte & 63) & 1 != 0
}

/// What a run gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gave {
    Match(usize),
    Nothing,
    Up,
}

/// One compiled expression.
#[derive(Clone, Debug, Default)]
pub struct Program {
    code: Vec<u32>,
    sets: Vec<Set>,
    texts: Vec<u8>,
    slots: usize,
    first: Option<Set>,
    anchored: bool,
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
        set: u32,
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

impl Program {
    /// A program out of its parts; None where an instruction points outside of it.
    pub fn new(
        code: Vec<u32>,
        sets: Vec<Set>,
        texts: Vec<u8>,
        slots: usize,
        first: Option<Set>,
    ) -> Option<Program> {
        let anchored = code.first() == Some(&START);
        let program = Program {
            code,
            sets,
            texts,
            slots,
            first,
            anchored,
        };
        program.is_sound().then_some(program)
    }

    fn is_sound(&self) -> bool {
        let (size, mut pc) = (self.code.len(), 0);
        let inside = |target: u32| (target as usize) < size;
        while pc < size {
            let op = self.code[pc];
            let wide = width(op);
            if wide == 0 || pc + wide > size {
                return false;
            }
            let a = &self.code[pc + 1..pc + wide];
            let sound = match op {
                SET | PEEK => (a[0] as usize) < self.sets.len(),
                STR => a[0] as usize + a[1] as usize <= self.texts.len(),
                SPLIT => inside(a[0]) && inside(a[1]),
                JUMP | ATOMIC => inside(a[0]),
                SAVE => (a[0] as usize) < self.slots,
                REPEAT | POSSESS | LAZY => (a[0] as usize) < self.sets.len() && a[1] <= a[2],
                LOOK => inside(a[1]),
                SKIP => a[0] as usize + a[1] as usize <= self.texts.len() && inside(a[2]),
                CHAIN => a[..2].iter().all(|&set| (set as usize) < self.sets.len()),
                BEHIND => inside(a[2]),
                BACKREF => (a[0] as usize * 2 + 1) < self.slots,
                GUARD => (a[0] as usize) < self.sets.len() && inside(a[1]),
                _ => true,
            };
            if !sound {
                return false;
            }
            pc += wide;
        }
        matches!(self.code.last(), Some(&ACCEPT) | Some(&DONE) | Some(&FAIL))
    }
}

fn width(op: u32) -> usize {
    match op {
        FAIL | ACCEPT | START | DOLLAR | END | DONE => 1,
        CHAR | SET | JUMP | SAVE | ATOMIC | BOUNDARY | BACKREF => 2,
        STR | SPLIT | LOOK | GUARD | PEEK => 3,
        REPEAT | POSSESS | LAZY | BEHIND | SKIP | CHAIN => 4,
        _ => 0,
    }
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
        let (mut pc, mut at) = (start, from);
        let code = &p.code[..];
        loop {
            self.steps += 1;
            if self.steps > BUDGET {
                return Gave::Up;
            }
            let ok = match code[pc] {
                CHAR => {
                    let ok = at < text.len() && text[at] as u32 == code[pc + 1];
                    at += ok as usize;
                    pc += 2;
                    ok
                }
                SET => {
                    let ok = at < text.len() && holds(&p.sets[code[pc + 1] as usize], text[at]);
                    at += ok as usize;
                    pc += 2;
                    ok
                }
                STR => {
                    let (place, size) = (code[pc + 1] as usize, code[pc + 2] as usize);
                    let ok = begins(&text[at..], &p.texts[place..place + size]);
                    at += if ok { size } else { 0 };
                    pc += 3;
                    ok
                }
                PEEK => {
                    let set = &p.sets[code[pc + 1] as usize];
                    let there = at < text.len() && holds(set, text[at]);
                    let negative = code[pc + 2] != 0;
                    pc += 3;
                    there != negative
                }
                SKIP => {
                    let (place, size) = (code[pc + 1] as usize, code[pc + 2] as usize);
                    let there = begins(&text[at..], &p.texts[place..place + size]);
                    pc = if there { pc + 4 } else { code[pc + 3] as usize };
                    true
                }
                CHAIN => {
                    let (mark, word) = (code[pc + 1] as usize, code[pc + 2] as usize);
                    let (stop, count) = chain(text, at, &p.sets[mark], &p.sets[word]);
                    let ok = count >= code[pc + 3];
                    at = if ok { stop } else { at };
                    pc += 4;
                    ok
                }
                GUARD => {
                    let ok = at < text.len() && holds(&p.sets[code[pc + 1] as usize], text[at]);
                    pc = if ok { pc + 3 } else { code[pc + 2] as usize };
                    true
                }
                SPLIT => {
                    self.stack.push(Frame::Branch {
                        pc: code[pc + 2],
                        at: at as u32,
                    });
                    pc = code[pc + 1] as usize;
                    true
                }
                JUMP => {
                    pc = code[pc + 1] as usize;
                    true
                }
                SAVE => {
                    let slot = code[pc + 1];
                    let old = std::mem::replace(&mut self.slots[slot as usize], at as u32);
                    self.stack.push(Frame::Restore { slot, old });
                    pc += 2;
                    true
                }
                POSSESS | REPEAT => {
                    let set = &p.sets[code[pc + 1] as usize];
                    let (low, high) = (code[pc + 2] as usize, code[pc + 3] as usize);
                    let room = high.min(text.len() - at);
                    let count = text[at..at + room]
                        .iter()
                        .take_while(|&&byte| holds(set, byte))
                        .count();
                    let ok = count >= low;
                    if ok && code[pc] == REPEAT && count > low {
                        let (low, at) = ((at + low) as u32, (at + count) as u32);
                        self.stack.push(Frame::Shrink {
                            pc: (pc + 4) as u32,
                            low,
                            at,
                        });
                    }
                    at += if ok { count } else { 0 };
                    pc += 4;
                    ok
                }
                LAZY => {
                    let set = code[pc + 1];
                    let (low, high) = (code[pc + 2] as usize, code[pc + 3] as usize);
                    let room = low.min(text.len() - at);
                    let count = text[at..at + room]
                        .iter()
                        .take_while(|&&byte| holds(&p.sets[set as usize], byte))
                        .count();
                    let ok = count == low;
                    at += if ok { count } else { 0 };
                    pc += 4;
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
                    let (negative, after) = (code[pc + 1] != 0, code[pc + 2] as usize);
                    match self.inner(p, pc + 3, at, text, negative) {
                        Gave::Up => return Gave::Up,
                        gave => {
                            pc = after;
                            (gave != Gave::Nothing) != negative
                        }
                    }
                }
                BEHIND => {
                    let (negative, size) = (code[pc + 1] != 0, code[pc + 2] as usize);
                    let after = code[pc + 3] as usize;
                    let gave = if size > at {
                        Gave::Nothing
                    } else {
                        self.inner(p, pc + 4, at - size, text, negative)
                    };
                    if gave == Gave::Up {
                        return Gave::Up;
                    }
                    pc = after;
                    (gave != Gave::Nothing) != negative
                }
                ATOMIC => match self.inner(p, pc + 2, at, text, false) {
                    Gave::Up => return Gave::Up,
                    Gave::Match(stop) => {
                        at = stop;
                        pc = code[pc + 1] as usize;
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
                    let ok = (word(at.checked_sub(1)) != word(Some(at))) == (code[pc + 1] != 0);
                    pc += 2;
                    ok
                }
                BACKREF => {
                    let ok = match self.group(code[pc + 1] as usize) {
                        Some((start, stop)) if text[at..].starts_with(&text[start..stop]) => {
                            at += stop - start;
                            true
                        }
                        _ => false,
                    };
                    pc += 2;
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
                    if next.is_some_and(|&byte| holds(&p.sets[set as usize], byte)) {
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

/// Words behind marks, as many as there are: where they end, and their number.
fn chain(text: &[u8], from: usize, mark: &Set, word: &Set) -> (usize, u32) {
    let (mut at, mut count) = (from, 0);
    while at < text.len() && holds(mark, text[at]) {
        let size = text[at + 1..]
            .iter()
            .take_while(|&&byte| holds(word, byte))
            .count();
        if size == 0 {
            break;
        }
        at += 1 + size;
        count += 1;
    }
    (at, count)
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
        let program = Program::new(code, vec![letters()], vec![], 2, None).unwrap();
        let mut machine = Machine::default();
        assert_eq!(machine.full_match(&program, b"banana"), Gave::Match(6));
        assert_eq!(machine.group(0), Some((0, 5)));
        assert_eq!(machine.full_match(&program, b"bono"), Gave::Nothing);
    }

    #[test]
    fn a_possessive_one_does_not() {
        let code = vec![POSSESS, 0, 0, u32::MAX, CHAR, 97, ACCEPT];
        let program = Program::new(code, vec![letters()], vec![], 0, None).unwrap();
        assert_eq!(
            Machine::default().full_match(&program, b"banana"),
            Gave::Nothing
        );
    }

    #[test]
    fn a_program_that_points_outside_is_refused() {
        assert!(Program::new(vec![JUMP, 9, ACCEPT], vec![], vec![], 0, None).is_none());
        assert!(Program::new(vec![SAVE, 4, ACCEPT], vec![], vec![], 2, None).is_none());
        assert!(Program::new(vec![99], vec![], vec![], 0, None).is_none());
        assert!(Program::new(vec![CHAR, 97], vec![], vec![], 0, None).is_none());
    }

    #[test]
    fn an_endless_program_gives_up() {
        let program = Program::new(vec![JUMP, 0, ACCEPT], vec![], vec![], 0, None).unwrap();
        assert_eq!(Machine::default().full_match(&program, b"x"), Gave::Up);
    }
}

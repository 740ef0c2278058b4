//! Programs that Python compiled of its own expressions (evidence/bulk/native/programs.py):
//! their instructions, held against what a program has before one is run (machine.rs).

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
pub const CHAIN: u32 = 22;
/// Leads by the next byte: table, count, number at the end of the text, targets.
pub const SWITCH: u32 = 23;
/// Goes on where a byte or a text is there, with the other way kept; else takes that.
pub const MAYBE: u32 = 24;
pub const MAYBE_TEXT: u32 = 25;
/// Leads by the byte behind the next one.
pub const SWITCH_NEXT: u32 = 26;

const SWITCH_WIDTH: usize = 4; // words in front of its targets
pub const MAX_SETS: usize = 64;
pub const UNSET: u32 = u32::MAX;

pub type Set = [u64; 4];

#[inline(always)]
pub fn holds(set: &Set, byte: u8) -> bool {
    set[(byte >> 6) as usize] >> (byte & 63) & 1 != 0
}

/// One instruction, with what it is given.
#[derive(Clone, Copy, Debug)]
#[repr(align(8))] // one load
pub struct Step {
    op: u8,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

impl Step {
    #[inline(always)]
    pub fn is(self, op: u32) -> bool {
        u32::from(self.op) == op
    }

    #[inline(always)]
    pub fn op(self) -> u32 {
        u32::from(self.op)
    }
}

/// One compiled expression.
#[derive(Clone, Debug)]
pub struct Program {
    pub steps: Vec<Step>,
    pub targets: Vec<u32>, // of switches
    by_byte: [u64; 256],   // the sets that hold a byte, as bits
    pub texts: Vec<u8>,
    pub tables: Vec<[u8; 256]>,
    pub slots: usize,
    pub first: Option<Set>,
    pub anchored: bool,
}

impl Program {
    /// A program out of its parts; None where an instruction points outside of it, or
    /// between others.
    pub fn new(
        code: &[u32],
        sets: &[Set],
        texts: Vec<u8>,
        tables: Vec<[u8; 256]>,
        slots: usize,
        first: Option<Set>,
    ) -> Option<Program> {
        let places = places(code)?;
        let ends_well = matches!(code.last(), Some(&ACCEPT | &DONE | &FAIL));
        if sets.len() > MAX_SETS || !ends_well {
            return None;
        }
        let mut by_byte = [0; 256];
        for (number, set) in sets.iter().enumerate() {
            for byte in 0..=255 {
                by_byte[byte as usize] |= u64::from(holds(set, byte)) << number;
            }
        }
        let mut program = Program {
            steps: Vec::new(),
            targets: Vec::new(),
            by_byte,
            texts,
            tables,
            slots,
            first,
            anchored: code.first() == Some(&START),
        };
        for (pc, _) in places
            .iter()
            .enumerate()
            .filter(|(_, &place)| place != UNSET)
        {
            let step = program.step(&code[pc..], &places, sets.len())?;
            program.steps.push(step);
        }
        Some(program)
    }

    /// One instruction, held against what the program has; its targets as numbers of steps.
    fn step(&mut self, code: &[u32], places: &[u32], sets: usize) -> Option<Step> {
        let word = |place: usize| code.get(place).copied().unwrap_or(0);
        let target = |place: usize| {
            let found = places.get(word(place) as usize).copied();
            found.filter(|&step| step != UNSET)
        };
        let set = |place: usize| ((word(place) as usize) < sets).then(|| word(place));
        let text = || {
            let stop = u64::from(word(1)) + u64::from(word(2));
            (stop <= self.texts.len() as u64).then(|| word(1))
        };
        let slots = self.slots as u64;
        let op = word(0);
        let (mut a, mut b, mut c) = (word(1), word(2), word(3));
        match op {
            SET | PEEK => a = set(1)?,
            STR => a = text()?,
            SPLIT => (a, b) = (target(1)?, target(2)?),
            JUMP | ATOMIC => a = target(1)?,
            SAVE if u64::from(a) >= slots => return None,
            BACKREF if u64::from(a) * 2 + 1 >= slots => return None,
            REPEAT | POSSESS | LAZY if b > c => return None,
            // no text is longer than what is put in place of "endless"
            REPEAT | POSSESS | LAZY => (a, b, c) = (set(1)?, b, c.min(u16::MAX.into())),
            LOOK => b = target(2)?,
            GUARD | MAYBE => (a, b) = (set(1)?, target(2)?),
            MAYBE_TEXT => (a, c) = (text()?, target(3)?),
            CHAIN => (a, b) = (set(1)?, set(2)?),
            BEHIND => c = target(3)?,
            SWITCH | SWITCH_NEXT => {
                let count = b;
                let table = self.tables.get(a as usize)?;
                if c >= count || table.iter().any(|&number| u32::from(number) >= count) {
                    return None;
                }
                b = self.targets.len() as u32;
                for place in 0..count as usize {
                    self.targets.push(target(SWITCH_WIDTH + place)?);
                }
            }
            _ => {}
        }
        let narrow = |word: u32| u16::try_from(word).ok();
        Some(Step {
            op: op as u8,
            a: narrow(a)?,
            b: narrow(b)?,
            c: narrow(c)?,
        })
    }

    #[inline(always)]
    pub fn holds(&self, set: u16, byte: u8) -> bool {
        self.by_byte[byte as usize] >> (set & 63) & 1 != 0
    }

    /// Whether it can be seen at once that it is not found in a text.
    #[inline(always)]
    pub fn rules_out(&self, text: &[u8]) -> bool {
        let first = self.first.as_ref();
        self.anchored && first.is_some_and(|set| text.first().is_none_or(|&byte| !holds(set, byte)))
    }

    /// Whether a text begins as a step asks; without a call for what is a few bytes.
    #[inline(always)]
    pub fn begins(&self, step: Step, text: &[u8]) -> bool {
        let (place, size) = (step.a as usize, step.b as usize);
        let with = &self.texts[place..place + size];
        text.len() >= size && text.iter().zip(with).all(|(one, other)| one == other)
    }

    /// Where a byte, or the end of the text, leads to.
    #[inline(always)]
    pub fn led(&self, step: Step, byte: Option<&u8>) -> usize {
        let number = match byte {
            Some(&byte) => u16::from(self.tables[step.a as usize][byte as usize]),
            None => step.c,
        };
        self.targets[step.b as usize + number as usize] as usize
    }

    /// How many bytes a repeat takes, at most so many.
    #[inline(always)]
    pub fn taken(&self, step: Step, most: u16, text: &[u8]) -> usize {
        let room = text.len().min(most as usize);
        let bytes = text[..room].iter();
        bytes.take_while(|&&byte| self.holds(step.a, byte)).count()
    }

    /// Words behind marks, as many as there are: where they end, and their number.
    pub fn chain(&self, text: &[u8], from: usize, mark: u16, word: u16) -> (usize, u32) {
        let (mut at, mut count) = (from, 0);
        while at < text.len() && self.holds(mark, text[at]) {
            let words = text[at + 1..].iter();
            let size = words.take_while(|&&byte| self.holds(word, byte)).count();
            if size == 0 {
                break;
            }
            at += 1 + size;
            count += 1;
        }
        (at, count)
    }
}

/// The number of the instruction that begins at each place of a code; None where one
/// is of no kind, or goes on beyond the end.
fn places(code: &[u32]) -> Option<Vec<u32>> {
    let mut places = vec![UNSET; code.len()];
    let (mut pc, mut count) = (0, 0);
    while pc < code.len() {
        let wide = match code[pc] {
            SWITCH | SWITCH_NEXT => SWITCH_WIDTH + *code.get(pc + 2)? as usize,
            op => width(op),
        };
        if wide == 0 || pc + wide > code.len() {
            return None;
        }
        places[pc] = count;
        count += 1;
        pc += wide;
    }
    Some(places)
}

fn width(op: u32) -> usize {
    match op {
        FAIL | ACCEPT | START | DOLLAR | END | DONE => 1,
        CHAR | SET | JUMP | SAVE | ATOMIC | BOUNDARY | BACKREF => 2,
        STR | SPLIT | LOOK | GUARD | PEEK | MAYBE => 3,
        REPEAT | POSSESS | LAZY | BEHIND | CHAIN | MAYBE_TEXT => 4,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_points_outside_is_refused() {
        assert!(Program::new(&[JUMP, 9, ACCEPT], &[], vec![], vec![], 0, None).is_none());
        assert!(Program::new(&[SAVE, 4, ACCEPT], &[], vec![], vec![], 2, None).is_none());
        assert!(Program::new(&[99], &[], vec![], vec![], 0, None).is_none());
        assert!(Program::new(&[CHAR, 97], &[], vec![], vec![], 0, None).is_none());
    }
}

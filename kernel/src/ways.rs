//! The ways that a machine has yet to try, and what it has to undo on its way back
//! (machine.rs).

use crate::program::{Program, Step, CHAR, SET};

#[derive(Clone, Copy)]
enum Way {
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

/// Where to go on, in the program and in the text.
pub type Place = (usize, usize);

/// The ways of a run, the next one last.
#[derive(Default)]
pub struct Ways(Vec<Way>);

impl Ways {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    pub fn branch(&mut self, pc: u16, at: usize) {
        let (pc, at) = (pc.into(), at as u32);
        self.0.push(Way::Branch { pc, at });
    }

    #[inline(always)]
    pub fn restore(&mut self, slot: u16, old: u32) {
        let slot = slot.into();
        self.0.push(Way::Restore { slot, old });
    }

    /// What a greedy repeat in front of `pc` takes between `low` and `to`: the most with
    /// which it can go on; what it may give back is kept. None where it cannot go on.
    #[inline(always)]
    pub fn shrink(
        &mut self,
        p: &Program,
        pc: usize,
        text: &[u8],
        low: usize,
        to: usize,
    ) -> Option<usize> {
        let stop = last_fit(p.steps[pc], p, text, low, to)?;
        if stop > low {
            let (pc, low, at) = (pc as u32, low as u32, stop as u32);
            self.0.push(Way::Shrink { pc, low, at });
        }
        Some(stop)
    }

    pub fn grow(&mut self, pc: usize, set: u16, left: usize, at: usize) {
        let (pc, left, at) = (pc as u32, left as u32, at as u32);
        self.0.push(Way::Grow { pc, set, left, at });
    }

    /// The next way to try, above `base`; None where there is no other.
    pub fn back(
        &mut self,
        base: usize,
        p: &Program,
        text: &[u8],
        slots: &mut [u32],
    ) -> Option<Place> {
        while self.0.len() > base {
            match self.0.pop()? {
                Way::Branch { pc, at } => return Some((pc as usize, at as usize)),
                Way::Restore { slot, old } => slots[slot as usize] = old,
                Way::Shrink { pc, low, at } => {
                    let (pc, low, to) = (pc as usize, low as usize, at as usize - 1);
                    if let Some(stop) = self.shrink(p, pc, text, low, to) {
                        return Some((pc, stop));
                    }
                }
                Way::Grow { pc, set, left, at } => {
                    let (pc, left, at) = (pc as usize, left as usize, at as usize);
                    if text.get(at).is_some_and(|&byte| p.holds(set, byte)) {
                        if left > 1 {
                            self.grow(pc, set, left - 1, at + 1);
                        }
                        return Some((pc, at + 1));
                    }
                }
            }
        }
        None
    }

    /// Forgets all ways above `base`, and undoes what was captured on them.
    pub fn undo(&mut self, base: usize, slots: &mut [u32]) {
        while self.0.len() > base {
            if let Some(Way::Restore { slot, old }) = self.0.pop() {
                slots[slot as usize] = old;
            }
        }
    }

    /// Forgets all ways above `base`, but what has to be undone behind them.
    pub fn keep_captures(&mut self, base: usize) {
        let mut kept = base;
        for place in base..self.0.len() {
            if matches!(self.0[place], Way::Restore { .. }) {
                self.0[kept] = self.0[place];
                kept += 1;
            }
        }
        self.0.truncate(kept);
    }
}

/// The last place from `to` down to `low` at which a step can take something; places at
/// which it cannot need not be tried.
#[inline(always)]
fn last_fit(step: Step, p: &Program, text: &[u8], low: usize, to: usize) -> Option<usize> {
    let fits = |at: usize| {
        if step.is(CHAR) {
            at < text.len() && u16::from(text[at]) == step.a
        } else {
            !step.is(SET) || (at < text.len() && p.holds(step.a, text[at]))
        }
    };
    (low..=to).rev().find(|&at| fits(at))
}

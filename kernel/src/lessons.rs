//! Lines of unknown forms. A form that comes once is handed over with its line: a lesson
//! costs more than reading that. When what a line lacks comes a second time, that line is
//! to teach it, and the others that lack the same wait for what it teaches.

use std::collections::{HashMap, HashSet};

use crate::batch::{Batch, Tables};
use crate::forms::Forms;
use crate::hashing::Quick;
use crate::line::Why;
use crate::questions::{Question, FORM, LINE, TEACH, WAIT};
use crate::table::Text;

/// How often what was not known is tried again; then lines are handed over as they are.
const MAX_ROUNDS: u32 = 8;

/// What lines lack.
#[derive(Default)]
pub(crate) struct Lessons {
    /// What was seen once, and the number of the question.
    once: HashMap<Vec<u8>, usize, Quick>,
    /// What is asked for in this round.
    asked: HashSet<Vec<u8>, Quick>,
    rounds: u32,
}

impl Batch {
    /// What is asked about a line that could not be read, with the next question.
    pub(crate) fn kind_of(&mut self, why: Why, forms: &Forms) -> u32 {
        let lessons = &mut self.lessons;
        if !matches!(why, Why::Unknown | Why::NoRecipe) || lessons.rounds >= MAX_ROUNDS {
            return LINE;
        }
        let lacking = &self.room.spare.lacking;
        if lessons.asked.contains(lacking) {
            return WAIT;
        }
        if lessons.rounds == 0 && !forms.lacked.contains(lacking) {
            match lessons.once.remove(lacking) {
                Some(first) => self.questions[first].kind = WAIT,
                None => {
                    let number = self.questions.len();
                    lessons.once.insert(lacking.clone(), number);
                    return LINE;
                }
            }
        }
        lessons.asked.insert(lacking.clone());
        TEACH
    }

    /// Remembers what was lacking once: the next time it is asked for.
    pub(crate) fn remember(&mut self, forms: &mut Forms) {
        for (lacking, _) in self.lessons.once.drain() {
            forms.lack(lacking);
        }
    }

    /// Reads the lines again whose forms were not known: some have been taught since.
    pub fn again(&mut self, tables: &Tables, forms: &mut Forms) {
        self.lessons.rounds += 1;
        self.lessons.asked.clear();
        for mut question in std::mem::take(&mut self.questions) {
            if !matches!(question.kind, TEACH | WAIT)
                || self.is_still_open(&mut question, tables, forms)
            {
                self.questions.push(question);
            }
        }
    }

    /// Whether there is something left to say of a line: one that waited and could be read
    /// was never handed over.
    fn is_still_open(&mut self, one: &mut Question, tables: &Tables, forms: &mut Forms) -> bool {
        let start = one.start as usize;
        let value = Text::new(start, start + one.size as usize);
        let waited = one.kind == WAIT;
        match self.add_line(one.row as usize, value, true, tables, forms) {
            Ok(()) => one.kind = FORM,
            Err(why) => {
                one.why = why as u32;
                let clauses = self.room.spare.clauses;
                let other = waited || clauses & !one.clauses != 0;
                one.clauses = clauses;
                one.kind = if other {
                    self.kind_of(why, forms)
                } else {
                    LINE
                };
            }
        }
        !(waited && one.kind == FORM)
    }
}

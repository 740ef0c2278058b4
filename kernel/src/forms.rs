//! The forms of lines: what Python taught of single clauses, and what came of it for whole
//! lines (composer.rs).

use std::collections::{HashMap, HashSet};

use crate::dialect::{Allowed, Mask};
use crate::hashing::Quick;
use crate::keys::Asked;
use crate::prepared::Prepared;
use crate::recipe::Recipe;
use crate::wire::Wire;

/// Clauses and forms that are kept.
pub const MAX_FORMS: usize = 4_096;

/// The form of a line.
pub struct Form {
    pub settled: Option<i32>,
    pub mask: Mask,
    pub recipes: Vec<(i32, Option<u32>)>, // None: it cannot be filled in
    pub clauses: Vec<Vec<u8>>,            // their keys, the weightiest last
}

/// What Python taught of a clause: the dialects it does not rule out, and what it says.
pub struct Clause {
    pub mask: Mask,
    pub readings: Vec<Reading>,
}

/// What a clause says in a dialect; None where it cannot be filled in.
pub struct Reading {
    pub dialect: i32,
    pub kind: Vec<u8>, // of hop, for the clauses that ask for it
    pub recipe: Option<Recipe>,
}

impl Clause {
    pub fn reading(&self, dialect: i32, kind: &[u8]) -> Option<&Reading> {
        let mut readings = self.readings.iter();
        readings.find(|one| one.dialect == dialect && one.kind == kind)
    }
}

/// What is kept of forms.
#[derive(Default)]
pub struct Forms {
    pub by_key: HashMap<Vec<u8>, u32, Quick>, // their numbers
    pub all: Vec<Form>,
    pub recipes: Vec<(Recipe, Prepared)>,
    pub clauses: HashMap<Vec<u8>, Clause, Quick>,
    /// Those that end with a note, with a hole in place of it.
    pub with_holes: HashMap<Vec<u8>, Clause, Quick>,
    /// What lines lacked that were not taught it.
    pub lacked: HashSet<Vec<u8>, Quick>,
    /// Which names a table may know, of those that were asked for.
    pub names: Asked,
    /// The dialects that texts behind "by" do not rule out.
    pub allowed: Allowed,
    /// How often all recipes were forgotten.
    pub age: u32,
}

impl Forms {
    /// Learns clauses, and those with holes; None where what was handed over makes no sense.
    pub fn teach(&mut self, wire: &mut Wire, max: usize) -> Option<()> {
        self.learn(wire, max, |forms| &mut forms.clauses)?;
        self.learn(wire, max, |forms| &mut forms.with_holes)
    }

    fn learn(
        &mut self,
        wire: &mut Wire,
        max: usize,
        of: fn(&mut Forms) -> &mut HashMap<Vec<u8>, Clause, Quick>,
    ) -> Option<()> {
        for _ in 0..wire.u32()? {
            let key = wire.bytes()?.to_vec();
            let mask = wire.set()?;
            let dialect = wire.i64()? as i32;
            let kind = wire.bytes()?.to_vec();
            let recipe = match wire.u32()? {
                0 => None,
                _ => Some(Recipe::read(wire)?),
            };
            if of(self).len() >= max && !of(self).contains_key(&key) {
                // what is forgotten is taught again when it is met
                let age = self.age + 1;
                *self = Forms {
                    age,
                    ..Forms::default()
                };
            }
            let clause = of(self).entry(key).or_insert(Clause {
                mask,
                readings: Vec::new(),
            });
            if clause.reading(dialect, &kind).is_none() {
                clause.readings.push(Reading {
                    dialect,
                    kind,
                    recipe,
                });
            }
        }
        Some(())
    }

    /// Whether it is known what a clause says in a dialect, whatever the kind of hop.
    pub fn tell(&self, clause: &[u8], dialect: i32) -> bool {
        let known = self.clauses.get(clause);
        known.is_some_and(|one| one.readings.iter().any(|one| one.dialect == dialect))
    }

    /// Remembers what a line lacked; so much at most.
    pub fn lack(&mut self, lacking: Vec<u8>) {
        if self.lacked.len() >= MAX_FORMS {
            self.lacked.clear();
        }
        self.lacked.insert(lacking);
    }

    /// Keeps a form, so many at most; gives its number.
    pub fn keep(&mut self, key: &[u8], form: Form, max: usize) -> u32 {
        if self.by_key.len() >= max || self.recipes.len() >= 4 * max {
            self.by_key.clear();
            self.all.clear();
            self.recipes.clear();
            self.age += 1;
        }
        let number = self.all.len() as u32;
        self.all.push(form);
        self.by_key.insert(key.to_vec(), number);
        number
    }

    /// Keeps the recipe of a form in a dialect.
    pub fn add(&mut self, form: u32, dialect: i32, recipe: Option<Recipe>) -> Option<u32> {
        let number = recipe.map(|recipe| {
            let prepared = Prepared::new(&recipe);
            self.recipes.push((recipe, prepared));
            self.recipes.len() as u32 - 1
        });
        self.all[form as usize].recipes.push((dialect, number));
        number
    }
}

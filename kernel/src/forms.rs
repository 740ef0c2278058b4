//! The forms of lines: what Python taught of single clauses, and what that makes of whole
//! lines. A line is what its clauses say, the weightiest last (evidence/received/line.py,
//! `hop_of`); so a form that was never seen is put together of clauses that were.

use std::collections::HashMap;

use crate::dialect::{and, is_empty, Dialects, Mask};
use crate::hashing::Quick;
use crate::keys::{Asked, Names, Places};
use crate::line::Why;
use crate::machine::Machine;
use crate::recipe::{Columns, Known, Recipe, Source};
use crate::schema::{place, HOPS};
use crate::wire::Wire;

const ALL: Mask = [u64::MAX; 4];
const KIND: usize = place(HOPS, "kind");
const HELO: usize = place(HOPS, "helo");
const CLIENT_ADDRESS: usize = place(HOPS, "client_address");
const BY_HOST: usize = place(HOPS, "by_host");
pub const NOBODY: i32 = -1;

/// The form of a line.
pub struct Form {
    pub settled: Option<i32>,
    pub mask: Mask,
    pub recipes: Vec<(i32, Option<u32>)>, // None: it cannot be filled in
    clauses: Vec<Vec<u8>>,                // their keys, the weightiest last
}

/// What Python taught of a clause: the dialects it does not rule out, and what it says.
struct Clause {
    mask: Mask,
    readings: Vec<Reading>,
}

struct Reading {
    dialect: i32,
    kind: Vec<u8>, // of hop, for the clauses that ask for it
    recipe: Option<Recipe>,
}

/// A clause of a line: the groups that hold it, and those that its key is made of.
struct Part {
    groups: Vec<u32>,
    places: Places,
    /// Whether it stands in front of "by", whose being there goes into the key.
    front: bool,
    /// Whether its meaning asks for the kind of hop.
    asks_kind: bool,
    /// The alternatives that a line without it does not rule out.
    without: Mask,
}

/// The key of a line's form: the keys of its clauses, one behind the other.
#[derive(Default)]
pub struct Key {
    pub bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Key {
    fn clauses(&self) -> impl Iterator<Item = &[u8]> {
        self.starts.iter().enumerate().map(|(number, &start)| {
            let stop = self.starts.get(number + 1);
            &self.bytes[start..stop.copied().unwrap_or(self.bytes.len())]
        })
    }
}

impl Part {
    fn is_there(&self, found: &Machine) -> bool {
        let mut groups = self.groups.iter();
        groups.any(|&group| is_there(found, group as usize))
    }
}

/// What an alternative by which a dialect is known says of its lines.
struct Alternative {
    dialect: i32,
    /// Whether an address may stand in the comment that it asks for: else what looks like
    /// one is a version.
    takes_address: bool,
    implies: Columns,
    says: Columns,
}

/// How forms are put together; all of it comes from Python once.
pub struct Composer {
    parts: Vec<Part>, // the weightiest last
    names: Names,
    blank: Columns,
    alternatives: Vec<Alternative>,
    known: Vec<(bool, Known)>, // of each dialect; whether one reads an address
    by: usize,
    from: usize,
    writer: usize,
}

/// What is kept of forms.
#[derive(Default)]
pub struct Forms {
    pub by_key: HashMap<Vec<u8>, Form, Quick>,
    pub recipes: Vec<Recipe>,
    clauses: HashMap<Vec<u8>, Clause, Quick>,
    /// How often all recipes were forgotten.
    pub age: u32,
}

impl Composer {
    pub fn read(wire: &mut Wire, by: usize, from: usize, writer: usize) -> Option<Composer> {
        Some(Composer {
            names: Names::read(wire)?,
            parts: wire.many(|wire| {
                Some(Part {
                    groups: wire.u32s()?,
                    places: Places::read(wire)?,
                    front: wire.u32()? != 0,
                    asks_kind: wire.u32()? != 0,
                    without: wire.set()?,
                })
            })?,
            blank: Columns::read(wire)?,
            alternatives: wire.many(|wire| {
                Some(Alternative {
                    dialect: wire.i64()? as i32,
                    takes_address: wire.u32()? != 0,
                    implies: Columns::read(wire)?,
                    says: Columns::read(wire)?,
                })
            })?,
            known: wire.many(|wire| {
                let reads_addresses = wire.u32()? != 0;
                Some((reads_addresses, Known::new(wire.many(Wire::program)?)))
            })?,
            by,
            from,
            writer,
        })
    }

    /// Writes the key of a whole line, and where in it that of each clause begins.
    pub fn write_key(&self, text: &[u8], found: &Machine, asked: &mut Asked, key: &mut Key) {
        key.bytes.clear();
        key.starts.clear();
        for (number, part) in self.parts.iter().enumerate() {
            if part.is_there(found) {
                key.starts.push(key.bytes.len());
                key.bytes.push(number as u8);
                if part.front {
                    key.bytes.push(u8::from(is_there(found, self.by)));
                }
                let out = &mut key.bytes;
                part.places.write(text, found, &self.names, asked, out);
            }
        }
    }

    /// The form of a line, put together of its clauses.
    pub fn form(
        &self,
        key: &Key,
        found: &Machine,
        forms: &Forms,
        dialects: &Dialects,
    ) -> Result<Form, Why> {
        let clauses: Vec<Vec<u8>> = key.clauses().map(<[u8]>::to_vec).collect();
        let mut mask = ALL;
        for part in self.parts.iter().filter(|part| !part.is_there(found)) {
            mask = and(mask, part.without);
        }
        for clause in &clauses {
            mask = and(mask, forms.clauses.get(clause).ok_or(Why::Unknown)?.mask);
        }
        let settled = if is_there(found, self.writer) {
            None
        } else if is_empty(mask) {
            Some(NOBODY)
        } else {
            dialects.settled(mask)
        };
        Ok(Form {
            settled,
            mask,
            recipes: Vec::new(),
            clauses,
        })
    }

    /// What a form's lines say in a dialect; None inside where a clause cannot be filled in.
    pub fn recipe(
        &self,
        form: &Form,
        number: i32,
        found: &Machine,
        forms: &Forms,
    ) -> Result<Option<Recipe>, Why> {
        let alternative = usize::try_from(number)
            .ok()
            .and_then(|number| self.alternatives.get(number));
        if is_there(found, self.writer) && alternative.is_some_and(|one| !one.takes_address) {
            return Ok(None);
        }
        let dialect = alternative.map_or(NOBODY, |one| one.dialect);
        let mut recipe = Recipe {
            columns: self.blank.clone(),
            ..Recipe::default()
        };
        if let Some(one) = alternative {
            recipe.columns.lay_over(&one.implies, 0);
        }
        for key in &form.clauses {
            let clause = forms.clauses.get(key).ok_or(Why::NoRecipe)?;
            let says = alternative.and_then(|one| one.says.constant(KIND));
            let kind = match self.parts[key[0] as usize].asks_kind {
                true => says.or(recipe.columns.constant(KIND)).unwrap_or(b""),
                false => b"",
            };
            let reading = clause
                .readings
                .iter()
                .find(|one| one.dialect == dialect && one.kind == kind)
                .ok_or(Why::NoRecipe)?;
            match &reading.recipe {
                Some(said) => recipe.add(said),
                None => return Ok(None),
            }
        }
        if let Some(one) = alternative {
            recipe.columns.lay_over(&one.says, 0);
        }
        self.add_kind(&mut recipe);
        self.add_known(&mut recipe, dialect, is_there(found, self.from));
        Ok(Some(recipe))
    }

    /// The kind of a hop that neither its protocol nor a table tells.
    fn add_kind(&self, recipe: &mut Recipe) {
        let columns = &mut recipe.columns;
        if columns.tells(KIND) {
            return;
        }
        let kind: &[u8] = if columns.tells(CLIENT_ADDRESS) || columns.tells(HELO) {
            b"smtp"
        } else if columns.tells(BY_HOST) {
            b"local"
        } else {
            b"unreadable"
        };
        columns.texts.push((KIND, Source::Constant(kind.to_vec())));
    }

    /// The words that a dialect knows behind "from". Words with addresses in them are
    /// Python's to read, where the form has such.
    fn add_known(&self, recipe: &mut Recipe, dialect: i32, from: bool) {
        let known = usize::try_from(dialect)
            .ok()
            .and_then(|one| self.known.get(one));
        if let (Some((reads_addresses, known)), true) = (known, from) {
            recipe.known = if recipe.has_known && *reads_addresses {
                Known::new(vec![None])
            } else {
                known.clone()
            };
        }
    }
}

fn is_there(found: &Machine, group: usize) -> bool {
    found.group(group).is_some_and(|(start, stop)| start < stop)
}

impl Forms {
    /// Learns clauses; None where what was handed over makes no sense.
    pub fn teach(&mut self, wire: &mut Wire, max: usize) -> Option<()> {
        for _ in 0..wire.u32()? {
            let key = wire.bytes()?.to_vec();
            let mask = wire.set()?;
            let dialect = wire.i64()? as i32;
            let kind = wire.bytes()?.to_vec();
            let recipe = match wire.u32()? {
                0 => None,
                _ => Some(Recipe::read(wire)?),
            };
            if self.clauses.len() >= max && !self.clauses.contains_key(&key) {
                // what is forgotten is taught again when it is met
                let age = self.age + 1;
                *self = Forms {
                    age,
                    ..Forms::default()
                };
            }
            let clause = self.clauses.entry(key).or_insert(Clause {
                mask,
                readings: Vec::new(),
            });
            let readings = &mut clause.readings;
            if !readings
                .iter()
                .any(|one| one.dialect == dialect && one.kind == kind)
            {
                readings.push(Reading {
                    dialect,
                    kind,
                    recipe,
                });
            }
        }
        Some(())
    }

    /// Keeps a form; so many at most.
    pub fn keep(&mut self, key: &[u8], form: Form, max: usize) {
        if self.by_key.len() >= max || self.recipes.len() >= 4 * max {
            self.by_key.clear();
            self.recipes.clear();
            self.age += 1;
        }
        self.by_key.insert(key.to_vec(), form);
    }

    /// Keeps the recipe of a form in a dialect.
    pub fn add(&mut self, key: &[u8], dialect: i32, recipe: Option<Recipe>) -> Option<u32> {
        let number = recipe.map(|recipe| {
            self.recipes.push(recipe);
            self.recipes.len() as u32 - 1
        });
        if let Some(form) = self.by_key.get_mut(key) {
            form.recipes.push((dialect, number));
        }
        number
    }
}

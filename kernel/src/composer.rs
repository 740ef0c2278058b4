//! Puts forms of lines together of what is known of their clauses. A line is what its
//! clauses say, the weightiest last (evidence/received/line.py, `hop_of`); so a form that
//! was never seen is put together of clauses that were, and a clause of one that differs
//! in its note alone.

use crate::clause::{is_there, Key, Part};
use crate::dialect::{and, is_empty, Dialects, Mask};
use crate::forms::{Form, Forms};
use crate::keys::{Asked, Names};
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

/// A line without its time, and its groups.
pub struct Line<'a> {
    pub text: &'a [u8],
    pub found: &'a Machine,
}

/// Room to put forms together in.
#[derive(Default)]
pub struct Spare {
    /// What was not known of a line whose form is not, and of which clauses, as bits.
    pub lacking: Vec<u8>,
    pub clauses: u32,
    pub machine: Machine,
    pub(crate) asked: Asked,
    pub(crate) key: Vec<u8>,
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
    pub(crate) parts: Vec<Part>, // the weightiest last
    pub(crate) names: Names,
    blank: Columns,
    alternatives: Vec<Alternative>,
    known: Vec<(bool, Known)>, // of each dialect; whether one reads an address
    pub(crate) by: usize,
    from: usize,
    writer: usize,
}

impl Spare {
    /// One more clause, by its key, of which something is not known.
    fn lacks(&mut self, clause: &[u8]) {
        if self.clauses == 0 {
            self.lacking.clear();
            self.lacking.extend_from_slice(clause);
        }
        self.clauses |= 1 << (clause[0] & 31);
    }
}

impl Composer {
    pub fn read(wire: &mut Wire, by: usize, from: usize, writer: usize) -> Option<Composer> {
        Some(Composer {
            names: Names::read(wire)?,
            parts: wire.many(Part::read)?,
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

    /// Whether a clause has more bytes than so many.
    pub fn has_longer(&self, found: &Machine, most: usize) -> bool {
        let mut groups = self.parts.iter().flat_map(|part| &part.groups);
        groups.any(|&group| {
            let place = found.group(group as usize);
            place.is_some_and(|(start, stop)| stop - start > most)
        })
    }

    /// Writes the key of a whole line, and where in it that of each clause begins.
    pub fn write_key(&self, line: &Line, asked: &mut Asked, key: &mut Key) {
        key.bytes.clear();
        key.starts.clear();
        for (number, part) in self.parts.iter().enumerate() {
            if part.is_there(line.found) {
                key.starts.push(key.bytes.len());
                key.bytes.push(number as u8);
                if part.front {
                    key.bytes.push(u8::from(is_there(line.found, self.by)));
                }
                let out = &mut key.bytes;
                part.places.write(line, None, &self.names, asked, out);
            }
        }
    }

    /// The form of a line, put together of its clauses.
    pub fn form(
        &self,
        key: &Key,
        line: &Line,
        forms: &mut Forms,
        dialects: &Dialects,
        spare: &mut Spare,
    ) -> Result<Form, Why> {
        let found = line.found;
        let clauses: Vec<Vec<u8>> = key.clauses().map(<[u8]>::to_vec).collect();
        let mut mask = ALL;
        for part in self.parts.iter().filter(|part| !part.is_there(found)) {
            mask = and(mask, part.without);
        }
        spare.clauses = 0;
        for clause in &clauses {
            if !forms.clauses.contains_key(clause) {
                self.learn(clause, line, forms, dialects, spare);
            }
            match forms.clauses.get(clause) {
                Some(known) => mask = and(mask, known.mask),
                None => spare.lacks(clause),
            }
        }
        if spare.clauses != 0 {
            return Err(Why::Unknown);
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
        clauses: &[Vec<u8>],
        number: i32,
        line: &Line,
        forms: &mut Forms,
        dialects: &Dialects,
        spare: &mut Spare,
    ) -> Result<Option<Recipe>, Why> {
        let found = line.found;
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
        for (place, key) in clauses.iter().enumerate() {
            let says = alternative.and_then(|one| one.says.constant(KIND));
            let kind = match self.parts[key[0] as usize].asks_kind {
                true => says.or(recipe.columns.constant(KIND)).unwrap_or(b""),
                false => b"",
            };
            let known = |forms: &Forms| {
                let clause = forms.clauses.get(key);
                clause.is_some_and(|one| one.reading(dialect, kind).is_some())
            };
            if !known(forms) {
                self.learn_reading(key, (dialect, kind), line, forms, dialects, spare);
            }
            let clause = forms.clauses.get(key).ok_or(Why::NoRecipe)?;
            let Some(reading) = clause.reading(dialect, kind) else {
                spare.clauses = 0;
                spare.lacks(key);
                spare.lacking.extend_from_slice(&dialect.to_le_bytes());
                spare.lacking.extend_from_slice(kind);
                for other in &clauses[place + 1..] {
                    if !forms.tell(other, dialect) {
                        spare.lacks(other);
                    }
                }
                return Err(Why::NoRecipe);
            };
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

//! The rows that a constraint meets in real life: NULL where a column may be NULL, and two rows that agree wherever
//! two rows may.

use rusqlite::types::Value;

use super::insert::{Inserter, is_unique};
use super::value::value;
use super::{Filler, Row, Table, takes_default, value_of, without_triggers};
use crate::live::schema::{self, key};
use crate::sql::quote::quoted;

impl Filler<'_> {
    /// A row, and a second one in which every column that may be NULL and is part of no primary key is NULL. Where the table
    /// refuses that, as many of them as it accepts, in column order; references to the table itself apart. Where it takes one
    /// row only, that one.
    pub(super) fn fill_with_nulls(&mut self, table: &Table) -> rusqlite::Result<()> {
        self.fill_distinct(table, 1)?;
        if !self.filled.contains_key(&key(&table.name)) {
            return Ok(());
        }
        let refers_to_itself = |column: &str| {
            let own = table.keys.iter().filter(|key| key.parent.eq_ignore_ascii_case(&table.name));
            own.flat_map(|key| &key.columns).any(|(from, _)| from.eq_ignore_ascii_case(column))
        };
        let may_be_null = |column: &str| {
            table
                .columns
                .iter()
                .any(|other| other.name == column && !other.not_null && other.primary_key == 0)
                && !refers_to_itself(column)
        };
        let mut inserter = Inserter::new(self.conn, table)?;
        let mut values = self.values(table, 1)?;
        for chosen in [false, true] {
            // A CHECK of a column that cannot be NULL wants values of its own choice.
            if chosen {
                let Some(chosen) = self.chosen(table, &mut inserter, &values)? else { break };
                values = chosen;
            }
            let mut nulls = values.clone();
            for (name, value) in &mut nulls {
                if may_be_null(name) {
                    *value = Value::Null;
                }
            }
            if inserter.attempt(&nulls).is_ok() {
                self.keep(table, nulls);
                return Ok(());
            }
        }
        // One at a time: each is tried on a row that is taken back.
        for index in 0..values.len() {
            let Some((name, value)) = values.get_mut(index) else { continue };
            if !may_be_null(name) {
                continue;
            }
            let before = std::mem::replace(value, Value::Null);
            if !self.is_accepted(&inserter, &values)?
                && let Some((_, value)) = values.get_mut(index)
            {
                *value = before;
            }
        }
        if inserter.attempt(&values).is_ok() {
            self.keep(table, values);
            return Ok(());
        }
        // There is room for one row only.
        for column in table.columns.iter().filter(|column| may_be_null(&column.name)) {
            let sql = format!("UPDATE main.{} SET {} = NULL", quoted(&table.name), quoted(&column.name));
            let is_null = without_triggers(self.conn, || self.conn.execute(&sql, [])).is_ok();
            let rows = self.filled.get_mut(&key(&table.name)).filter(|_| is_null);
            for row in rows.into_iter().flatten() {
                row.insert(key(&column.name), Value::Null);
            }
        }
        Ok(())
    }

    /// The row as the table takes it, where it takes one that refers to the same rows.
    fn chosen(
        &mut self,
        table: &Table,
        inserter: &mut Inserter<'_>,
        values: &Row,
    ) -> rusqlite::Result<Option<Row>> {
        let mut chosen = values.clone();
        self.conn.execute_batch("SAVEPOINT try_row")?;
        let accepted = inserter.insert(&mut chosen, 1, self.recipes);
        self.conn.execute_batch("ROLLBACK TO try_row; RELEASE try_row")?;
        let refers = |name: &String| {
            table.keys.iter().flat_map(|key| &key.columns).any(|(from, _)| from.eq_ignore_ascii_case(name))
        };
        let same = values.iter().filter(|(name, _)| refers(name)).all(|value| chosen.contains(value));
        Ok((accepted? && same).then_some(chosen))
    }

    fn is_accepted(&self, inserter: &Inserter<'_>, values: &Row) -> rusqlite::Result<bool> {
        self.conn.execute_batch("SAVEPOINT try_row")?;
        let accepted = inserter.attempt(values).is_ok();
        self.conn.execute_batch("ROLLBACK TO try_row; RELEASE try_row")?;
        Ok(accepted)
    }

    /// A row, and for each column of each key one copy of it that differs in that column. A column of another key
    /// changes only where that key would refuse the copy. For `some` of the rows, also two copies each with the defaults,
    /// and with NULL in one of the columns that may be NULL.
    pub(super) fn fill_with_duplicates(&mut self, table: &Table, some: bool) -> rusqlite::Result<()> {
        let mut first = self.values(table, 0)?;
        let mut inserter = Inserter::new(self.conn, table)?;
        if !inserter.insert(&mut first, 0, self.recipes)? {
            return Ok(());
        }
        self.keep(table, first.clone());
        let keys = schema::unique_keys(self.conn, &table.name)?;
        if keys.is_empty() && inserter.attempt(&first).is_ok() {
            self.keep(table, first.clone());
        }
        for column in keys.iter().flatten() {
            let mut copy = first.clone();
            self.change(table, column, &first, &mut copy)?;
            self.copy(table, &inserter, copy, &first, keys.len())?;
        }
        if !some {
            return Ok(());
        }
        let is_left = |name: &str| {
            table.columns.iter().any(|column| column.name == name && takes_default(column, &table.keys))
        };
        let mut others: Vec<Row> = Vec::new();
        if first.iter().any(|(name, _)| is_left(name)) {
            others.push(first.iter().filter(|(name, _)| !is_left(name)).cloned().collect());
        }
        for column in table.columns.iter().filter(|column| !column.not_null && column.primary_key == 0) {
            let mut other = first.clone();
            other
                .iter_mut()
                .filter(|(name, _)| *name == column.name)
                .for_each(|(_, value)| *value = Value::Null);
            others.push(other);
        }
        for other in others {
            for _ in 0..2 {
                self.copy(table, &inserter, other.clone(), &other, keys.len() + 1)?;
            }
        }
        Ok(())
    }

    /// Puts in a copy of a row. What a key refuses changes, in so many attempts.
    fn copy(
        &mut self,
        table: &Table,
        inserter: &Inserter<'_>,
        mut copy: Row,
        first: &Row,
        attempts: usize,
    ) -> rusqlite::Result<()> {
        for _ in 0..attempts {
            match inserter.attempt(&copy) {
                Ok(()) => {
                    self.keep(table, copy);
                    break;
                }
                Err(error) if is_unique(&error) => {
                    let words = schema::words(&error.to_string());
                    let refused = first.iter().map(|(name, _)| name).find(|name| words.contains(&key(name)));
                    let Some(refused) = refused.cloned() else { break };
                    self.change(table, &refused, first, &mut copy)?;
                }
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Gives a column of a copy another value: that of another parent, where it references one.
    fn change(&mut self, table: &Table, column: &str, first: &Row, copy: &mut Row) -> rusqlite::Result<()> {
        let Some(described) = table.columns.iter().find(|other| other.name.eq_ignore_ascii_case(column))
        else {
            return Ok(());
        };
        let mut other = value(described, self.number());
        for foreign_key in &table.keys {
            for (from, to) in schema::references(self.conn, foreign_key)? {
                if !from.eq_ignore_ascii_case(column) {
                    continue;
                }
                let rows = self.filled.get(&key(&foreign_key.parent)).into_iter().flatten();
                let mut parents = rows.filter_map(|row| row.get(&key(&to)));
                if let Some(parent) = parents.find(|parent| Some(*parent) != value_of(first, column)) {
                    other = parent.clone();
                }
            }
        }
        if let Some((_, value)) = copy.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(column)) {
            *value = other;
        }
        Ok(())
    }
}

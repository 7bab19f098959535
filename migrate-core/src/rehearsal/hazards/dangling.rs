//! `dangling-reference`: after the file a view or trigger no longer compiles, or a foreign key leads nowhere.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{File, listed};
use crate::live::schema::key;
use crate::model::rule::Rule;
use crate::rehearsal::broken::{self, Broken};

pub(super) struct Dangling {
    /// What was broken before the file, and at its end what is after it.
    pub(super) broken: Broken,
}

impl Dangling {
    pub(super) fn new(broken: Broken) -> Self {
        Self { broken }
    }

    pub(super) fn committing(&mut self, file: &mut File<'_>, conn: &Connection) -> rusqlite::Result<()> {
        if file.intent.breaks {
            let mut now = broken::broken(conn)?;
            now.reported = std::mem::take(&mut self.broken.reported);
            self.report_keys(&mut now, file);
            self.report_mismatches(&mut now, file);
            self.report_programs(&mut now, file);
            self.broken = now;
        } else if file.intent.programs || file.intent.references {
            let reported = std::mem::take(&mut self.broken.reported);
            let mut now = Broken { reported, ..broken::broken(conn)? };
            self.report_mismatches(&mut now, file);
            // What else has never worked may be waiting for a table yet to come.
            self.broken = now;
        }
        Ok(())
    }

    /// Foreign keys that fit no unique column now and did, or are new.
    fn report_mismatches(&self, now: &mut Broken, file: &mut File<'_>) {
        for (child, parent) in now.mismatched.difference(&self.broken.mismatched) {
            now.reported.insert((child.clone(), parent.clone()));
            let made = file.draft.script.statements.iter().find(|statement| {
                statement.verb.created_table().is_some_and(|table| table.eq_ignore_ascii_case(child))
            });
            let at = made.map(|statement| statement.first.clone());
            let gone = || file.outright.gone.get(&key(parent)).cloned();
            let at = at.or_else(gone).or_else(|| file.outright.last_change.clone());
            file.faults.add_hazard(
                at.unwrap_or_else(|| file.commit()),
                Rule::DanglingReference,
                format!("after this file {}", broken::mismatch(child, parent)),
            );
        }
    }

    /// Foreign keys that are broken now and were not, to what had been there.
    fn report_keys(&self, now: &mut Broken, file: &mut File<'_>) {
        let mut dangling: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for reference @ (child, missing) in &now.keys {
            let table = missing.split('.').next().unwrap_or_default();
            // A table that has never been may be yet to come.
            if !self.broken.keys.contains(reference) && file.outright.known.contains(&key(table)) {
                dangling.entry(missing).or_default().push(child);
            }
        }
        for (missing, children) in &dangling {
            now.reported.extend(children.iter().map(|child| ((*child).clone(), (*missing).clone())));
        }
        for (missing, children) in dangling {
            let table = missing.split('.').next().unwrap_or_default();
            let at =
                file.outright.gone.get(&key(table)).cloned().or_else(|| file.outright.last_change.clone());
            let children = listed(&children);
            file.faults.add_hazard(
                at.unwrap_or_else(|| file.commit()),
                Rule::DanglingReference,
                format!(
                    "after this file a foreign key of {children} references {missing}, which is gone, so no row can be \
                     written there; create the new table under another name, copy the rows, drop the old one, and \
                     rename the new one last"
                ),
            );
        }
    }

    /// Views and triggers that are broken now and were not.
    fn report_programs(&self, now: &mut Broken, file: &mut File<'_>) {
        for (object @ (kind, name), answer) in &now.objects {
            if self.broken.objects.contains_key(object) {
                continue;
            }
            now.reported.insert((kind.clone(), name.clone()));
            let at = file.outright.last_change.clone().unwrap_or_else(|| file.commit());
            file.faults.add_hazard(
                at,
                Rule::DanglingReference,
                format!(
                    "after this file the {kind} {name} no longer works ({answer}); drop it first and recreate it \
                     afterwards"
                ),
            );
        }
    }
}

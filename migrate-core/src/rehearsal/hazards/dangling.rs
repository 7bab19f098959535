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
            self.report_programs(&mut now, file);
            self.broken = now;
        } else if file.intent.programs {
            // What has never worked may be waiting for a table yet to come.
            let reported = std::mem::take(&mut self.broken.reported);
            self.broken = Broken { reported, ..broken::broken(conn)? };
        }
        Ok(())
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
            now.reported.insert(((*kind).to_owned(), name.clone()));
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

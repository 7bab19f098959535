//! One document for programs.

use serde_json::{Value, json};

use super::Report;
use crate::finding::{Finding, Kind};

pub(super) fn text(report: &Report<'_>) -> String {
    let folders = report.folders.iter().map(|checked| {
        json!({
            "folder": checked.folder,
            "migrations": checked.migrations,
            "findings": checked.findings.iter().map(one).collect::<Vec<_>>(),
        })
    });
    let mut document = json!({ "package": report.package.name, "folders": folders.collect::<Vec<_>>() });
    if let (Some((_, seen)), Value::Object(fields)) = (&report.tried, &mut document) {
        fields.insert("on".to_owned(), seen.json());
    }
    format!("{document:#}\n")
}

fn one(finding: &Finding) -> Value {
    let place = finding.place.as_ref();
    json!({
        "level": finding.kind.level(),
        "rule": finding.kind.code(),
        "hazard": matches!(finding.kind, Kind::Broken(rule) if rule.is_hazard()),
        "file": finding.file,
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "end_column": place.map(|place| place.column + place.width),
        "message": finding.message,
    })
}

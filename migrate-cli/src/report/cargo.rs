//! The messages that `cargo check --message-format=json` prints
//! (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>), so that whatever shows those shows
//! ours, in the SQL files.

use annotate_snippets::Renderer;
use serde_json::{Value, json};

use super::{Report, Span, human};
use crate::finding::Finding;

pub(super) fn text(report: &Report<'_>) -> String {
    let mut text: String =
        report.findings().map(|finding| format!("{}\n", message(report, finding))).collect();
    text.push_str(&format!("{}\n", json!({ "reason": "build-finished", "success": report.is_fine() })));
    text
}

fn message(report: &Report<'_>, finding: &Finding) -> Value {
    let package = report.package;
    let level = finding.kind.level();
    let code = finding.kind.code();
    let spans: Vec<Value> = span(report, finding).into_iter().collect();
    let rendered = human::one(report, finding, &Renderer::plain()) + "\n\n";
    json!({
        "reason": "compiler-message",
        "package_id": format!("path+file://{}#{}@{}", package.root.display(), package.name, package.version),
        "manifest_path": package.root.join("Cargo.toml"),
        "target": {
            "kind": ["lib"],
            "crate_types": ["lib"],
            "name": package.name.replace('-', "_"),
            "src_path": package.root.join("src/lib.rs"),
            "edition": package.edition,
            "doc": true,
            "doctest": true,
            "test": true,
        },
        "message": {
            "$message_type": "diagnostic",
            "message": finding.message,
            "code": code.map(|code| json!({ "code": code, "explanation": null })),
            "level": level,
            "spans": spans,
            "children": [],
            "rendered": rendered,
        },
    })
}

/// A problem of a whole file is shown at its beginning.
fn span(report: &Report<'_>, finding: &Finding) -> Option<Value> {
    let file = finding.file.as_ref()?;
    let path = report.path(file);
    // As cargo has them: relative to the workspace.
    let shown = path.strip_prefix(&report.package.workspace).unwrap_or(&path).display().to_string();
    let place = finding.place.as_ref();
    let span = place.and_then(|place| Span::of(&path, place));
    let (line, column, width) = place.map_or((1, 1, 0), |place| (place.line, place.column, place.width));
    let text = span.as_ref().and_then(|span| span.text.lines().nth(line - 1)).unwrap_or_default();
    Some(json!({
        "file_name": shown,
        "byte_start": span.as_ref().map_or(0, |span| span.start),
        "byte_end": span.as_ref().map_or(0, |span| span.end),
        "line_start": line,
        "line_end": line,
        "column_start": column,
        "column_end": column + width,
        "is_primary": true,
        "text": [{
            "text": text.trim_start_matches('\u{feff}'),
            "highlight_start": column,
            "highlight_end": column + width,
        }],
        "label": finding.kind.code(),
        "suggested_replacement": null,
        "suggestion_applicability": null,
        "expansion": null,
    }))
}

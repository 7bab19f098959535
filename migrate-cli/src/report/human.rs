//! As rustc shows what is wrong.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Checked, Report, Span};
use crate::finding::{Finding, Kind};
use crate::output::{BOLD, GREEN};

pub(super) fn text(report: &Report<'_>) -> String {
    let mut text: String =
        report.findings().map(|finding| one(report, finding, &Renderer::styled()) + "\n\n").collect();
    if let Some((database, seen)) = &report.tried {
        text.push_str(&seen.table(database));
    }
    for checked in &report.folders {
        text.push_str(&summary(checked));
    }
    text
}

pub(super) fn one(report: &Report<'_>, finding: &Finding, renderer: &Renderer) -> String {
    let level = if finding.kind == Kind::Note { Level::WARNING } else { Level::ERROR };
    let mut title = level.primary_title(finding.message.as_str());
    if let Some(code) = finding.kind.code() {
        title = title.id(code);
    }
    let shown = finding.file.as_ref().map(|file| report.package.shown(&report.path(file)));
    let span = finding.file.as_ref().zip(finding.place.as_ref());
    let span = span.and_then(|(file, place)| Span::of(&report.path(file), place));
    let group = match (&shown, &span) {
        (Some(shown), Some(span)) => Group::with_title(title).element(
            Snippet::source(span.text.as_str())
                .path(shown.as_str())
                .annotation(AnnotationKind::Primary.span(span.start..span.end)),
        ),
        (Some(shown), None) => {
            let origin = Origin::path(shown.as_str());
            // What is about a whole file stands at its beginning, where editors can show it.
            let is_file = finding.file.as_ref().is_some_and(|file| report.path(file).is_file());
            let origin = if is_file { origin.line(1).char_column(1) } else { origin };
            Group::with_title(title).element(origin)
        }
        (None, _) => Group::with_title(title),
    };
    renderer.render(&[group])
}

fn summary(Checked { folder, migrations, findings }: &Checked) -> String {
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let files = format!("{migrations} migration{} in {folder}", s(*migrations));
    let problems: Vec<_> = findings.iter().filter(|finding| finding.kind != Kind::Note).collect();
    let Some(first) = problems.first() else {
        return format!("{GREEN}fine{GREEN:#}: {files}\n");
    };
    let count = problems.len();
    let hint = match first.kind {
        Kind::Broken(rule) => format!("; more about one: cargo migrate explain {rule}"),
        _ => String::new(),
    };
    format!("{BOLD}{count} problem{}{BOLD:#}: {files}{hint}\n", s(count))
}

//! Workflow commands of GitHub Actions, which become annotations of the files of a pull request
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use std::env;
use std::path::PathBuf;

use super::Report;
use crate::finding::Finding;

pub(super) fn text(report: &Report<'_>) -> String {
    report.findings().map(|finding| one(report, finding)).collect()
}

fn one(report: &Report<'_>, finding: &Finding) -> String {
    // An annotation is shown where its path is relative to the checkout.
    let checkout = env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let mut properties = Vec::new();
    if let Some(file) = &finding.file {
        let path = report.path(file);
        let relative = checkout.as_ref().and_then(|checkout| path.strip_prefix(checkout).ok());
        let shown = relative.map_or_else(|| report.package.shown(&path), |path| path.display().to_string());
        properties.push(format!("file={}", escaped(&shown, true)));
    }
    if let Some(place) = &finding.place {
        properties.push(format!("line={},col={}", place.line, place.column));
        properties.push(format!("endColumn={}", place.column + place.width));
    }
    if let Some(code) = finding.kind.code() {
        properties.push(format!("title={code}"));
    }
    format!("::{} {}::{}\n", finding.kind.level(), properties.join(","), escaped(&finding.message, false))
}

fn escaped(text: &str, in_property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if in_property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

//! What is printed, and where. Results go to stdout; what only accompanies them, to stderr. A reader that has gone
//! (`| head`) ends nothing: what is begun is carried through.

use std::io::Write as _;

use anstream::ColorChoice;
use anstream::adapter::strip_str;

/// Bold, and nothing where there is no terminal.
pub(crate) const BOLD: anstyle::Style = anstyle::Style::new().bold();
pub(crate) const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();
pub(crate) const GREEN: anstyle::Style = anstyle::AnsiColor::Green.on_default();
pub(crate) const YELLOW: anstyle::Style = anstyle::AnsiColor::Yellow.on_default();
pub(crate) const DIM: anstyle::Style = anstyle::Style::new().dimmed();

/// A style as results show it. For a long text, since taking styles out costs more than leaving them out.
pub(crate) fn shown(style: anstyle::Style) -> anstyle::Style {
    if is_plain() { anstyle::Style::new() } else { style }
}

/// A result.
pub(crate) fn print(text: &str) {
    // Nobody is left to be told of an error.
    let _ = if !is_plain() {
        anstream::stdout().write_all(text.as_bytes())
    } else {
        // In one piece: a long table would be a call into the system for each of its lines.
        let plain = if text.contains('\x1b') { &strip_str(text).to_string() } else { text };
        std::io::stdout().lock().write_all(plain.as_bytes())
    };
}

fn is_plain() -> bool {
    matches!(anstream::AutoStream::choice(&std::io::stdout()), ColorChoice::Never)
}

/// A result of one line.
pub(crate) fn line(text: impl AsRef<str>) {
    print(&format!("{}\n", text.as_ref()));
}

/// A line that accompanies a result.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Why a command failed.
pub(crate) fn error(text: &str) {
    let _ = writeln!(anstream::stderr(), "{RED}error{RED:#}{BOLD}:{BOLD:#} {text}");
}

//! What is printed, and where. Results go to stdout; what only accompanies them, to stderr. A reader that has gone
//! (`| head`) ends nothing: what is begun is carried through.

use std::io::Write as _;

/// Bold, and nothing where there is no terminal.
pub(crate) const BOLD: anstyle::Style = anstyle::Style::new().bold();
pub(crate) const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();
pub(crate) const GREEN: anstyle::Style = anstyle::AnsiColor::Green.on_default();
pub(crate) const YELLOW: anstyle::Style = anstyle::AnsiColor::Yellow.on_default();
pub(crate) const DIM: anstyle::Style = anstyle::Style::new().dimmed();

/// A result.
pub(crate) fn print(text: &str) {
    // Nobody is left to be told of an error.
    let _ = anstream::stdout().write_all(text.as_bytes());
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

//! Files that hold both ways, each after a comment that says so (goose, dbmate).

/// A file by its sections.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sections {
    /// What stands in the section that was asked for, with its comments.
    pub(super) up: String,
    /// The line of the text that each of its lines was.
    pub(super) lines: Vec<usize>,
    /// Something stands in no section at all, which their tool does not run either.
    pub(super) outside: bool,
    /// There is another section.
    pub(super) has_down: bool,
    /// What the comments say besides, such as `up transaction:false`.
    pub(super) said: Vec<String>,
}

/// Cuts a text at comments that begin with `mark`; the first word after it says which section follows, where it is `up`
/// or `down`. Other comments of this kind are only noted.
pub(super) fn cut(text: &str, mark: &str) -> Sections {
    let mut sections = Sections::default();
    let mut is_up = false;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let said = line.trim().strip_prefix("--").and_then(|rest| rest.trim_start().strip_prefix(mark));
        let Some(said) = said else {
            if is_up {
                sections.up.push_str(line);
                sections.lines.push(number);
            } else if !sections.has_down && !line.trim().is_empty() && !line.trim_start().starts_with("--") {
                sections.outside = true;
            }
            continue;
        };
        let said = said.trim().to_ascii_lowercase();
        match said.split_whitespace().next() {
            Some("up") => is_up = true,
            Some("down") => {
                is_up = false;
                sections.has_down = true;
            }
            _ => {}
        }
        sections.said.push(said);
    }
    sections
}

impl Sections {
    /// What is to be told of them.
    pub(super) fn notes(&self) -> Vec<String> {
        let told = [
            (self.outside, "what stands before its first section is left out, as their tool leaves it"),
            (self.has_down, "its way back is set aside; write the next file instead"),
        ];
        told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note.to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_at_its_comments() {
        let text = "-- about\n-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a (b); -- c\n-- +goose StatementEnd\n\n-- \
                    +goose Down\nDROP TABLE a;\n";
        let sections = cut(text, "+goose");
        assert_eq!(sections.up, "CREATE TABLE a (b); -- c\n\n");
        assert_eq!(sections.lines, [4, 6]);
        assert!(sections.has_down);
        assert_eq!(sections.said, ["up", "statementbegin", "statementend", "down"]);
        assert!(!sections.outside && cut("CREATE TABLE a (b);\n-- +goose Up\n", "+goose").outside);
        assert_eq!(cut("-- migrate:up transaction:false\nA;", "migrate:").said, ["up transaction:false"]);
    }
}

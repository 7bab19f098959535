//! A plausible value for a column, by its declared type and by its name.
//!
//! Text is a number, JSON and a date at once ('10001' is a Julian day), so that ordinary data steps do not trip over it.
//! Where a name says more, such as `email` or `created_at`, the value is of that kind.

use rusqlite::types::Value;

use crate::live::schema::Column;

/// What kind of text a name asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Uuid,
    Email,
    Url,
    Json,
    Moment,
    Date,
    Plain,
}

/// The value with a number, which no other value of the rehearsal shares.
pub(super) fn value(column: &Column, number: i64) -> Value {
    let declared = column.declared.as_str();
    let has = |part: &str| declared.contains(part);
    // By <https://sqlite.org/datatype3.html#determination_of_column_affinity>, after the types that say more.
    if has("BOOL") || declared == "TINYINT(1)" {
        Value::Integer(number % 2)
    } else if has("INT") {
        Value::Integer(number)
    } else if has("DATE") || has("TIME") {
        Value::Text(if has("TIME") { moment(number) } else { date(number) })
    } else if has("CHAR") || has("CLOB") || has("TEXT") || has("JSON") || has("UUID") {
        Value::Text(text(kind(column), number))
    } else if declared.is_empty() || declared == "ANY" {
        Value::Text(number.to_string())
    } else if has("BLOB") {
        // As long as a UUID, and JSON.
        Value::Blob(format!("{}", 1_000_000_000_000_000 + number).into_bytes())
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Value::Real(f64::from(i32::try_from(number).unwrap_or_default()))
    } else {
        Value::Integer(number)
    }
}

fn kind(column: &Column) -> Kind {
    let name = column.name.to_ascii_lowercase();
    let has = |part: &str| name.contains(part) || column.declared.contains(&part.to_ascii_uppercase());
    if has("uuid") || has("guid") {
        Kind::Uuid
    } else if has("email") {
        Kind::Email
    } else if has("url") || has("uri") {
        Kind::Url
    } else if has("json") {
        Kind::Json
    } else if has("time") || name.ends_with("_at") {
        Kind::Moment
    } else if has("date") && !has("update") || has("birthday") {
        Kind::Date
    } else {
        Kind::Plain
    }
}

fn text(kind: Kind, number: i64) -> String {
    match kind {
        Kind::Uuid => format!("00000000-0000-4000-8000-{number:012}"),
        Kind::Email => format!("user{number}@example.org"),
        Kind::Url => format!("https://example.org/{number}"),
        Kind::Json => format!("{{\"id\":{number}}}"),
        Kind::Moment => moment(number),
        Kind::Date => date(number),
        Kind::Plain => number.to_string(),
    }
}

/// A second of the first days of 2000.
fn moment(number: i64) -> String {
    let (day, second) = (number.div_euclid(86_400).rem_euclid(28), number.rem_euclid(86_400));
    format!("2000-01-{:02} {:02}:{:02}:{:02}", day + 1, second / 3_600, second / 60 % 60, second % 60)
}

/// A day of the years from 2000 on.
fn date(number: i64) -> String {
    let (years, day) = (number.div_euclid(336), number.rem_euclid(336));
    format!("{:04}-{:02}-{:02}", 2000 + years.rem_euclid(8_000), day / 28 + 1, day % 28 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, declared: &str) -> Value {
        let column = Column {
            name: name.to_owned(),
            not_null: false,
            declared: declared.to_owned(),
            default: None,
            primary_key: 0,
            generated: false,
        };
        value(&column, 10_001)
    }

    #[test]
    fn a_value_is_of_the_kind_that_type_and_name_ask_for() {
        let text = |text: &str| Value::Text(text.to_owned());
        for (name, declared, expected) in [
            ("id", "INTEGER", Value::Integer(10_001)),
            ("active", "BOOLEAN", Value::Integer(1)),
            ("name", "TEXT", text("10001")),
            ("email", "TEXT", text("user10001@example.org")),
            ("user_uuid", "VARCHAR(36)", text("00000000-0000-4000-8000-000000010001")),
            ("homepage_url", "TEXT", text("https://example.org/10001")),
            ("data_json", "TEXT", text("{\"id\":10001}")),
            ("created_at", "TEXT", text("2000-01-01 02:46:41")),
            ("created_at", "DATETIME", text("2000-01-01 02:46:41")),
            ("day", "DATE", text("2029-10-06")),
            ("last_update", "TEXT", text("10001")),
            ("price", "REAL", Value::Real(10_001.0)),
            ("key", "BLOB", Value::Blob(b"1000000000010001".to_vec())),
            ("anything", "", text("10001")),
        ] {
            assert_eq!(of(name, declared), expected, "{name} {declared}");
        }
    }
}

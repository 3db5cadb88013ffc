//! Rows on their way into tables: values, table descriptions, and inserts of many rows in one statement.

use std::sync::OnceLock;

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, SqliteConnection};

use crate::domain::Timestamp;

/// Sizes of prepared inserts are powers of two up to 2^6: each statement is a trip to the engine's thread and back, so that a group of
/// 63 rows pays for six of them and not for 63.
const SIZES: usize = 7;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<Timestamp> for Cell {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.timestamp_millis())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// How rows are inserted into a table.
pub(super) struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    /// What makes a row the same row: such a row is replaced. Empty: rows are only ever new.
    same: &'static [&'static str],
    /// By the power of two of their rows.
    inserts: [OnceLock<String>; SIZES],
}

impl Table {
    pub(super) const fn new(name: &'static str, columns: &'static [&'static str], same: &'static [&'static str]) -> Self {
        Self { name, columns, same, inserts: [const { OnceLock::new() }; SIZES] }
    }

    fn insert_sql(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns.len()].join(", "));
        let mut sql = format!("INSERT INTO {} ({}) VALUES {}", self.name, self.columns.join(", "), vec![row; rows].join(", "));
        if !self.same.is_empty() {
            let set: Vec<_> = self
                .columns
                .iter()
                .filter(|column| !self.same.contains(column))
                .map(|column| format!("{column} = excluded.{column}"))
                .collect();
            let act = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
            sql.push_str(&format!(" ON CONFLICT ({}) DO {act}", self.same.join(", ")));
        }
        sql
    }

    /// Inserts `rows`, emptying it. A row replaced twice ends as the last one says.
    pub(super) async fn insert(&'static self, connection: &mut SqliteConnection, rows: &mut Vec<Vec<Cell>>) -> Result<(), sqlx::Error> {
        let mut rows = rows.drain(..).peekable();
        while rows.peek().is_some() {
            let power = usize::try_from(rows.len().ilog2()).unwrap_or(0).min(SIZES - 1);
            let sql = self.inserts[power].get_or_init(|| self.insert_sql(1 << power));
            let arguments = bind(rows.by_ref().take(1 << power).flatten())?;
            sqlx::query_with(sql.as_str(), arguments).execute(&mut *connection).await?;
        }
        Ok(())
    }
}

/// Runs one statement with values.
pub(super) async fn run(connection: &mut SqliteConnection, sql: &'static str, values: Vec<Cell>) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query_with(sql, bind(values)?).execute(connection).await?.rows_affected())
}

fn bind(values: impl IntoIterator<Item = Cell>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Cell::Null => arguments.add(None::<i64>),
            Cell::Int(value) => arguments.add(value),
            Cell::Text(value) => arguments.add(value),
            Cell::Blob(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

//! CSV and TSV: a record a row, its text and its id in columns of their own; all other columns are carried through.

use super::decode::{declared, decode};
use super::input::{Input, MOST_BYTES, Stream, why};
use super::{Document, Format, Item, Items, Options, Refused};
use crate::page::metadata::Metadata;
use crate::text::sentence::ends_sentence;
use serde_json::value::{RawValue, to_raw_value};
use std::io::{self, BufRead, Read};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    about: "CSV and TSV with a line of column names: text and id in columns of their own, all others carried through in metadata",
    loses: Some("how the rows were quoted and divided"),
    endings: &["csv", "tsv"],
    tools: &[],
    begins: |_| true,
    read,
};

fn read(input: Input, options: &Options) -> io::Result<Items> {
    let mut table = Rows {
        input: input.stream,
        name: input.name,
        options: options.clone(),
        separator: ',',
        columns: Vec::new(),
        text: 0,
        row: 0,
        done: false,
        ahead: Vec::new(),
    };
    let head = table
        .record()
        .map_err(io::Error::other)?
        .unwrap_or_default();
    let head = head.trim_start_matches('\u{feff}');
    table.separator = separator(head);
    table.columns = cells(head, table.separator);
    let wanted = &options.text_field;
    table.text = table
        .columns
        .iter()
        .position(|column| column == wanted)
        .ok_or_else(|| {
            let columns = table.columns.join(", ");
            io::Error::other(format!(
                "this CSV has no column {wanted:?}; name the one that holds the text with --text-field, of {columns}"
            ))
        })?;
    Ok(Box::new(table))
}

/// The rows of a table below its line of column names.
struct Rows {
    input: Stream,
    name: String,
    options: Options,
    separator: char,
    columns: Vec<String>,
    /// Which column holds the text.
    text: usize,
    row: u64,
    done: bool,
    /// Lines that were read, and belong to rows to come.
    ahead: Vec<u8>,
}

impl Rows {
    /// The next row as it is written: a line, or several where a quoted cell holds line ends.
    fn record(&mut self) -> Result<Option<String>, String> {
        let mut bytes = Vec::new();
        while self.read_line(&mut bytes)? > 0 {
            if bytes.trim_ascii().is_empty() {
                bytes.clear();
                continue;
            }
            if bytes.len() as u64 == MOST_BYTES {
                let most = MOST_BYTES >> 20;
                return Err(format!(
                    "a row of more than {most} MiB: is a quotation mark missing?"
                ));
            }
            if !is_open(&bytes, self.separator as u8) || self.is_whole(&bytes)? {
                break;
            }
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let (text, _) = decode(&bytes, declared(&self.options)).map_err(|(_, error)| error)?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_string()))
    }

    /// Whether a line of tabs with an open quotation mark is a whole row all the same: it has all cells, and so has the line
    /// after it. The mark belongs to the text.
    fn is_whole(&mut self, bytes: &[u8]) -> Result<bool, String> {
        let count = |bytes: &[u8]| bytes.split(|byte| *byte == b'\t').count();
        let is_of_one_line = bytes.iter().filter(|byte| **byte == b'\n').count() <= 1;
        if self.separator != '\t' || !is_of_one_line || count(bytes) != self.columns.len() {
            return Ok(false);
        }
        if self.ahead.is_empty() {
            let mut next = Vec::new();
            self.read_line(&mut next)?;
            self.ahead = next;
        }
        Ok(self.ahead.is_empty() || count(&self.ahead) == self.columns.len())
    }

    /// Reads on to the end of the line, or as far as a row may reach. How many bytes that is.
    fn read_line(&mut self, bytes: &mut Vec<u8>) -> Result<usize, String> {
        if !self.ahead.is_empty() {
            bytes.append(&mut self.ahead);
            return Ok(bytes.len());
        }
        let mut input = (&mut self.input).take(MOST_BYTES - bytes.len() as u64);
        let read = input.read_until(b'\n', bytes);
        read.map_err(|error| format!("cannot be read on: {}", why(&self.name, &error)))
    }

    fn document(&self, row: &str) -> Result<Document, String> {
        let mut cells = cells(row, self.separator);
        if cells.len() > self.columns.len() {
            let (cells, columns) = (cells.len(), self.columns.len());
            return Err(format!("{cells} cells in {columns} columns"));
        }
        cells.resize(self.columns.len(), String::new());
        let is_field = |at: usize| {
            let is_unnamed = self.columns[at] == self.options.id_field && cells[at].is_empty();
            at != self.text && !is_unnamed
        };
        let json = |cell: &String| to_raw_value(cell).expect("it is a string");
        let fields: Vec<(String, Box<RawValue>)> = (0..cells.len())
            .filter(|at| is_field(*at))
            .map(|at| (self.columns[at].clone(), json(&cells[at])))
            .collect();
        let id = format!("{}:{}", self.name, self.row);
        let text = std::mem::take(&mut cells[self.text]);
        let mut document = Document::converted(id, text, self.name.clone(), Metadata::new());
        document.take_fields(fields.into_iter(), &self.options);
        Ok(document.recorded())
    }
}

impl Iterator for Rows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.done {
            return None;
        }
        let refused = |name: &str, error| Some(Item::Refused(Refused::file(name, error)));
        match self.record() {
            Ok(None) => None,
            Ok(Some(row)) => {
                self.row += 1;
                match self.document(&row) {
                    Ok(document) => Some(Item::Document(Box::new(document))),
                    Err(error) => refused(&self.name, format!("row {}: {error}", self.row)),
                }
            }
            Err(error) => {
                self.done = true;
                refused(&self.name, format!("after row {}: {error}", self.row))
            }
        }
    }
}

/// What separates the cells of a line of column names: a tab, a semicolon or a comma, whichever there is most of.
fn separator(head: &str) -> char {
    let count = |separator: &char| cells(head, *separator).len();
    [';', '\t', ',']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(',')
}

/// Whether a quoted cell is open at the end of some lines. A quotation mark within a cell is one of its characters.
fn is_open(bytes: &[u8], separator: u8) -> bool {
    let (mut is_open, mut is_start) = (false, true);
    for byte in bytes {
        let is_mark = *byte == b'"';
        let closes = is_mark && is_open;
        is_open = if is_mark {
            !is_open && is_start
        } else {
            is_open
        };
        // of two marks within a cell, which stand for one, the second opens it again
        is_start = closes || !is_open && *byte == separator;
    }
    is_open
}

/// The cells of a row, without their quotation marks.
pub(super) fn cells(row: &str, separator: char) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let (quoted, after) = quoted(rest, separator).unwrap_or((String::new(), rest));
        match after.split_once(separator) {
            Some((end, more)) => {
                cells.push(quoted + end);
                rest = more;
            }
            None => {
                cells.push(quoted + after);
                return cells;
            }
        }
    }
}

/// The quoted text at the head of a row, and what follows it. A mark that is never closed is a mark of the text; so is, where
/// tabs separate cells, one whose cell goes on after the mark that closes it.
fn quoted(row: &str, separator: char) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = row.strip_prefix('"')?;
    loop {
        let (part, after) = rest.split_once('"')?;
        cell.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None if separator == '\t' && !after.is_empty() && !after.starts_with('\t') => {
                return None;
            }
            None => return Some((cell, after)),
        }
    }
}

/// Whether a text is a table: each of its lines, of three or more, has as many cells as the others, and none is prose.
/// Lines that all end a sentence are verse or prose with narrow commas.
pub(super) fn is_table(text: &str) -> bool {
    const FEWEST: usize = 3;
    /// Lines that are looked at.
    const MOST: usize = 200;
    let lines = || {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .take(MOST)
    };
    if lines().all(ends_sentence) {
        return false;
    }
    [',', '\t', ';'].into_iter().any(|separator| {
        let counts: Vec<usize> = lines().map(|line| cells(line, separator).len()).collect();
        // a comma with a space after it belongs to a sentence
        let is_prose = |line: &str| {
            line.contains(&format!("{separator} "))
                || line.ends_with(separator) && separator != '\t'
        };
        counts.len() >= FEWEST
            && counts[0] >= if separator == '\t' { 2 } else { 3 }
            && counts.iter().all(|count| *count == counts[0])
            && !lines().any(is_prose)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_divided_where_no_quotation_marks_are_open() {
        assert_eq!(cells("a,b,,c", ','), ["a", "b", "", "c"]);
        assert_eq!(
            cells(r#"1,"今天,""票价""不变",x"#, ','),
            ["1", "今天,\"票价\"不变", "x"]
        );
        assert_eq!(cells("", ','), [""]);
        assert_eq!(cells("\"open, and no end", ','), ["\"open", " and no end"]);
        assert_eq!(
            cells("12\" rope\t\"Oil\" was short\t\"Salt\"", '\t'),
            ["12\" rope", "\"Oil\" was short", "Salt"]
        );
        assert_eq!(separator("编号;标题;正文"), ';');
        assert_eq!(separator("id\ttext"), '\t');
        assert_eq!(separator("text"), ',');
    }

    #[test]
    fn a_mark_within_a_cell_opens_nothing() {
        for row in ["a\t12\" long\tb", "a\t\"long\"\tb", "\"a \"\"b\"\"\"\tc"] {
            assert!(!is_open(row.as_bytes(), b'\t'), "{row}");
        }
        assert!(is_open(b"a\t\"and so", b'\t') && is_open(b"\"a \"\"b", b','));
    }

    #[test]
    fn a_table_has_the_same_cells_in_every_line() {
        assert!(is_table(
            "科室,问题,回答\n内科,高血压能吃山药吗?,可以\n外科,\"骨折?\",\"三个月,看情况\"\n"
        ));
        assert!(is_table("a\t1\nb\t2\nc\t3"));
        assert!(!is_table(
            "One, two, three.\nOne, two, three.\nOne, two, three."
        ));
        assert!(!is_table("今天,晴\n明天,雨\n后天,风"));
        assert!(!is_table("a,b,c\nd,e,f"));
        assert!(!is_table("花,月,夜。\n风,雪,天。\n江,海,船。"));
    }
}

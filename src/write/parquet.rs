//! Clean records as Parquet: a row each, `metadata` as a string of JSON, for no two records need have the same fields.

use super::encode::Worker;
use super::record::Clean;
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// Bytes of records that are handed to the thread together, and how often before it must have taken some.
const BATCH: usize = 4 << 20;
const BATCHES: usize = 2;

/// Bytes of a row group before compression, about: a reader holds one.
const ROW_GROUP: usize = 64 << 20;

const COLUMNS: [&str; 7] = [
    "id",
    "text",
    "source",
    "metadata",
    "added",
    "created",
    "attributes",
];
/// Every record has the first of them.
const NEEDED: usize = 4;

/// A record, its metadata and attributes as JSON.
#[derive(Debug)]
pub struct Row([Option<String>; COLUMNS.len()]);

impl Row {
    pub(super) fn of(record: &Clean) -> Self {
        let Clean {
            id,
            text,
            source,
            metadata,
            added,
            created,
            attributes,
        } = record;
        let metadata = serde_json::to_string(metadata).expect("its values are JSON");
        let [id, text, source] = [id, text, source].map(|string| Some(string.clone()));
        let attributes = attributes.as_ref().map(|json| json.get().to_string());
        Row([
            id,
            text,
            source,
            Some(metadata),
            added.clone(),
            created.clone(),
            attributes,
        ])
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().flatten().map(String::len).sum()
    }
}

/// A Parquet file in the making; it is encoded on a thread of its own.
pub(super) struct Rows {
    batch: Vec<Row>,
    bytes: usize,
    worker: Worker<Vec<Row>>,
}

impl Rows {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        let worker = Worker::start(BATCHES, |batches| {
            encode(file, &batches).map_err(io::Error::other)
        });
        Ok(Rows {
            batch: Vec::new(),
            bytes: 0,
            worker,
        })
    }

    pub(super) fn write(&mut self, row: Row) -> io::Result<()> {
        self.bytes += row.bytes();
        self.batch.push(row);
        if self.bytes < BATCH {
            return Ok(());
        }
        self.bytes = 0;
        self.worker.give(std::mem::take(&mut self.batch))
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.worker.give(std::mem::take(&mut self.batch))?;
        self.worker.finish()
    }
}

fn encode(file: File, batches: &Receiver<Vec<Row>>) -> parquet::errors::Result<()> {
    let fields: Vec<Field> = COLUMNS
        .iter()
        .enumerate()
        .map(|(at, name)| Field::new(*name, DataType::Utf8, at >= NEEDED))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties()))?;
    let mut bytes = 0;
    for rows in batches {
        bytes += rows.iter().map(Row::bytes).sum::<usize>();
        let columns = (0..COLUMNS.len()).map(|at| column(&rows, at)).collect();
        writer.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
        if bytes >= ROW_GROUP {
            writer.flush()?;
            bytes = 0;
        }
    }
    writer.close().map(drop)
}

/// The strings of rows in one column.
fn column(rows: &[Row], at: usize) -> ArrayRef {
    let bytes = rows.iter().flat_map(|row| &row.0[at]).map(String::len);
    let mut strings = StringBuilder::with_capacity(rows.len(), bytes.sum());
    for row in rows {
        strings.append_option(row.0[at].as_deref());
    }
    Arc::new(strings.finish())
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(zstd::DEFAULT_COMPRESSION_LEVEL).unwrap_or_default();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by(format!("jiaokan {}", env!("CARGO_PKG_VERSION")))
        // no text is like another, and nobody asks for the least of them; sources are few
        .set_dictionary_enabled(false)
        .set_column_dictionary_enabled(ColumnPath::from("source"), true)
        .set_statistics_enabled(EnabledStatistics::None)
        // a page is looked at for its size only after this many rows
        .set_write_batch_size(64)
        .build()
}

//! Parquet: a row a document, its text and its id in columns of their own; all other columns are carried through.

use super::guard::guarded_from_damage as guarded;
use super::input::Input;
use super::{BESIDE, Document, Format, Item, Items, Options, Origin, Refused, is_object};
use crate::page::hints::Hints;
use crate::page::metadata::{Metadata, Text};
use arrow_array::{Array, LargeBinaryArray, RecordBatch};
use arrow_cast::cast;
use arrow_json::writer::{LineDelimited, WriterBuilder};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::sync::Arc;

pub(super) const FORMAT: Format = Format {
    name: "parquet",
    about: "Parquet: text and id in columns of their own, all others carried through in metadata",
    loses: Some("how the rows were stored, and of what type their columns were"),
    endings: &["parquet", "pq"],
    tools: &[],
    begins: |head| head.starts_with(b"PAR1"),
    read,
};

/// Bytes of rows that are decoded together, about.
const BATCH: i64 = 4 << 20;

fn read(input: Input, options: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let table = Table::open(name, input.into_file()?, options).map_err(io::Error::other)?;
    Ok(Box::new(table))
}

/// A file's rows, one row group after another.
struct Table {
    name: String,
    options: Options,
    file: File,
    about: ArrowReaderMetadata,
    /// The column of the text, and the others.
    text: usize,
    others: Vec<usize>,
    /// The row group that is read next, and what is left of the one before.
    group: usize,
    batches: Option<ParquetRecordBatchReader>,
    /// Rows that were read, and those up to the end of the row group.
    row: u64,
    end: u64,
    ready: VecDeque<Item>,
}

impl Table {
    fn open(name: String, file: File, options: &Options) -> Result<Self, String> {
        let about = guarded(|| ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()))?;
        let text = text_column(about.schema(), options)?;
        let others: Vec<usize> = (0..about.schema().fields().len())
            .filter(|column| *column != text)
            .collect();
        let empty = RecordBatch::new_empty(about.schema().clone());
        guarded(|| in_json(&empty, &others))
            .map_err(|error| format!("a column cannot be carried through: {error}"))?;
        let options = options.clone();
        let (group, row, end) = (0, 0, 0);
        Ok(Table {
            name,
            options,
            file,
            about,
            text,
            others,
            group,
            batches: None,
            row,
            end,
            ready: VecDeque::new(),
        })
    }

    /// Opens the next row group, if there is one.
    fn open_group(&mut self) -> Option<()> {
        let groups = self.about.metadata().row_groups();
        let group = groups.get(self.group)?;
        let rows = group.num_rows().max(0);
        self.row = self.end;
        self.end += rows as u64;
        let bytes_a_row = group.total_byte_size().max(0) / rows.max(1);
        let rows_a_batch = (BATCH / bytes_a_row.max(1)).clamp(1, 8192) as usize;
        let (file, about, at) = (self.file.try_clone(), self.about.clone(), self.group);
        self.group += 1;
        let opened = guarded(|| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file?, about);
            builder
                .with_row_groups(vec![at])
                .with_batch_size(rows_a_batch)
                .build()
        });
        match opened {
            Ok(batches) => self.batches = Some(batches),
            Err(error) => self.refuse_rest(&error),
        }
        Some(())
    }

    /// Passes over the rest of a row group that cannot be read on.
    fn refuse_rest(&mut self, error: &str) {
        let what_to_do = if error.contains("Disabled feature") {
            "; this build does not unpack it: write the file again with snappy or zstd"
        } else {
            ""
        };
        let why = format!(
            "rows {} to {} cannot be read: {error}{what_to_do}",
            self.row + 1,
            self.end
        );
        self.ready
            .push_back(Item::Refused(Refused::file(&self.name, why)));
        self.batches = None;
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), String> {
        let texts = guarded(|| cast(batch.column(self.text), &DataType::LargeBinary))?;
        let texts = texts
            .as_any()
            .downcast_ref::<LargeBinaryArray>()
            .ok_or("its text is no text")?;
        let fields = guarded(|| in_json(batch, &self.others))?;
        let mut fields = fields.split(|byte| *byte == b'\n');
        for at in 0..batch.num_rows() {
            self.row += 1;
            let text = (!texts.is_null(at)).then(|| texts.value(at));
            let item = match self.document(text, fields.next().unwrap_or_default()) {
                Ok(document) => Item::Document(Box::new(document)),
                Err(error) => Item::Refused(Refused::file(
                    &self.name,
                    format!("row {}: {error}", self.row),
                )),
            };
            self.ready.push_back(item);
        }
        Ok(())
    }

    /// The document of a row: its text, and its other fields as JSON.
    fn document(&self, text: Option<&[u8]>, fields: &[u8]) -> Result<Document, String> {
        let column = &self.options.text_field;
        let text = text.ok_or_else(|| format!("the column {column:?} is null"))?;
        let text = simdutf8::compat::from_utf8(text).map_err(|error| {
            let byte = error.valid_up_to();
            format!("the column {column:?} is not UTF-8 at its byte {byte}")
        })?;
        let mut document = Document {
            id: format!("{}:{}", self.name, self.row),
            text: text.into(),
            source: self.name.clone(),
            metadata: Metadata::new(),
            beside: Metadata::new(),
            hints: Hints::default(),
            origin: Origin::default(),
        };
        if !fields.is_empty() {
            let fields: Metadata =
                serde_json::from_slice(fields).map_err(|error| error.to_string())?;
            let fields = fields
                .into_iter()
                .filter(|(name, value)| !is_left_empty(name, value))
                .map(|(name, value)| {
                    let value = opened(&name, value);
                    (name, value)
                });
            document.take_fields(fields, &self.options);
        }
        Ok(document.recorded())
    }
}

impl Iterator for Table {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            let Some(batches) = &mut self.batches else {
                self.open_group()?;
                continue;
            };
            let taken = match guarded(|| batches.next().transpose()) {
                Ok(Some(batch)) => self.take(&batch),
                Ok(None) if self.row < self.end => Err("they are not there".into()),
                Ok(None) => {
                    self.batches = None;
                    Ok(())
                }
                Err(error) => Err(error),
            };
            if let Err(error) = taken {
                self.refuse_rest(&error);
            }
        }
    }
}

/// The place of the text's column.
fn text_column(schema: &Schema, options: &Options) -> Result<usize, String> {
    /// So many columns are named in a message.
    const MOST_NAMED: usize = 40;
    let named = |field: &Field| format!("{} ({})", field.name(), field.data_type());
    let mut columns: Vec<String> = schema
        .fields()
        .iter()
        .take(MOST_NAMED)
        .map(|field| named(field))
        .collect();
    columns.extend((schema.fields().len() > MOST_NAMED).then(|| "…".to_string()));
    let columns = columns.join(", ");
    let wanted = &options.text_field;
    match schema.index_of(wanted) {
        Ok(text) if is_text(schema.field(text).data_type()) => Ok(text),
        Ok(_) => Err(format!(
            "the column {wanted:?} is no text; name another with --text-field, of {columns}"
        )),
        Err(_) => Err(format!(
            "no column {wanted:?}; name another with --text-field, of {columns}"
        )),
    }
}

/// Whether a column may hold text: strings, or bytes that may be UTF-8.
fn is_text(sort: &DataType) -> bool {
    use DataType::{
        Binary, BinaryView, Dictionary, FixedSizeBinary, LargeBinary, LargeUtf8, Utf8, Utf8View,
    };
    match sort {
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => {
            true
        }
        Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// Columns as lines of JSON.
fn in_json(batch: &RecordBatch, columns: &[usize]) -> Result<Vec<u8>, ArrowError> {
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let mut writer = WriterBuilder::new()
        .with_explicit_nulls(true)
        .build::<_, LineDelimited>(Vec::new());
    let batch = batch.project(columns)?;
    let fields = batch
        .schema()
        .fields()
        .iter()
        .map(in_utc)
        .collect::<Vec<_>>();
    let arrays = batch
        .columns()
        .iter()
        .zip(&fields)
        .map(|(array, field)| cast(array, field.data_type()));
    let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
    writer.write(&RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        arrays,
    )?)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

/// A field with its times by no named zone: what writes them knows only offsets. The instants are the same.
fn in_utc(field: &Arc<Field>) -> Arc<Field> {
    let sort = match field.data_type() {
        DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some("+00:00".into())),
        DataType::List(of) => DataType::List(in_utc(of)),
        DataType::LargeList(of) => DataType::LargeList(in_utc(of)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(in_utc).collect()),
        _ => return field.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(sort))
}

/// Whether it is a column that jiaokan itself writes, and leaves empty where there is nothing.
fn is_left_empty(name: &str, value: &RawValue) -> bool {
    value.get() == "null" && BESIDE.iter().any(|(beside, _)| name == *beside)
}

/// A field as it was: jiaokan itself writes `metadata` and `attributes` as strings of JSON.
fn opened(name: &str, value: Box<RawValue>) -> Box<RawValue> {
    let object = ["metadata", "attributes"]
        .contains(&name)
        .then(|| Text::of(value.get()))
        .flatten()
        .and_then(|json| RawValue::from_string(json).ok());
    object.filter(|object| is_object(object)).unwrap_or(value)
}

//! The bytes of a file, or of a member of an archive, as its format reads them: without their compression.

use super::source_file::SourceFile;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use tempfile::SpooledTempFile;

/// The most bytes of a record, or of a file that is read as a whole: a larger one would not fit into memory beside others,
/// and is damage rather than a page.
pub(super) const MOST_BYTES: u64 = 128 << 20;

/// Bytes of a member of an archive that are held in memory; more goes to a temporary file.
const MOST_HELD: usize = 16 << 20;

/// What compresses a file, by the ending of its name.
const COMPRESSIONS: [(&str, Decoder); 3] = [("gz", of_gzip), ("zst", of_zstd), ("zstd", of_zstd)];

/// Archives: each member is read as the file that it was.
const ARCHIVES: [(&str, &str); 3] = [("tar", "tar"), ("tgz", "tar.gz"), ("tzst", "tar.zst")];

pub(crate) type Stream = Box<dyn BufRead + Send>;

type Decoder = fn(Stream) -> io::Result<Stream>;

/// What a format reads.
pub(super) struct Input {
    /// What it is called: in messages, and as the id of a document that has none.
    pub name: String,
    pub stream: Stream,
    /// The file that has exactly these bytes, if there is one.
    file: Option<PathBuf>,
}

fn of_gzip(stream: Stream) -> io::Result<Stream> {
    Ok(buffered(flate2::bufread::MultiGzDecoder::new(stream)))
}

fn of_zstd(stream: Stream) -> io::Result<Stream> {
    /// The longest window that zstd has, 2 GiB: dumps are compressed with `--long`. Memory is taken only as it fills.
    const LONGEST_WINDOW: u32 = 31;
    let mut decoder = zstd::Decoder::with_buffer(stream)?;
    decoder.window_log_max(LONGEST_WINDOW)?;
    Ok(buffered(decoder))
}

fn buffered(stream: impl Read + Send + 'static) -> Stream {
    Box::new(BufReader::with_capacity(1 << 20, stream))
}

/// A name without the endings of compressions.
pub(super) fn without_compression(name: &str) -> &str {
    let ending = |(ending, _): &(&str, _)| name.strip_suffix(ending)?.strip_suffix('.');
    COMPRESSIONS
        .iter()
        .find_map(ending)
        .map_or(name, without_compression)
}

pub(super) fn is_archive(name: &str) -> bool {
    let (stem, ending) = without_compression(name)
        .rsplit_once('.')
        .unwrap_or_default();
    !stem.is_empty()
        && ARCHIVES
            .iter()
            .any(|(archive, _)| ending.eq_ignore_ascii_case(archive))
}

/// Why a file cannot be read, and what to do.
pub(super) fn why(name: &str, error: &io::Error) -> String {
    let is_plain = without_compression(name) == name && !is_archive(name);
    format!(
        "{error}{}",
        if is_plain {
            ""
        } else {
            "; if the file is cut short, fetch it again"
        }
    )
}

impl Input {
    pub(super) fn open(file: &SourceFile) -> io::Result<Input> {
        let stream = Box::new(BufReader::with_capacity(1 << 20, File::open(&file.path)?));
        let mut input = Input::of(file.relative.clone(), stream)?;
        input.file =
            (without_compression(&file.relative) == file.relative).then(|| file.path.clone());
        Ok(input)
    }

    fn of(name: String, stream: Stream) -> io::Result<Input> {
        let mut input = Input {
            stream,
            name,
            file: None,
        };
        let mut name = input.name.as_str();
        if let Some((_, long)) = ARCHIVES
            .iter()
            .find(|(short, long)| short != long && name.ends_with(&format!(".{short}")))
        {
            name = long;
        }
        while let Some((ending, decoder)) = COMPRESSIONS
            .iter()
            .find(|(ending, _)| name.ends_with(&format!(".{ending}")))
        {
            input.stream = decoder(input.stream)?;
            name = &name[..name.len() - ending.len() - 1];
        }
        Ok(input)
    }

    /// How it begins. Nothing is consumed.
    pub(super) fn head(&mut self) -> io::Result<&[u8]> {
        self.stream.fill_buf()
    }

    /// A file of its bytes, for formats that do not read from beginning to end.
    #[cfg(feature = "parquet")]
    pub(super) fn into_file(mut self) -> io::Result<File> {
        if let Some(path) = self.file {
            return File::open(path);
        }
        let mut file = tempfile::tempfile()?;
        io::copy(&mut self.stream, &mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// All its bytes, unless there are more than `MOST_BYTES`.
    pub(super) fn all(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.stream
            .by_ref()
            .take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)?;
        match bytes.len() as u64 > MOST_BYTES {
            true => Err(io::Error::other(format!(
                "it has more than {} MiB, too many for one page",
                MOST_BYTES >> 20
            ))),
            false => Ok(bytes),
        }
    }
}

/// A member of an archive: its path and its bytes; or why there are no more.
pub(super) type Member = Result<(String, Input), String>;

/// The members of an archive that `wanted` takes, one after another.
pub(super) fn members(archive: Input, wanted: fn(&Path) -> bool) -> Receiver<Member> {
    let (send, receive) = sync_channel(1);
    // the archive lends its members, so what reads it stays on one stack
    thread::spawn(move || {
        let name = archive.name.clone();
        if let Err(error) = unpack(archive, wanted, &send) {
            let _ = send.send(Err(format!(
                "{name} cannot be unpacked further: {}",
                why(&name, &error)
            )));
        }
    });
    receive
}

fn unpack(archive: Input, wanted: fn(&Path) -> bool, send: &SyncSender<Member>) -> io::Result<()> {
    let name = archive.name;
    for entry in tar::Archive::new(archive.stream).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let is_hidden = path.iter().any(|part| {
            let part = part.to_string_lossy();
            part.starts_with('.') && part != "." && part != ".."
        });
        if !entry.header().entry_type().is_file() || is_hidden || !wanted(&path) {
            continue;
        }
        let mut held = SpooledTempFile::new(MOST_HELD);
        if io::copy(&mut entry, &mut held)? < entry.size() {
            let why = format!("{} is not whole", path.display());
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        }
        held.seek(SeekFrom::Start(0))?;
        let member = path.to_string_lossy().into_owned();
        let input = Input::of(format!("{name}/{member}"), buffered(held))?;
        if send.send(Ok((member, input))).is_err() {
            return Ok(()); // nobody is reading any more
        }
    }
    Ok(())
}

//! Files as they are written: plain, or compressed on a thread of their own.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Bytes that are handed to the thread together, and how often before it must have taken some.
const PIECE: usize = 1 << 20;
const PIECES: usize = 4;

/// The level that zstd itself holds for the best.
const ZSTD_LEVEL: i32 = zstd::DEFAULT_COMPRESSION_LEVEL;

/// A file in the making, compressed if its name says so.
pub(super) enum Encoder {
    Plain(BufWriter<File>),
    Compressed {
        piece: Vec<u8>,
        worker: Worker<Vec<u8>>,
    },
}

impl Encoder {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        let worker = match path.extension().and_then(|ending| ending.to_str()) {
            Some("gz") => Worker::start(PIECES, |pieces| gzip(file, &pieces)),
            Some("zst") => Worker::start(PIECES, |pieces| zstd(file, &pieces)),
            _ => return Ok(Encoder::Plain(BufWriter::with_capacity(PIECE, file))),
        };
        Ok(Encoder::Compressed {
            piece: Vec::new(),
            worker,
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Encoder::Plain(out) => out.write_all(bytes),
            Encoder::Compressed { piece, worker } => {
                piece.extend_from_slice(bytes);
                if piece.len() < PIECE {
                    Ok(())
                } else {
                    worker.give(std::mem::take(piece))
                }
            }
        }
    }

    /// Writes what is left; after this there is nothing more to write.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self {
            Encoder::Plain(out) => out.flush(),
            Encoder::Compressed { piece, worker } => {
                worker.give(std::mem::take(piece))?;
                worker.finish()
            }
        }
    }
}

fn gzip(file: File, pieces: &Receiver<Vec<u8>>) -> io::Result<()> {
    let mut encoder = GzEncoder::new(file, Compression::default());
    pieces
        .iter()
        .try_for_each(|piece| encoder.write_all(&piece))?;
    encoder.finish().map(drop)
}

fn zstd(file: File, pieces: &Receiver<Vec<u8>>) -> io::Result<()> {
    let mut encoder = zstd::Encoder::new(file, ZSTD_LEVEL)?;
    encoder.include_checksum(true)?;
    pieces
        .iter()
        .try_for_each(|piece| encoder.write_all(&piece))?;
    encoder.finish().map(drop)
}

/// A thread that is given things to write.
pub(super) struct Worker<T> {
    send: Option<SyncSender<T>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl<T: Send + 'static> Worker<T> {
    /// Starts a thread with a queue of `most`.
    pub(super) fn start(
        most: usize,
        work: impl FnOnce(Receiver<T>) -> io::Result<()> + Send + 'static,
    ) -> Self {
        let (send, receive) = sync_channel(most);
        Worker {
            send: Some(send),
            thread: Some(thread::spawn(move || work(receive))),
        }
    }

    pub(super) fn give(&mut self, thing: T) -> io::Result<()> {
        match &self.send {
            Some(send) if send.send(thing).is_ok() => Ok(()),
            // it takes nothing more: it says why as it ends
            _ => self
                .finish()
                .and_then(|()| Err(io::Error::other("written to after its end"))),
        }
    }

    /// Waits until all is written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.send = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(done)) => done,
            Some(Err(_)) => Err(io::Error::other("the thread that writes it broke off")),
            None => Ok(()),
        }
    }
}

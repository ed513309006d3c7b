//! Sorts entries in a given amount of memory: what does not fit is sorted in runs on disk, which are merged (Knuth, The
//! Art of Computer Programming 3, 5.4).

use super::store::At;
use crate::Error;
use bytemuck::Pod;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Entries of a run that are read at a time.
const READ: usize = 1 << 12;

/// The folder for entries that outgrow the memory, and how much memory a collection of entries may take.
#[derive(Debug, Clone)]
pub struct Room {
    /// `None` if everything stays in memory, however much it is.
    folder: Option<PathBuf>,
    /// Bytes.
    memory: usize,
}

impl Room {
    /// A room in a folder, with this many bytes of memory. If the system cannot give so much, less is used.
    pub fn new(folder: &Path, memory: usize) -> Self {
        Room {
            folder: Some(folder.to_path_buf()),
            memory,
        }
    }

    /// A room without a folder: nothing is written to disk.
    pub fn in_memory() -> Self {
        Room {
            folder: None,
            memory: usize::MAX,
        }
    }

    /// The same memory in a hidden folder of this room's folder, which is deleted with the second value.
    pub fn apart(self) -> Result<(Self, Option<TempDir>), Error> {
        let Some(folder) = &self.folder else {
            return Ok((self, None));
        };
        let apart = tempfile::Builder::new()
            .prefix(".jiaokan-")
            .tempdir_in(folder)
            .map_err(|e| self.error(e))?;
        let room = Room::new(apart.path(), self.memory);
        Ok((room, Some(apart)))
    }

    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// A room for one of several collections that exist at the same time.
    pub fn shared_by(&self, collections: usize) -> Self {
        Room {
            folder: self.folder.clone(),
            memory: (self.memory / collections).max(1 << 20),
        }
    }

    /// A file without a name, which is deleted when the program ends.
    fn file(&self) -> Result<File, Error> {
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        tempfile::tempfile_in(folder).map_err(|e| self.error(e))
    }

    fn error(&self, error: std::io::Error) -> Error {
        Error::Output(self.folder.clone().unwrap_or_default(), error)
    }
}

/// Entries as they are added.
pub(crate) struct Unsorted<T> {
    room: Room,
    held: Vec<T>,
    spilt: Option<Spilt>,
}

/// Sorted entries, which can be read any number of times.
pub(crate) struct Sorted<T> {
    room: Room,
    held: Vec<T>,
    spilt: Option<Spilt>,
}

/// Sorted runs, one after another in a file without a name, which is deleted when the program ends.
struct Spilt {
    file: File,
    /// Where each run ends, in bytes.
    ends: Vec<u64>,
}

impl<T: Pod + Ord + Send> Unsorted<T> {
    pub(crate) fn new(room: Room) -> Self {
        Unsorted {
            room,
            held: Vec::new(),
            spilt: None,
        }
    }

    pub(crate) fn push(&mut self, entry: T) -> Result<(), Error> {
        if self.held.len() == self.held.capacity() {
            self.make_room(1)?;
        }
        self.held.push(entry);
        Ok(())
    }

    pub(crate) fn extend(&mut self, entries: &[T]) -> Result<(), Error> {
        for entries in entries.chunks(self.most()) {
            self.make_room(entries.len())?;
            self.held.extend_from_slice(entries);
        }
        Ok(())
    }

    /// How many entries may be held.
    fn most(&self) -> usize {
        (self.room.memory / size_of::<T>()).max(1)
    }

    /// Reserves all the memory at once: pages that are not written to cost nothing, and nothing is ever moved. A full
    /// room is spilt to disk. If the system does not give so much, half is tried. Without a folder the list grows as
    /// needed.
    fn make_room(&mut self, entries: usize) -> Result<(), Error> {
        if self.room.folder.is_none() {
            return Ok(());
        }
        while self
            .held
            .try_reserve_exact(self.most().saturating_sub(self.held.len()))
            .is_err()
            && self.most() > entries.max(self.held.len())
        {
            self.room.memory /= 2;
        }
        if self.held.len() + entries > self.most() {
            self.spill()
        } else {
            Ok(())
        }
    }

    fn spill(&mut self) -> Result<(), Error> {
        self.held.par_sort_unstable();
        if self.spilt.is_none() {
            self.spilt = Some(Spilt {
                file: self.room.file()?,
                ends: Vec::new(),
            });
        }
        let spilt = self.spilt.as_mut().expect("made above");
        spilt
            .file
            .write_all(bytemuck::cast_slice(&self.held))
            .map_err(|e| self.room.error(e))?;
        spilt
            .ends
            .push(spilt.ends.last().unwrap_or(&0) + size_of_val(&self.held[..]) as u64);
        self.held.clear();
        Ok(())
    }

    pub(crate) fn sorted(mut self) -> Result<Sorted<T>, Error> {
        if self.spilt.is_some() {
            // everything is on disk: free the memory for what comes next
            self.spill()?;
            self.held = Vec::new();
        }
        self.held.par_sort_unstable();
        Ok(Sorted {
            room: self.room,
            held: self.held,
            spilt: self.spilt,
        })
    }
}

/// Entries grouped by a number, for look-ups.
pub(crate) struct Indexed<T> {
    held: Vec<T>,
    file: Option<File>,
    /// Where the entries of each number end.
    ends: Vec<u64>,
}

impl<T: Pod + Ord> Sorted<T> {
    /// Groups the entries by a number below `numbers`, by which they are already sorted.
    pub(crate) fn indexed(
        self,
        numbers: usize,
        number: impl Fn(&T) -> usize,
    ) -> Result<Indexed<T>, Error> {
        let mut ends = vec![0; numbers];
        let error = |e| self.room.error(e);
        let mut file = match &self.spilt {
            Some(_) => Some(BufWriter::new(self.room.file()?)),
            None => None,
        };
        let mut end = 0;
        self.groups(
            |a, b| number(a) == number(b),
            |group| {
                end += group.len() as u64;
                ends[number(&group[0])] = end;
                file.as_mut().map_or(Ok(()), |file| {
                    file.write_all(bytemuck::cast_slice(group)).map_err(error)
                })
            },
        )?;
        for at in 1..numbers {
            ends[at] = ends[at].max(ends[at - 1]);
        }
        let file = file
            .map(|file| file.into_inner().map_err(|e| error(e.into_error())))
            .transpose()?;
        Ok(Indexed {
            held: if file.is_some() {
                Vec::new()
            } else {
                self.held
            },
            file,
            ends,
        })
    }

    /// Calls `work` for each group of `alike` entries, in order.
    pub(crate) fn groups(
        &self,
        alike: impl Fn(&T, &T) -> bool,
        mut work: impl FnMut(&[T]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.spilt.is_none() {
            return self.held.chunk_by(alike).try_for_each(work);
        }
        let mut group: Vec<T> = Vec::new();
        self.each(|entry| {
            if group.last().is_some_and(|last| !alike(last, &entry)) {
                work(&group)?;
                group.clear();
            }
            group.push(entry);
            Ok(())
        })?;
        if group.is_empty() {
            Ok(())
        } else {
            work(&group)
        }
    }

    /// Calls `work` for each entry, in order.
    pub(crate) fn each(&self, mut work: impl FnMut(T) -> Result<(), Error>) -> Result<(), Error> {
        let Some(spilt) = &self.spilt else {
            return self.held.iter().copied().try_for_each(work);
        };
        let starts = std::iter::once(&0).chain(&spilt.ends);
        let reader = |(start, end): (&u64, &u64)| Reader::new(&spilt.file, *start..*end);
        let mut readers: Vec<Reader<T>> = starts.zip(&spilt.ends).map(reader).collect();
        let mut heads: BinaryHeap<Reverse<(T, usize)>> = BinaryHeap::with_capacity(readers.len());
        for (at, reader) in readers.iter_mut().enumerate() {
            heads.extend(reader.next()?.map(|entry| Reverse((entry, at))));
        }
        while let Some(mut head) = heads.peek_mut() {
            let Reverse((entry, at)) = *head;
            work(entry)?;
            match readers[at].next()? {
                Some(next) => *head = Reverse((next, at)),
                None => drop(std::collections::binary_heap::PeekMut::pop(head)),
            }
        }
        Ok(())
    }
}

impl<T: Pod> Indexed<T> {
    /// The entries with this number.
    pub(crate) fn get(&self, number: usize) -> Result<Cow<'_, [T]>, Error> {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        let count = (self.ends[number] - start) as usize;
        let Some(file) = &self.file else {
            return Ok(Cow::Borrowed(&self.held[start as usize..][..count]));
        };
        let mut entries = vec![T::zeroed(); count];
        let at = start * size_of::<T>() as u64;
        At { file, at }
            .read_exact(bytemuck::cast_slice_mut(&mut entries))
            .map_err(unreadable)?;
        Ok(Cow::Owned(entries))
    }
}

/// Reads a run, some entries at a time.
struct Reader<'f, T> {
    file: &'f File,
    /// The bytes that are still to be read.
    rest: Range<u64>,
    entries: Vec<T>,
    at: usize,
}

impl<'f, T: Pod> Reader<'f, T> {
    fn new(file: &'f File, run: Range<u64>) -> Self {
        Reader {
            file,
            rest: run,
            entries: Vec::new(),
            at: 0,
        }
    }

    fn next(&mut self) -> Result<Option<T>, Error> {
        if self.at == self.entries.len() {
            let bytes = (self.rest.end - self.rest.start).min((READ * size_of::<T>()) as u64);
            self.entries
                .resize(bytes as usize / size_of::<T>(), T::zeroed());
            let mut file = At {
                file: self.file,
                at: self.rest.start,
            };
            file.read_exact(bytemuck::cast_slice_mut(&mut self.entries))
                .map_err(unreadable)?;
            self.rest.start += bytes;
            self.at = 0;
        }
        self.at += 1;
        Ok(self.entries.get(self.at - 1).copied())
    }
}

fn unreadable(error: std::io::Error) -> Error {
    Error::read("a sorted run in the output folder", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(memory: usize) -> Vec<Vec<[u32; 2]>> {
        let folder = tempfile::tempdir().unwrap();
        let mut entries = Unsorted::new(Room::new(folder.path(), memory));
        for n in 0..5000u32 {
            entries
                .push([n.wrapping_mul(2_654_435_761) % 97, n])
                .unwrap();
        }
        entries.extend(&[[3, 7000], [1, 7001]]).unwrap();
        let entries = entries.sorted().unwrap();
        let mut groups = [Vec::new(), Vec::new()];
        for groups in &mut groups {
            let mut keep = |group: &[[u32; 2]]| {
                groups.push(group.to_vec());
                Ok(())
            };
            entries.groups(|a, b| a[0] == b[0], &mut keep).unwrap();
        }
        assert_eq!(groups[0], groups[1]);
        let [groups, _] = groups;
        groups
    }

    #[test]
    fn more_memory_than_there_is_is_taken_for_what_there_is() {
        assert_eq!(groups(usize::MAX), groups(1 << 20));
    }

    #[test]
    fn what_goes_to_disk_comes_back_in_the_same_order() {
        let all = groups(1 << 20);
        assert_eq!(all.iter().flatten().count(), 5002);
        assert!(all.iter().flatten().is_sorted());
        assert!(
            all.iter()
                .all(|group| group.iter().all(|entry| entry[0] == group[0][0]))
        );
        assert_eq!(all, groups(1000));
        assert_eq!(all, groups(1));
    }
}

//! What came from where, and how much of it is left: by file, or where there are many files, by folder.

use super::short_name;
use serde::{Serialize, Serializer};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Sources that are listed one by one: the largest. The rest are one entry.
const MOST_SOURCES: usize = 16;

/// The shares of a run's sources in it.
#[derive(Debug, Default)]
pub struct Sources {
    depth: Depth,
    shares: BTreeMap<String, Share>,
}

/// What a source is: a file, or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Depth {
    #[default]
    File,
    /// This many folders deep.
    Folder(usize),
}

/// Bytes of text, in UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Share {
    pub documents: u64,
    pub bytes: u64,
    /// Of documents that are copies of others.
    pub copies: u64,
    /// That other changes took from the text; what they put in its place not counted.
    pub removed: u64,
    pub written: u64,
}

impl Sources {
    /// Sources as the paths of the files suggest them.
    pub fn of<'f>(paths: impl Iterator<Item = &'f str> + Clone) -> Self {
        let distinct = |depth: &Depth| {
            paths
                .clone()
                .map(|path| depth.of(path))
                .collect::<BTreeSet<_>>()
                .len()
        };
        let depths = [
            Depth::File,
            Depth::Folder(4),
            Depth::Folder(3),
            Depth::Folder(2),
            Depth::Folder(1),
        ];
        let depth = depths
            .into_iter()
            .find(|depth| distinct(depth) <= MOST_SOURCES)
            .unwrap_or(Depth::Folder(1));
        Sources {
            depth,
            shares: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, path: &str, share: &Share) {
        let source = self.depth.of(path);
        if !self.shares.contains_key(source) {
            self.shares.insert(source.to_string(), Share::default());
        }
        self.shares
            .get_mut(source)
            .expect("it was put there")
            .add(share);
    }
}

impl Depth {
    /// The source of a file.
    fn of(self, path: &str) -> &str {
        let Depth::Folder(depth) = self else {
            return path;
        };
        let folder = path.rfind('/').map_or(".", |end| &path[..end]);
        folder
            .match_indices('/')
            .nth(depth - 1)
            .map_or(folder, |(end, _)| &folder[..end])
    }
}

impl Share {
    fn add(&mut self, other: &Share) {
        self.documents += other.documents;
        self.bytes += other.bytes;
        self.copies += other.copies;
        self.removed += other.removed;
        self.written += other.written;
    }
}

/// An entry of the list of sources.
#[derive(Serialize)]
struct Listed {
    /// `None`: several, that are not told apart.
    name: Option<String>,
    sources: usize,
    #[serde(flatten)]
    share: Share,
}

/// The largest by their names, then the others.
impl Serialize for Sources {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shares: Vec<(&String, &Share)> = self.shares.iter().collect();
        shares.sort_by_key(|(name, share)| (Reverse(share.bytes), *name));
        let (largest, rest) = shares.split_at(shares.len().min(MOST_SOURCES));
        let named = |(name, share): &(&String, &Share)| Listed {
            name: Some(short_name(name)),
            sources: 1,
            share: (*share).clone(),
        };
        let mut list: Vec<Listed> = largest.iter().map(named).collect();
        if !rest.is_empty() {
            let mut others = Share::default();
            rest.iter().for_each(|(_, share)| others.add(share));
            list.push(Listed {
                name: None,
                sources: rest.len(),
                share: others,
            });
        }
        list.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[String]) -> Depth {
        Sources::of(paths.iter().map(String::as_str)).depth
    }

    #[test]
    fn few_files_are_sources_and_of_many_their_folders() {
        let few: Vec<String> = (0..9).map(|n| format!("papers/{n}.txt")).collect();
        assert_eq!(of(&few).of("papers/3.txt"), "papers/3.txt");
        let many: Vec<String> = (0..90)
            .map(|n| format!("papers/{}/{}/{n}.txt", n % 3, n % 30))
            .collect();
        assert_eq!(of(&many).of("papers/2/5/5.txt"), "papers/2");
        let flat: Vec<String> = (0..90).map(|n| format!("{n}.txt")).collect();
        assert_eq!(of(&flat).of("5.txt"), ".");
    }

    #[test]
    fn the_smallest_sources_are_one_entry() {
        let mut sources = Sources {
            depth: Depth::Folder(1),
            ..Sources::default()
        };
        for n in 0..40 {
            sources.add(
                &format!("{n}/a.txt"),
                &Share {
                    documents: 1,
                    bytes: 100 + n,
                    ..Share::default()
                },
            );
        }
        let list = serde_json::to_value(&sources).unwrap();
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), MOST_SOURCES + 1);
        assert_eq!(
            (&list[0]["name"], &list[0]["bytes"]),
            (&"39".into(), &139.into())
        );
        assert_eq!(
            (&list[16]["name"], &list[16]["sources"]),
            (&serde_json::Value::Null, &24.into())
        );
        assert_eq!(
            list.iter()
                .map(|s| s["documents"].as_u64().unwrap())
                .sum::<u64>(),
            40
        );
    }
}

//! What settle says of a document: as a whole, and by each method.

use super::{Level, METHODS, Options};
use crate::page::cause::CauseId;
use bytemuck::{Pod, Zeroable};

/// A finding of a method about a document, as settle keeps it: of a fixed size, so that it can be sorted on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub struct Finding {
    pub rank: u32,
    /// The place of the method in the table; `WHOLE_DOCUMENT` for a `Lot`.
    method: u32,
    /// The method's own row, in its own type.
    row: Row,
    /// The documents that it refers to, by rank: the original, and for a lot the cluster.
    others: [u32; 2],
}

type Row = [u32; ROW];
/// Numbers in the largest row: seven, of consensus.
const ROW: usize = 7;
const WHOLE_DOCUMENT: u32 = u32::MAX;
/// A likeness is kept in millionths.
const ONE: f64 = 1e6;

/// A method's finding about a document, in its own type. The rows of one document reach the page in the order of their
/// bytes.
pub trait Found: Pod {
    /// The method that makes it.
    const METHOD: CauseId;

    /// The form in which settle keeps it, with the document's rank and that of the other document.
    fn finding(&self, rank: u32, other: u32) -> Finding {
        Finding::new(rank, number_of(Self::METHOD), self, [other; 2])
    }
}

/// The place of a method in the table.
fn number_of(method: CauseId) -> u32 {
    let number = METHODS.iter().position(|known| known.cause == method);
    number.map_or(WHOLE_DOCUMENT, |number| number as u32)
}

impl Finding {
    fn new(rank: u32, method: u32, found: &impl Pod, others: [u32; 2]) -> Self {
        let mut row = Row::zeroed();
        let bytes = bytemuck::bytes_of(found);
        bytemuck::bytes_of_mut(&mut row)[..bytes.len()].copy_from_slice(bytes);
        Finding {
            rank,
            method,
            row,
            others,
        }
    }
}

/// What becomes of a document that is like others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    pub rank: u32,
    /// The first document of its cluster, which identifies the cluster.
    pub cluster: u32,
    /// The document that stays: itself, if it stays.
    pub of: u32,
    /// The share of its letters that are in the one that stays.
    pub likeness: f64,
    /// Whether it is so like that one that it goes.
    pub is_copy: bool,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct LotRow {
    likeness: u32,
    is_copy: u32,
}

impl From<Lot> for Finding {
    fn from(lot: Lot) -> Self {
        let row = LotRow {
            likeness: millionths(lot.likeness),
            is_copy: lot.is_copy.into(),
        };
        Finding::new(lot.rank, WHOLE_DOCUMENT, &row, [lot.of, lot.cluster])
    }
}

/// A likeness or a share as it is kept.
pub(super) fn millionths(likeness: f64) -> u32 {
    (likeness * ONE).round() as u32
}

pub(super) fn from_millionths(likeness: u32) -> f64 {
    f64::from(likeness) / ONE
}

/// What the run says about one document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// The place of the document among those that were read with it.
    pub document: u32,
    pub duplicate: Option<Duplicate>,
    pub(crate) found: Vec<Said>,
}

/// The cluster that a document belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// The first document of the cluster, which identifies it.
    pub cluster: String,
    /// The document that stays, if it is not this one.
    pub of: Option<String>,
    /// The share of the smaller document's letters that the other has in the same runs.
    pub similarity: f64,
    /// Whether this document is so like the one that stays that it goes.
    pub is_copy: bool,
}

/// A finding with the id of the document that it refers to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    method: u32,
    row: Row,
    /// Empty if that is the document itself.
    other: String,
}

impl Verdict {
    /// The verdict on a document of which nothing was found.
    pub fn nothing(document: u32) -> Self {
        Verdict {
            document,
            ..Verdict::default()
        }
    }

    /// The verdict on a document from its findings, in order.
    pub fn of<'d>(document: u32, findings: &[Finding], id: impl Fn(u32) -> &'d str) -> Self {
        let mut verdict = Verdict::nothing(document);
        for finding in findings {
            let [of, cluster] = finding.others;
            let other = if of == finding.rank { "" } else { id(of) };
            if finding.method == WHOLE_DOCUMENT {
                let row: LotRow = row(&finding.row);
                verdict.duplicate = Some(Duplicate {
                    cluster: id(cluster).into(),
                    of: (of != finding.rank).then(|| other.into()),
                    similarity: from_millionths(row.likeness),
                    is_copy: row.is_copy != 0,
                });
            } else {
                verdict.found.push(Said {
                    method: finding.method,
                    row: finding.row,
                    other: other.into(),
                });
            }
        }
        verdict
    }

    /// The findings of a method, each with the id of the document that it refers to, if that is another one.
    pub fn found<F: Found>(&self) -> impl Iterator<Item = (F, Option<&str>)> {
        let method = number_of(F::METHOD);
        let said = self.found.iter().filter(move |said| said.method == method);
        said.map(|said| {
            let other = Some(&*said.other).filter(|id| !id.is_empty());
            (row(&said.row), other)
        })
    }

    /// Whether the document leaves the output as a copy.
    pub fn drops_document(&self, options: &Options) -> bool {
        options.duplicates == Level::Drop
            && self
                .duplicate
                .as_ref()
                .is_some_and(|duplicate| duplicate.is_copy)
    }
}

fn row<F: Pod>(row: &Row) -> F {
    bytemuck::pod_read_unaligned(&bytemuck::bytes_of(row)[..size_of::<F>()])
}

// ---- bytes

/// The first bytes of a verdict. The last digit changes with the format.
const MAGIC: [u8; 16] = *b"jiaokan verdict1";

impl Verdict {
    /// The verdict as bytes: the format, the hash of the settings, the findings.
    pub fn to_bytes(&self, settings: u64) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&settings.to_le_bytes());
        self.push_bytes(&mut bytes);
        bytes
    }

    /// The verdict that the bytes hold. `None` if it was made with other settings, or is damaged.
    pub fn from_bytes(bytes: &[u8], settings: u64) -> Option<Self> {
        let rest = bytes.strip_prefix(&MAGIC)?;
        Verdict::take_bytes(rest.strip_prefix(&settings.to_le_bytes())?)
    }

    /// Adds the findings, without a header.
    pub fn push_bytes(&self, bytes: &mut Vec<u8>) {
        let number = |bytes: &mut Vec<u8>, number: u32| bytes.extend(number.to_le_bytes());
        let text = |bytes: &mut Vec<u8>, text: &str| {
            number(bytes, text.len() as u32);
            bytes.extend_from_slice(text.as_bytes());
        };
        number(bytes, self.document);
        number(bytes, self.duplicate.is_some().into());
        if let Some(duplicate) = &self.duplicate {
            text(bytes, &duplicate.cluster);
            number(bytes, duplicate.of.is_some().into());
            text(bytes, duplicate.of.as_deref().unwrap_or_default());
            number(bytes, millionths(duplicate.similarity));
            number(bytes, duplicate.is_copy.into());
        }
        number(bytes, self.found.len() as u32);
        for said in &self.found {
            number(bytes, said.method);
            bytes.extend_from_slice(bytemuck::bytes_of(&said.row));
            text(bytes, &said.other);
        }
    }

    /// Reads the findings, which must end with the bytes.
    pub fn take_bytes(mut bytes: &[u8]) -> Option<Self> {
        let rest = &mut bytes;
        let document = number(rest)?;
        let duplicate = match number(rest)? {
            0 => None,
            _ => Some(Duplicate {
                cluster: text(rest)?,
                of: {
                    let is_another = number(rest)? != 0;
                    let of = text(rest)?;
                    is_another.then_some(of)
                },
                similarity: from_millionths(number(rest)?),
                is_copy: number(rest)? != 0,
            }),
        };
        let mut found = Vec::new();
        for _ in 0..number(rest)? {
            found.push(Said {
                method: number(rest)?,
                row: bytemuck::pod_read_unaligned(taken(rest, size_of::<Row>())?),
                other: text(rest)?,
            });
        }
        rest.is_empty().then_some(Verdict {
            document,
            duplicate,
            found,
        })
    }
}

fn taken<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(taken(rest, 4)?.try_into().ok()?))
}

fn text(rest: &mut &[u8]) -> Option<String> {
    let length = number(rest)? as usize;
    String::from_utf8(taken(rest, length)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_comes_back_from_its_bytes() {
        let lot = Lot {
            rank: 7,
            cluster: 1,
            of: 3,
            likeness: 0.91,
            is_copy: true,
        };
        let finding = Finding::new(7, 2, &[5u32, 6], [3; 2]);
        let id = |rank: u32| ["", "one", "", "three"][rank as usize];
        let verdict = Verdict::of(4, &[lot.into(), finding], id);
        assert_eq!(verdict.duplicate.as_ref().unwrap().cluster, "one");
        let bytes = verdict.to_bytes(9);
        assert_eq!(Verdict::from_bytes(&bytes, 9), Some(verdict));
        assert_eq!(Verdict::from_bytes(&bytes, 8), None);
        for end in 0..bytes.len() {
            assert_eq!(Verdict::from_bytes(&bytes[..end], 9), None);
        }
    }
}

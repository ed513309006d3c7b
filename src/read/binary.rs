//! Files that hold no text: what they are, by their first bytes, and what to do with them.

use std::io;
use std::path::Path;

const PICTURE: &str =
    "a picture: recognise its text first (Tesseract and PaddleOCR do), and clean what that gives";
const ARCHIVE: &str = "an archive or a compressed file of a kind that is not read: unpack it first (.gz, .zst and .tar are read as they are)";
const SOUND: &str = "sound or video: transcribe it first, and clean the transcript";
const PROGRAM: &str = "a program: there is no text in it to clean";
const TABLE: &str = "a table in a binary format: export it as Parquet or JSON Lines first";

/// How a file begins, from which byte on, and what it is.
const HEADS: [(usize, &[u8], &str); 33] = [
    (
        0,
        b"%PDF-",
        "a PDF: extract its text first (MinerU, marker and olmOCR do, pdftotext where it has a text layer), and clean what that gives",
    ),
    (
        0,
        b"%!PS",
        "PostScript: extract its text first (ps2ascii does), and clean what that gives",
    ),
    (
        0,
        b"{\\rtf",
        "a document in RTF: convert it to text or HTML first (pandoc and LibreOffice do)",
    ),
    (
        0,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a document of an old Office program (.doc, .xls, .ppt): convert it to text or HTML first (LibreOffice does)",
    ),
    (
        0,
        b"\x1f\x8b",
        "compressed with gzip: give its name the ending .gz",
    ),
    (
        0,
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd: give its name the ending .zst",
    ),
    (
        0,
        b"AT&TFORM",
        "a book in DjVu: extract its text first (djvutxt does), and clean what that gives",
    ),
    (0, b"\x89PNG\r\n", PICTURE),
    (0, b"\xff\xd8\xff", PICTURE),
    (0, b"GIF8", PICTURE),
    (0, b"II*\0", PICTURE),
    (0, b"MM\0*", PICTURE),
    (8, b"WEBP", PICTURE),
    (4, b"jP  \r\n", PICTURE),
    (4, b"ftyphe", PICTURE),
    (4, b"ftypavif", PICTURE),
    (0, b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (0, b"Rar!\x1a\x07", ARCHIVE),
    (0, b"\xfd7zXZ\0", ARCHIVE),
    (0, b"BZh91AY&SY", ARCHIVE),
    (0, b"\x04\x22\x4d\x18", ARCHIVE),
    (
        257,
        b"ustar",
        "an archive of tar: give its name the ending .tar",
    ),
    (0, b"OggS\0", SOUND),
    (0, b"fLaC\0", SOUND),
    (0, b"ID3\x03\0", SOUND),
    (0, b"ID3\x04\0", SOUND),
    (8, b"WAVEfmt", SOUND),
    (4, b"ftyp", SOUND),
    (0, b"\x7fELF", PROGRAM),
    (0, b"MZ\x90\0", PROGRAM),
    (0, b"SQLite format 3\0", TABLE),
    (0, b"ARROW1\0\0", TABLE),
    (0, b"\x89HDF\r\n", TABLE),
];

/// Refuses a file that is known to hold no text.
pub(super) fn refuse(name: &str, head: &[u8]) -> io::Result<()> {
    let begins = |(at, bytes, _): &&(usize, &[u8], &str)| {
        head.get(*at..).is_some_and(|head| head.starts_with(bytes))
    };
    if head.starts_with(b"PAR1") {
        return Ok(());
    }
    let what = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        zip(name, head)
    } else if let Some((_, _, what)) = HEADS.iter().find(begins) {
        what
    } else if is_binary(head) {
        "bytes that are no text: many of them are 0 (UTF-16 is read if it begins with a byte order mark)"
    } else {
        return Ok(());
    };
    Err(io::Error::other(format!("it is {what}")))
}

/// What a ZIP is: documents of many programs are one.
fn zip(name: &str, head: &[u8]) -> &'static str {
    let has = |part: &[u8]| head.windows(part.len()).any(|bytes| bytes == part);
    let is_named = |ending: &str| {
        let own = Path::new(name).extension().unwrap_or_default();
        own.eq_ignore_ascii_case(ending)
    };
    if is_named("docx") || has(b"word/") {
        "a Word document (DOCX, a ZIP): convert it to text or HTML first (pandoc and LibreOffice do)"
    } else if is_named("xlsx") || has(b"xl/") {
        "an Excel workbook (XLSX, a ZIP): save its table as CSV first"
    } else if is_named("pptx") || has(b"ppt/") {
        "a PowerPoint presentation (PPTX, a ZIP): convert it to text or HTML first (LibreOffice does)"
    } else if is_named("epub") || has(b"application/epub") {
        "a book in EPUB (a ZIP): unpack it first; the HTML files in it are read"
    } else if has(b"application/vnd.oasis") {
        "an OpenDocument file (a ZIP): convert it to text or HTML first (pandoc and LibreOffice do)"
    } else {
        "a ZIP archive, as documents of Word and other Office programs are too: unpack or convert it first"
    }
}

/// Whether more than a hundredth of the bytes are 0, and the file does not begin as UTF-16 does.
fn is_binary(head: &[u8]) -> bool {
    let is_utf16 = [&b"\xff\xfe"[..], b"\xfe\xff", b"<\0", b"\0<"]
        .iter()
        .any(|begins| head.starts_with(begins));
    !is_utf16 && head.iter().filter(|byte| **byte == 0).count() * 100 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(name: &str, head: &[u8]) -> String {
        refuse(name, head).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn a_file_without_text_is_called_by_what_it_is() {
        assert!(why("a", b"%PDF-1.7\n").contains("extract its text first"));
        assert!(why("a", b"PK\x03\x04....[Content_Types].xml word/d").contains("Word"));
        assert!(why("a.epub", b"PK\x03\x04").contains("EPUB"));
        assert!(why("a", b"PK\x03\x04....").contains("ZIP"));
        assert!(why("a", b"\x89PNG\r\n\x1a\n").contains("picture"));
        assert!(why("a", b"\0\0\0\x18ftypmp42").contains("video"));
        assert!(why("a", &[b"abc".as_slice(), &[0; 90]].concat()).contains("no text"));
    }

    #[test]
    fn text_is_text() {
        let utf16: Vec<u8> = "\u{feff}ab"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let one_zero = [&[b'a'; 200][..], b"\0"].concat();
        let texts: [&[u8]; 6] = ["灯塔".as_bytes(), b"", b"PDF", b"BZh", &utf16, &one_zero];
        for text in texts {
            assert_eq!(why("a", text), "", "{text:?}");
        }
    }
}

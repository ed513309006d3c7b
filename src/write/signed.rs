//! A file that says in its last line that jiaokan wrote it, with a hash of all before that line: it may be replaced as long
//! as nobody edits it.

use std::fs;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// The last line, before and after the hash.
const MARK: [&str; 2] = [
    "<!-- written by jiaokan, which replaces it as long as nobody edits it: ",
    " -->\n",
];

/// The text with a last line that signs it.
pub(crate) fn signed(text: String) -> String {
    let hash = hash_of(&text);
    text + MARK[0] + &hash + MARK[1]
}

/// Whether such a file may be written there: there is none, or one as jiaokan wrote it.
pub(super) fn may_be_replaced(path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(path) else {
        return !path.exists();
    };
    let parts = text
        .strip_suffix(MARK[1])
        .and_then(|text| text.rsplit_once(MARK[0]));
    parts.is_some_and(|(text, hash)| hash == hash_of(text))
}

fn hash_of(text: &str) -> String {
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

//! The house has floors: a file knows only what stands below it, and says at its head what it is for.
//!
//! What is checked is read off the source: `use` lines and paths that begin with `crate`, `super`, `jiaokan` or the name
//! of a crate. Tests inside the source do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// From low to high: what each file or folder of `src` may name stands in a lower line, or in its own without a circle.
/// `Error`, which `lib.rs` declares, is a floor too: what cannot fail does not know it.
const FLOORS: &[&[&str]] = &[
    // questions about characters, words and lines
    &["text"],
    // what flows, and how it changes
    &["page"],
    // what the run teaches
    &["lexicon", "logistic"],
    // the stages: pure
    &[
        "segment",
        "nature",
        "normalise",
        "shingle",
        "repeats",
        "rejoin",
    ],
    &["Error", "error"],
    // the whole run: files and threads
    &["settle"],
    // files, formats and what is said of a run
    &["layout", "read", "write", "report"],
    // every option that changes the output
    &["settings", "cleaner", "corpus"],
    // the passes over a run
    &["run"],
    // what people call
    &["cli", "main", "lib", "bench"],
];

/// What only some floors may name: from which floor on.
const RESERVED: &[(&str, &str)] = &[
    ("std::fs", "settle"),
    ("std::env", "settle"),
    ("std::thread", "settle"),
    ("tempfile", "settle"),
    ("rayon", "settle"),
    ("indicatif", "cli"),
    ("ctrlc", "cli"),
    ("clap", "cli"),
];

/// Of all functions, the share that may be longer than `LONG` lines.
const LONG: usize = 60;
const MOST_LONG: f64 = 0.01;

/// What cannot be clean yet, by how its line begins, and why. An entry that is no longer needed fails the test.
const UNTIL: &[(&str, &str)] = &[];

#[test]
fn every_file_keeps_to_its_floor() {
    let house = House::read();
    let mut faults = Vec::new();
    house.arrows_up(&mut faults);
    house.circles(&mut faults);
    house.reserved(&mut faults);
    house.heads(&mut faults);
    house.unnamed(&mut faults);
    let is_excused = |fault: &String| UNTIL.iter().any(|(begins, _)| fault.starts_with(begins));
    let (excused, mut left): (Vec<String>, Vec<String>) = faults.into_iter().partition(is_excused);
    for (begins, reason) in UNTIL {
        if !excused.iter().any(|fault| fault.starts_with(begins)) {
            left.push(format!(
                "tests/house.rs: UNTIL {begins:?} ({reason}) is no longer needed"
            ));
        }
    }
    excused
        .iter()
        .for_each(|fault| println!("until later: {fault}"));
    assert!(left.is_empty(), "\n{}", left.join("\n"));
}

#[test]
fn hardly_any_function_is_longer_than_a_page() {
    let house = House::read();
    let functions: Vec<(String, usize)> = house
        .files
        .iter()
        .flat_map(|file| functions(&file.path, &file.tokens))
        .collect();
    let long: Vec<_> = functions
        .iter()
        .filter(|(_, lines)| *lines > LONG)
        .collect();
    let listed = long.iter().fold(String::new(), |mut list, (name, lines)| {
        writeln!(list, "{name}: {lines} lines").expect("a string takes all");
        list
    });
    println!(
        "{} of {} functions over {LONG} lines:\n{listed}",
        long.len(),
        functions.len()
    );
    assert!(
        long.len() as f64 <= functions.len() as f64 * MOST_LONG,
        "\n{listed}"
    );
}

/// What the library shows by whole modules; all else is private, or named one by one in `lib.rs` and `bench.rs`.
const SHOWN: &[&str] = &["settings", "run", "cli", "bench"];

#[test]
fn the_library_shows_no_more_than_it_means_to() {
    let house = House::read();
    let lib = house.files.iter().find(|file| file.path == "src/lib.rs");
    let tokens = lib.expect("it is there").tokens.windows(3);
    let shown = tokens.filter(|three| three[0].text == "pub" && three[1].text == "mod");
    let shown: Vec<&str> = shown.map(|three| three[2].text.as_str()).collect();
    assert_eq!(shown, SHOWN);
}

/// A file of `src`.
struct Source {
    /// From the root of the project: `src/read/mod.rs`.
    path: String,
    /// `read::alto`; empty for `lib.rs`.
    module: Vec<String>,
    text: String,
    /// Without those of its tests.
    tokens: Vec<Token>,
    /// Every path that it names, whole, and the line.
    paths: Vec<(Vec<String>, usize)>,
}

struct Token {
    text: String,
    line: usize,
}

struct House {
    files: Vec<Source>,
}

impl House {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        read_folder(root, "src", &mut files);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let tests: Vec<String> = files
            .iter()
            .flat_map(|file| test_files(&file.path, &file.tokens))
            .collect();
        files.retain(|file| !tests.contains(&file.path));
        for file in &mut files {
            file.tokens = without_tests(std::mem::take(&mut file.tokens));
            file.paths = paths(&file.module, &file.tokens);
        }
        House { files }
    }

    /// The file that a path leads into; nothing, if it leads out of this crate. `Error` is the one thing of `lib.rs`.
    fn target(&self, path: &[String]) -> Option<&Source> {
        let path = path.strip_prefix(&["crate".to_string()][..])?;
        let is_in = |file: &&Source| path.starts_with(&file.module);
        self.files
            .iter()
            .filter(|file| file.path != "src/main.rs")
            .filter(is_in)
            .max_by_key(|file| file.module.len())
    }

    /// Every path from a file to another: who, the line, to whom.
    fn arrows(&self) -> impl Iterator<Item = (&Source, usize, &Source)> {
        self.files.iter().flat_map(move |from| {
            let arrows = from
                .paths
                .iter()
                .filter_map(move |(path, line)| Some((from, *line, self.target(path)?)));
            arrows.filter(|(from, _, to)| from.path != to.path)
        })
    }

    fn arrows_up(&self, faults: &mut Vec<String>) {
        for file in &self.files {
            let Some(from) = floor(&file.path) else {
                faults.push(format!("{}: has no floor in tests/house.rs", file.path));
                continue;
            };
            for (path, line) in &file.paths {
                let to = match path.get(1).map(String::as_str) {
                    Some("Error") if path[0] == "crate" => floor("Error"),
                    _ => self.target(path).and_then(|to| floor(&to.path)),
                };
                if to.is_some_and(|to| to > from) {
                    faults.push(format!(
                        "{}:{line}: {} is a floor above",
                        file.path,
                        path.join("::")
                    ));
                }
            }
        }
    }

    /// Circles between what stands in one folder. Files may name the `mod.rs` of their folder, as the entries of a table
    /// do, and it names them.
    fn circles(&self, faults: &mut Vec<String>) {
        let mut folders: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>> =
            BTreeMap::new();
        for (from, line, to) in self.arrows() {
            let (folder, one, other) = parted(&from.path, &to.path);
            if [&one, &other]
                .iter()
                .any(|name| ["mod.rs", "lib.rs", "main.rs"].contains(&name.as_str()))
            {
                continue;
            }
            let arrow = format!("{}:{line}", from.path);
            let arrows = folders.entry(folder).or_default().entry(one).or_default();
            arrows.entry(other).or_insert(arrow);
        }
        for (folder, arrows) in folders {
            for circle in circles(&arrows) {
                let kind = if folder == "src" { "folders" } else { "files" };
                let names: Vec<_> = circle
                    .iter()
                    .map(|name| format!("{folder}/{name}"))
                    .collect();
                let example = |name| {
                    let back = arrows[name].iter().filter(|(to, _)| circle.contains(*to));
                    back.map(|(to, place)| format!("{to} from {place}"))
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let examples: Vec<_> = circle.iter().map(example).collect();
                faults.push(format!(
                    "{kind} in a circle: {} ({})",
                    names.join(", "),
                    examples.join("; ")
                ));
            }
        }
    }

    fn reserved(&self, faults: &mut Vec<String>) {
        for file in &self.files {
            for (path, line) in &file.paths {
                let path = path.join("::");
                let is_of = |name: &str| path == name || path.starts_with(&format!("{name}::"));
                let reserved = RESERVED.iter().find(|(name, _)| is_of(name));
                if let Some((name, from)) = reserved
                    && floor(&file.path) < floor(&format!("src/{from}"))
                {
                    faults.push(format!(
                        "{}:{line}: {name} belongs to {from} and above",
                        file.path
                    ));
                }
            }
            let up_twice = |pair: &[Token]| pair[0].text == "super" && pair[2].text == "super";
            for pair in file.tokens.windows(3).filter(|tokens| up_twice(tokens)) {
                faults.push(format!(
                    "{}:{}: super::super; say crate::",
                    file.path, pair[0].line
                ));
            }
        }
    }

    /// What a file is for stands in its first paragraph, which is a sentence.
    fn heads(&self, faults: &mut Vec<String>) {
        for file in &self.files {
            let head: Vec<&str> = file
                .text
                .lines()
                .map_while(|line| line.strip_prefix("//!"))
                .map(str::trim)
                .collect();
            let first = head
                .split(|line| line.is_empty())
                .next()
                .unwrap_or_default()
                .join(" ");
            if !first.ends_with(['.', ':']) {
                faults.push(format!(
                    "{}:1: begins without a sentence (//!) on what it is for",
                    file.path
                ));
            }
        }
    }

    /// A file that no `mod` names is not compiled, and nobody notices.
    fn unnamed(&self, faults: &mut Vec<String>) {
        for file in &self.files {
            let Some((name, above)) = file.module.split_last() else {
                continue;
            };
            let names = |other: &&Source| {
                other.module == above
                    && other
                        .tokens
                        .windows(2)
                        .any(|pair| pair[0].text == "mod" && pair[1].text == *name)
            };
            if !self.files.iter().any(|other| names(&other)) {
                faults.push(format!("{}: no `mod {name};` above it", file.path));
            }
        }
    }
}

fn read_folder(root: &Path, folder: &str, files: &mut Vec<Source>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            read_folder(root, &path, files);
        } else if let Some(module) = path
            .strip_prefix("src/")
            .and_then(|path| path.strip_suffix(".rs"))
        {
            let module = module
                .split('/')
                .filter(|part| !["mod", "lib", "main"].contains(part));
            let module = module.map(str::to_string).collect();
            let text = fs::read_to_string(root.join(&path)).unwrap();
            files.push(Source {
                tokens: tokens(&text),
                path,
                module,
                text,
                paths: Vec::new(),
            });
        }
    }
}

/// Its floor, from below; a folder's for all in it.
fn floor(path: &str) -> Option<usize> {
    let name = path.strip_prefix("src/").unwrap_or(path);
    let name = name.split('/').next()?;
    let name = name.strip_suffix(".rs").unwrap_or(name);
    FLOORS.iter().position(|floor| floor.contains(&name))
}

/// The folder that two files share, and what stands in it on the way to either.
fn parted(one: &str, other: &str) -> (String, String, String) {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split('/').collect(), other.split('/').collect());
    let shared = one
        .iter()
        .zip(&other)
        .take_while(|(one, other)| one == other)
        .count();
    (
        one[..shared].join("/"),
        one[shared].to_string(),
        other[shared].to_string(),
    )
}

/// The names that lead back to themselves, each set of those that lead to one another.
fn circles(arrows: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<BTreeSet<String>> {
    let reached = |from: &String| {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            for next in arrows.get(name).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        arrows.keys().map(|name| (name, reached(name))).collect();
    let circle = |name: &&String| -> BTreeSet<String> {
        let is_with = |other: &&String| reached.get(other).is_some_and(|back| back.contains(*name));
        reached[*name].iter().filter(is_with).cloned().collect()
    };
    let circles: BTreeSet<_> = arrows.keys().map(|name| circle(&name)).collect();
    circles
        .into_iter()
        .filter(|circle| !circle.is_empty())
        .collect()
}

/// Its words and marks, `::` and `->` as one, without comments; a string is the mark that opens it.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let is_before_string = ["b", "c", "r", "br", "cr"].contains(&&rest[..word]);
        let hashes = rest[word..].len() - rest[word..].trim_start_matches('#').len();
        let length = match c {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ if c.is_whitespace() => c.len_utf8(),
            _ if is_before_string
                && rest[..word].contains('r')
                && rest[word + hashes..].starts_with('"') =>
            {
                let (begin, close) = (word + hashes + 1, format!("\"{}", "#".repeat(hashes)));
                begin + rest[begin..].find(&close).expect("it compiles") + close.len()
            }
            _ if is_before_string && rest[word..].starts_with(['"', '\'']) => {
                word + quoted(&rest[word..]).expect("it compiles")
            }
            '"' => quoted(rest).expect("it compiles"),
            '\'' => quoted(rest).unwrap_or(1),
            _ if word > 0 => word,
            _ if rest.starts_with("::") || rest.starts_with("->") => 2,
            _ => c.len_utf8(),
        };
        let is_code = !c.is_whitespace() && !rest.starts_with("//") && !rest.starts_with("/*");
        if is_code {
            let token = if rest[..length].contains(['"', '\'']) {
                "\""
            } else {
                &rest[..length]
            };
            tokens.push(Token {
                text: token.to_string(),
                line,
            });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    tokens
}

/// How long the string or character is that a text begins with; nothing, if its quotation mark is that of a lifetime.
fn quoted(text: &str) -> Option<usize> {
    if text.starts_with('"') {
        let mut inside = text.char_indices().skip(1);
        while let Some((at, c)) = inside.next() {
            match c {
                '\\' => drop(inside.next()),
                '"' => return Some(at + 1),
                _ => {}
            }
        }
        return None;
    }
    let inside = &text[1..];
    let first = inside.chars().next()?;
    let least = if first == '\\' { 2 } else { first.len_utf8() };
    let close = inside.get(least..)?.find('\'')?;
    (first == '\\' || close == 0).then_some(1 + least + close + 1)
}

/// The end of the item that begins here: behind its `;`, or its `}`.
fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth -= 1;
                if depth == 0 && token.text == "}" {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Where an attribute that begins here ends, and whether it says that what follows is for tests.
fn attribute(tokens: &[Token], at: usize) -> Option<(usize, bool)> {
    if tokens[at].text != "#" || tokens.get(at + 1)?.text != "[" {
        return None;
    }
    let mut depth = 0;
    let close = tokens.iter().skip(at + 1).position(|token| {
        depth += i32::from(token.text == "[") - i32::from(token.text == "]");
        depth == 0
    })?;
    let inside = &tokens[at + 2..at + 1 + close];
    let has = |word: &str| inside.iter().any(|token| token.text == word);
    Some((
        at + 2 + close,
        inside[0].text == "cfg" && has("test") && !has("not"),
    ))
}

fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let mut is_kept = vec![true; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        match attribute(&tokens, at) {
            Some((_, true)) => {
                let mut item = at;
                while let Some((end, _)) = attribute(&tokens, item) {
                    item = end;
                }
                let end = end_of_item(&tokens, item);
                is_kept[at..end].fill(false);
                at = end;
            }
            Some((end, false)) => at = end,
            None => at += 1,
        }
    }
    tokens
        .into_iter()
        .zip(is_kept)
        .filter(|(_, kept)| *kept)
        .map(|(token, _)| token)
        .collect()
}

/// The files beside this one that are only for tests.
fn test_files(path: &str, tokens: &[Token]) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_mod = |at: usize| tokens[at].text == "mod" && tokens[at + 2].text == ";";
    let ends = (0..tokens.len())
        .filter_map(|at| attribute(tokens, at))
        .filter(|(_, tests)| *tests);
    ends.filter(|(at, _)| is_mod(*at))
        .map(|(at, _)| format!("{folder}/{}.rs", tokens[at + 1].text))
        .collect()
}

/// Every path that a module names: of its `use` lines, and others that begin as whole ones do.
fn paths(module: &[String], tokens: &[Token]) -> Vec<(Vec<String>, usize)> {
    let mut paths = Vec::new();
    // how deep each module within the file lies in braces
    let (mut inner, mut depth) = (Vec::new(), 0);
    let mut at = 0;
    while at < tokens.len() {
        let next = |ahead: usize| {
            tokens
                .get(at + ahead)
                .map_or("", |token| token.text.as_str())
        };
        match next(0) {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inner.pop_if(|opened| *opened == depth);
            }
            "mod" if next(2) == "{" => inner.push(depth),
            "use" => {
                let end = end_of_item(tokens, at);
                let mut found = Vec::new();
                branches(&tokens[at + 1..end], &mut 0, &[], &mut found);
                let found = found
                    .into_iter()
                    .map(|(path, line)| (whole(path, module, inner.len()), line));
                paths.extend(found);
                at = end;
                continue;
            }
            _ if next(1) == "::" && (at == 0 || tokens[at - 1].text != "::") => {
                let mut path = vec![next(0).to_string()];
                while next(path.len() * 2 - 1) == "::" && next(path.len() * 2) != "<" {
                    path.push(next(path.len() * 2).to_string());
                }
                paths.push((whole(path, module, inner.len()), tokens[at].line));
            }
            _ => {}
        }
        at += 1;
    }
    paths
}

/// Reads the tree of a `use` line into its paths.
fn branches(
    tokens: &[Token],
    at: &mut usize,
    above: &[String],
    found: &mut Vec<(Vec<String>, usize)>,
) {
    let mut path = above.to_vec();
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        match token.text.as_str() {
            "::" => {}
            "{" => {
                while tokens.get(*at).is_some_and(|token| token.text != "}") {
                    branches(tokens, at, &path, found);
                }
                *at += 1;
                while tokens.get(*at).is_some_and(|token| token.text == ",") {
                    *at += 1;
                }
                return;
            }
            "," => break,
            ";" => break,
            "as" => *at += 1,
            name => path.push(name.to_string()),
        }
        if tokens.get(*at).is_some_and(|token| token.text == "}") {
            break;
        }
    }
    let line = tokens[at.saturating_sub(1).min(tokens.len() - 1)].line;
    found.push((path, line));
}

/// A path from the root of its crate. Of `super`, those that lead out of modules within the file are passed over.
fn whole(path: Vec<String>, module: &[String], inner: usize) -> Vec<String> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let above = supers.saturating_sub(inner);
    let here = ["crate".to_string()]
        .into_iter()
        .chain(module.iter().cloned());
    match path[0].as_str() {
        "super" => here
            .take(1 + module.len() - above)
            .chain(path.into_iter().skip(supers))
            .collect(),
        "self" => here.chain(path.into_iter().skip(1)).collect(),
        "jiaokan" => ["crate".to_string()]
            .into_iter()
            .chain(path.into_iter().skip(1))
            .collect(),
        _ => path,
    }
}

/// Every function of a file, with the lines from its `fn` to its end.
fn functions(path: &str, tokens: &[Token]) -> Vec<(String, usize)> {
    let mut functions = Vec::new();
    for at in 0..tokens.len() {
        let is_function =
            tokens[at].text == "fn" && tokens.get(at + 1).is_some_and(|name| name.text != "(");
        let end = if is_function {
            end_of_item(tokens, at)
        } else {
            at
        };
        if is_function && tokens[end - 1].text == "}" {
            let name = format!("{path}:{}: {}", tokens[at].line, tokens[at + 1].text);
            functions.push((name, tokens[end - 1].line + 1 - tokens[at].line));
        }
    }
    functions
}

#[test]
fn the_source_is_read_as_it_is_written() {
    let text = "use super::{a::B, c};\nfn f<'a>(c: char) -> u8 { match c { '\\'' => b'\"', '{' => 1, _ => crate::d::e::<u8>(r#\"}\"#) } }\n#[cfg(test)]\nmod tests { use std::fs; }\nmod inner { use super::g; }";
    let tokens = without_tests(tokens(text));
    let module = ["read".to_string(), "xml".to_string()];
    let paths: Vec<String> = paths(&module, &tokens)
        .iter()
        .map(|(path, _)| path.join("::"))
        .collect();
    let expected = [
        "crate::read::a::B",
        "crate::read::c",
        "crate::d::e",
        "crate::read::xml::g",
    ];
    assert_eq!(paths, expected);
    assert_eq!(functions("f.rs", &tokens), [("f.rs:2: f".to_string(), 1)]);
}

//! The command line: parse, run, report. The only place with a progress bar.

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiaokan::config::{Config, Level};
use jiaokan::normalise::{RULES, Target};
use jiaokan::pipeline::{self, Report, Watch};
use jiaokan::read::Refused;
use jiaokan::rejoin::Boldness;
use jiaokan::repeats::METHODS;
use jiaokan::{Error, read, write};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Threads that make and drop many small things wait for each other in the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

static STOP: AtomicBool = AtomicBool::new(false);

/// Cleans text that OCR and layout extraction left: repairs it, drops what stands there twice, puts broken sentences
/// together again. Every change is explained and can be undone.
#[derive(Parser)]
#[command(version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Exit status: 0 done; 1 done, but some documents were refused (DIR/rejected.jsonl says which and why);\n\
    2 wrong usage, or nothing written; 130 interrupted.";

#[derive(Subcommand)]
enum Command {
    /// Clean files and folders into a folder
    Clean(Clean),
    /// Write the sources of an output folder again, byte for byte
    Undo {
        /// A folder that `jiaokan clean` wrote
        dir: PathBuf,
        /// The folder to write the sources to
        #[arg(long)]
        to: PathBuf,
    },
    /// Show one page with its changes, their causes and their evidence
    Explain {
        /// A folder that `jiaokan clean` wrote
        dir: PathBuf,
        id: String,
    },
    /// List the rules, methods and formats, with examples
    Rules,
}

#[derive(Args)]
#[command(after_help = AFTER_HELP)]
struct Clean {
    /// Files and folders; - is standard input. The format goes by the name: .txt, .md, .jsonl
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The folder for clean.jsonl, changes.jsonl, clusters.jsonl, rejected.jsonl, sources.jsonl and report.json
    #[arg(long)]
    out: PathBuf,
    /// The script of the output; copies are found whatever their script
    #[arg(long, value_enum, default_value_t)]
    script: Target,
    /// Whole documents that stand elsewhere, letter for letter; those that nearly do are marked
    #[arg(long, value_enum, default_value = "drop")]
    duplicates: Level,
    /// Paragraphs that stand elsewhere, in other documents or on their own page, copies spliced into it among them
    #[arg(long, value_enum, default_value = "drop")]
    paragraphs: Level,
    /// What recurs at the edges of many pages
    #[arg(long, value_enum, default_value = "drop")]
    furniture: Level,
    /// Passages that two documents merely share
    #[arg(long, value_enum, default_value = "mark")]
    passages: Level,
    /// How readily halves are joined
    #[arg(long, value_enum, default_value_t)]
    join: Boldness,
    /// The encoding of the input [default: UTF-8, or GB18030 or Big5 where that is clear]
    #[arg(long)]
    encoding: Option<String>,
    /// The field of a JSON record that holds its text
    #[arg(long, default_value = "text")]
    text_field: String,
    /// The field of a JSON record that holds its id
    #[arg(long, default_value = "id")]
    id_field: String,
    /// Work on this many pages at a time [default: one a processor]
    #[arg(long)]
    threads: Option<usize>,
    /// Exit with 2 instead of 1 if a document was refused
    #[arg(long)]
    strict: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
    /// Say what each stage took
    #[arg(short, long)]
    verbose: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // a second Ctrl-C ends the program at once
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    let done = match cli.command {
        Command::Clean(args) => clean(&args),
        Command::Undo { dir, to } => undo(&dir, &to),
        Command::Explain { dir, id } => write::explain::explain(&dir, &id).and_then(|text| print(&text)),
        Command::Rules => print(&rules()),
    };
    match done {
        Ok(status) => status,
        Err(Error::Interrupted) => {
            anstream::eprintln!("jiaokan: {}", Error::Interrupted);
            ExitCode::from(130)
        }
        Err(error) => {
            anstream::eprintln!("jiaokan: {error}");
            ExitCode::from(2)
        }
    }
}

fn clean(args: &Clean) -> Result<ExitCode, Error> {
    let mut config = Config { script: args.script, ..Config::default() };
    config.repeats.duplicates = args.duplicates;
    config.repeats.paragraphs = args.paragraphs;
    config.repeats.furniture = args.furniture;
    config.repeats.passages = args.passages;
    config.rejoin.join = args.join;
    config.read = read::Options {
        encoding: args.encoding.clone(),
        text_field: args.text_field.clone(),
        id_field: args.id_field.clone(),
    };
    if let Some(threads) = args.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.map_err(|e| Error::Usage(format!("--threads {threads}: {e}")))?;
    }
    let inbox = Inbox::open(&args.paths, &args.out)?;
    let bar = Bar::new(args.quiet);
    let report = pipeline::clean(&inbox.paths, &args.out, &config, &bar, &STOP)?;
    bar.0.finish_and_clear();
    if !args.quiet {
        anstream::eprint!("{}", summary(&report, &args.out, args.verbose));
    }
    Ok(match (report.read.refused, report.written.documents) {
        (0, _) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(2),
        _ if args.strict => ExitCode::from(2),
        _ => ExitCode::from(1),
    })
}

/// The paths to read. Standard input is read twice, so it is kept in a file while the run lasts.
struct Inbox {
    paths: Vec<PathBuf>,
    spooled: Option<PathBuf>,
}

impl Inbox {
    fn open(paths: &[PathBuf], out: &Path) -> Result<Self, Error> {
        let mut inbox = Inbox { paths: paths.to_vec(), spooled: None };
        for path in inbox.paths.iter_mut().filter(|p| p.as_os_str() == "-") {
            let spool = spool(out)?;
            *path = spool.clone();
            inbox.spooled = Some(spool);
        }
        Ok(inbox)
    }
}

/// Copies standard input beside the output; records, if its first character opens an object, else text.
fn spool(out: &Path) -> Result<PathBuf, Error> {
    use std::io::{BufRead, BufReader};
    let mut input = BufReader::new(std::io::stdin().lock());
    let folder = out.join(format!(".stdin-{}", std::process::id()));
    let start = input.fill_buf().map_err(|e| Error::Input("standard input".into(), e.to_string()))?;
    let records = start.trim_ascii_start().starts_with(b"{");
    let path = folder.join(if records { "stdin.jsonl" } else { "stdin.txt" });
    std::fs::create_dir_all(&folder).map_err(|e| Error::Output(folder.clone(), e))?;
    let copied = std::fs::File::create(&path).and_then(|mut file| std::io::copy(&mut input, &mut file));
    copied.map_err(|e| Error::Output(path.clone(), e))?;
    Ok(path)
}

impl Drop for Inbox {
    fn drop(&mut self) {
        if let Some(folder) = self.spooled.as_ref().and_then(|p| p.parent()) {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A progress bar on a terminal; quiet anywhere else.
struct Bar(ProgressBar);

impl Bar {
    fn new(quiet: bool) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new(0) };
        let style = "{msg:8} {bar:30} {percent:>3} %  {prefix} documents  {bytes_per_sec}  {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("a template that was tried"));
        Bar(bar)
    }
}

impl Watch for Bar {
    fn begins(&self, pass: &str, bytes: u64) {
        self.0.reset();
        self.0.set_length(bytes);
        self.0.set_prefix("0");
        self.0.set_message(pass.to_string());
    }

    fn advances(&self, documents: usize, bytes: u64) {
        self.0.inc(bytes);
        let before: usize = self.0.prefix().parse().unwrap_or(0);
        self.0.set_prefix((before + documents).to_string());
    }

    fn refuses(&self, refused: &Refused) {
        self.0.suspend(|| anstream::eprintln!("refused: {refused}"));
    }
}

fn undo(dir: &Path, to: &Path) -> Result<ExitCode, Error> {
    let undone = write::undo::undo(dir, to)?;
    anstream::eprintln!("{} files with {} documents written to {}", undone.files, undone.documents, to.display());
    for path in &undone.refused {
        anstream::eprintln!("not given back, as it was refused: {path}");
    }
    Ok(if undone.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What a run did, for a person.
fn summary(report: &Report, out: &Path, verbose: bool) -> String {
    let Report { read, written, took, changes, remarks, memory, .. } = report;
    let places = |rule: &str| changes.get(rule).map_or(0, |c| c.places);
    let repairs: u64 = RULES.iter().map(|rule| places(rule.name)).sum();
    let repeats: u64 = METHODS.iter().map(|method| places(method.name)).sum();
    let mut text = format!(
        "read     {} documents, {:.1} MB, from {} files{}\n\
         kept     {} documents, {:.1} MB; {} dropped as copies\n\
         dropped  {repeats} repeated passages\n\
         repaired {repairs} places\n\
         joined   {} halves; {} stay open\n\
         took     {:.1} s, {:.1} MB/s\n\
         look at  {}\n",
        read.documents,
        read.bytes as f64 / 1e6,
        read.files,
        if read.refused > 0 { format!("; {} refused, see rejected.jsonl", read.refused) } else { String::new() },
        written.documents,
        written.bytes as f64 / 1e6,
        written.copies_dropped,
        written.junctions,
        remarks.get("open").unwrap_or(&0),
        took.wall_seconds,
        read.bytes as f64 / 1e6 / took.wall_seconds.max(1e-9),
        out.join("clean.jsonl").display(),
    );
    if verbose {
        for (stage, took) in &took.stages {
            text +=
                &format!("  {stage:10} {:8.2} CPU seconds, {:.4} a MB\n", took.cpu_seconds, took.cpu_seconds_per_mb);
        }
        text += &format!(
            "  memory     prints {:.1} MB, counts {:.1} MB, lexicon {:.1} MB\n",
            memory.prints as f64 / 1e6,
            memory.counts as f64 / 1e6,
            memory.lexicon as f64 / 1e6
        );
    }
    text
}

fn rules() -> String {
    let mut text = String::from("Rules repair a block, in this order:\n");
    for rule in &RULES {
        text += &format!("\n{}\n  {}\n", rule.name, rule.about);
        for (before, after) in rule.examples {
            let (before, after) = (before.escape_debug(), after.escape_debug());
            text += &if before.to_string() == after.to_string() {
                format!("    stays  {before}\n")
            } else {
                format!("    {before}\n      → {after}\n")
            };
        }
    }
    text += "\nMethods find what stands there twice:\n";
    for method in &METHODS {
        text += &format!("\n{}\n  {}\n  source: {}\n", method.name, method.about, method.source);
    }
    text += "\nFormats are read by the ending of a file's name:\n\n";
    for format in &read::FORMATS {
        text += &format!("{:10} .{}  {}\n", format.name, format.endings.join(" ."), format.about);
    }
    text
}

/// Prints text, in colour on a terminal. A closed pipe is no error.
fn print(text: &str) -> Result<ExitCode, Error> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output("standard output".into(), e)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

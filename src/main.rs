//! The command line: parse, run, report. The only place with a progress bar.

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiaokan::config::{Config, Level, Repairing};
use jiaokan::normalise::{REPAIRS, RULES, Target};
use jiaokan::pipeline::{self, Means, Watch};
use jiaokan::read::Refused;
use jiaokan::rejoin::{self, Boldness, Split};
use jiaokan::repeats::{self, Keep, METHODS};
use jiaokan::report::Report;
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
    /// Write DIR/report.html again, from DIR/report.json alone
    Report {
        /// A folder that `jiaokan clean` wrote
        dir: PathBuf,
    },
    /// Learn from a corpus which characters follow which, for `clean --lexicon` on runs too small to teach
    Lexicon(Learn),
    /// List the rules, methods and formats, with examples
    Rules,
    // the three passes over shards, for make, job arrays and engines
    #[command(hide = true)]
    Survey(Survey),
    #[command(hide = true)]
    Settle(SettleArgs),
    #[command(hide = true)]
    Finish(Finish),
}

#[derive(Args)]
#[command(after_help = AFTER_HELP)]
struct Clean {
    /// Files and folders; - is standard input. The format goes by the name: .txt, .md, .jsonl
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The folder for clean.jsonl, changes.jsonl, clusters.jsonl, pairs.jsonl, rejected.jsonl, sources.jsonl and
    /// report.json
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    means: MeansArgs,
    /// Keep the prints of each input file in this folder, and use those that are there: what has not changed is not
    /// surveyed again
    #[arg(long, value_name = "DIR")]
    prints: Option<PathBuf>,
    #[command(flatten)]
    show: Show,
    /// Exit with 2 instead of 1 if a document was refused
    #[arg(long)]
    strict: bool,
}

#[derive(Args)]
struct Learn {
    /// Files and folders of clean text of the kind that is to be cleaned; 30 MB teach most
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The file to write
    #[arg(long)]
    to: PathBuf,
    /// Keep no more than so many n-grams, those that tell most
    #[arg(long, value_name = "N")]
    most: Option<usize>,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    show: Show,
}

/// Surveys a shard into a file of prints
#[derive(Args)]
struct Survey {
    /// The files of the shard
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The file of prints to write
    #[arg(long)]
    prints: PathBuf,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    show: Show,
}

/// Settles the prints of all shards
#[derive(Args)]
struct SettleArgs {
    /// Files of prints, as `jiaokan survey` wrote them
    #[arg(required = true)]
    prints: Vec<PathBuf>,
    /// The folder for a file of verdicts for each, and for the lexicon unless one is given
    #[arg(long)]
    to: PathBuf,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    means: MeansArgs,
    #[command(flatten)]
    show: Show,
}

/// Cleans a shard whose verdicts are known
#[derive(Args)]
struct Finish {
    /// The files of the shard, as they were surveyed
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Its prints
    #[arg(long)]
    prints: PathBuf,
    /// Its verdicts
    #[arg(long)]
    verdicts: PathBuf,
    /// The folder to write to, as `jiaokan clean` does
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    means: MeansArgs,
    #[command(flatten)]
    show: Show,
}

/// What is done to the text. The same for all passes over one input.
#[derive(Args)]
#[command(next_help_heading = "What is done")]
struct Rules {
    /// The script of the output; copies are found whatever their script
    #[arg(long, value_enum, default_value_t)]
    script: Target,
    /// How far the text is repaired: glosses, widths, doubled letters and whatever else `jiaokan rules` lists
    #[arg(long, value_enum, default_value_t)]
    repair: Repairing,
    /// How readily halves are joined
    #[arg(long, value_enum, default_value_t)]
    join: Boldness,
    /// What a record of clean.jsonl holds
    #[arg(long, value_enum, default_value_t)]
    split: Split,
    /// Whole documents that are copies of another, to the letter or nearly
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "drop")]
    duplicates: Level,
    /// Paragraphs that stand elsewhere, in other documents or on their own page, copies spliced into it among them
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "drop")]
    paragraphs: Level,
    /// Paragraphs that stand elsewhere with differences
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "mark")]
    near_paragraphs: Level,
    /// What recurs at the edges of many pages
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "drop")]
    furniture: Level,
    /// Passages that two documents merely share
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "mark")]
    passages: Level,
    /// Which of several copies stays
    #[arg(long, value_enum, value_name = "RULE", default_value_t)]
    keep: Keep,
    /// Documents share a cluster if the rarer shingles of the smaller stand in the other to this share
    #[arg(long, value_name = "SHARE", default_value_t = repeats::Options::default().cluster_from, value_parser = share)]
    cluster_from: f64,
    /// A document goes as a copy if this share of it stands in the one that stays
    #[arg(long, value_name = "SHARE", default_value_t = repeats::Options::default().duplicate_from, value_parser = share)]
    duplicate_from: f64,
    /// Paragraphs are near copies if they are alike to this share
    #[arg(long, value_name = "SHARE", default_value_t = repeats::Options::default().paragraph_from, value_parser = share)]
    paragraph_from: f64,
    /// The encoding of the input [default: UTF-8, or GB18030 or Big5 where that is clear]
    #[arg(long)]
    encoding: Option<String>,
    /// The field of a JSON record that holds its text
    #[arg(long, default_value = "text")]
    text_field: String,
    /// The field of a JSON record that holds its id
    #[arg(long, default_value = "id")]
    id_field: String,
}

/// What the run may use.
#[derive(Args)]
#[command(next_help_heading = "What it may use")]
struct MeansArgs {
    /// What the search for repeats may sort in memory, as 512MiB or 4GB; more goes to disk, with the same result
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = size)]
    memory: usize,
    /// A folder with the prints of earlier runs: what stood there stays, and its copies here go
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// A model of which characters follow which, as `jiaokan settle` writes it, instead of the one that the run teaches
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
}

#[derive(Args)]
#[command(next_help_heading = "How it goes about it")]
struct Show {
    /// Work on this many pages at a time [default: one a processor]
    #[arg(long)]
    threads: Option<usize>,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
    /// Say what each stage took
    #[arg(short, long)]
    verbose: bool,
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share goes from 0 to 1, as 0.8".into())
}

/// Bytes: a number with KB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024) behind it, or alone.
fn size(text: &str) -> Result<usize, String> {
    const UNITS: [(&str, f64); 9] = [
        ("KiB", 1024.0),
        ("MiB", 1_048_576.0),
        ("GiB", 1_073_741_824.0),
        ("TiB", 1_099_511_627_776.0),
        ("KB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("TB", 1e12),
        ("", 1.0),
    ];
    let split = |(unit, bytes): &(&str, f64)| {
        let number = text.to_ascii_lowercase();
        let number = number.strip_suffix(&unit.to_ascii_lowercase())?.trim().parse::<f64>().ok()?;
        (number > 0.0).then_some((number * bytes) as usize)
    };
    UNITS.iter().find_map(split).ok_or_else(|| "a size is a number with its unit, as 512MiB or 4GB".into())
}

impl Rules {
    fn config(&self) -> Config {
        Config {
            repair: self.repair,
            script: self.script,
            repeats: repeats::Options {
                duplicates: self.duplicates,
                paragraphs: self.paragraphs,
                near_paragraphs: self.near_paragraphs,
                furniture: self.furniture,
                passages: self.passages,
                keep: self.keep,
                cluster_from: self.cluster_from,
                duplicate_from: self.duplicate_from,
                paragraph_from: self.paragraph_from,
                consensus: self.repair != Repairing::Off,
            },
            rejoin: rejoin::Options { join: self.join, split: self.split },
            read: read::Options {
                encoding: self.encoding.clone(),
                text_field: self.text_field.clone(),
                id_field: self.id_field.clone(),
            },
        }
    }
}

impl MeansArgs {
    fn means(&self, prints: Option<&PathBuf>) -> Means {
        Means {
            memory: self.memory,
            prints: prints.cloned(),
            against: self.against.clone(),
            lexicon: self.lexicon.clone(),
        }
    }
}

impl Show {
    fn bar(&self) -> Result<Bar, Error> {
        if let Some(threads) = self.threads {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
            pool.map_err(|e| Error::Usage(format!("--threads {threads}: {e}")))?;
        }
        Ok(Bar::new(self.quiet))
    }
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
        Command::Report { dir } => report(&dir),
        Command::Lexicon(args) => learn(&args),
        Command::Rules => print(&rules()),
        Command::Survey(args) => survey(&args),
        Command::Settle(args) => settle(&args),
        Command::Finish(args) => finish(&args),
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
    let bar = args.show.bar()?;
    let inbox = Inbox::open(&args.paths, &args.out)?;
    let means = args.means.means(args.prints.as_ref());
    let report = pipeline::clean(&inbox.paths, &args.out, &args.rules.config(), &means, &bar, &STOP)?;
    Ok(told(&report, &args.out, bar, &args.show, args.strict))
}

fn report(dir: &Path) -> Result<ExitCode, Error> {
    anstream::eprintln!("{}", write::html::write_again(dir)?.display());
    Ok(ExitCode::SUCCESS)
}

fn learn(args: &Learn) -> Result<ExitCode, Error> {
    let bar = args.show.bar()?;
    pipeline::learn(&args.paths, &args.to, args.most, &args.rules.config(), &bar, &STOP)?;
    Ok(ExitCode::SUCCESS)
}

fn survey(args: &Survey) -> Result<ExitCode, Error> {
    let bar = args.show.bar()?;
    pipeline::survey_shard(&args.paths, &args.prints, &args.rules.config(), &bar, &STOP)?;
    Ok(ExitCode::SUCCESS)
}

fn settle(args: &SettleArgs) -> Result<ExitCode, Error> {
    let bar = args.show.bar()?;
    let means = args.means.means(None);
    pipeline::settle_shards(&args.prints, &args.to, &args.rules.config(), &means, &bar, &STOP)?;
    Ok(ExitCode::SUCCESS)
}

fn finish(args: &Finish) -> Result<ExitCode, Error> {
    let bar = args.show.bar()?;
    let (config, means) = (args.rules.config(), args.means.means(None));
    if means.lexicon.is_none() && config.rejoin.join != Boldness::Off {
        return Err(Error::Usage("finish needs the lexicon that settle wrote (--lexicon FILE), or --join off".into()));
    }
    let settled = [&args.prints, &args.verdicts].map(PathBuf::as_path);
    let report = pipeline::finish_shard(&args.paths, settled, &args.out, &config, &means, &bar, &STOP)?;
    Ok(told(&report, &args.out, bar, &args.show, false))
}

/// Tells what a run did, and says with which status it ends.
fn told(report: &Report, out: &Path, bar: Bar, show: &Show, strict: bool) -> ExitCode {
    bar.0.finish_and_clear();
    if !show.quiet {
        anstream::eprint!("{}", summary(report, out, show.verbose));
    }
    match (report.read.refused, report.written.documents) {
        (0, _) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(2),
        _ if strict => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
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
    let rules = RULES.iter().map(|rule| rule.name).chain(REPAIRS.iter().map(|repair| repair.name));
    let repairs: u64 = rules.chain([repeats::CONSENSUS]).map(places).sum();
    let are_passages = |name: &&str| ![repeats::DUPLICATE, repeats::CONSENSUS].contains(name);
    let repeats: u64 = METHODS.iter().map(|method| method.name).filter(are_passages).map(places).sum();
    let articles = if written.articles > 0 { format!(" in {} articles", written.articles) } else { String::new() };
    let mut text = format!(
        "read     {} documents, {:.1} MB, from {} files{}\n\
         kept     {} documents{articles}, {:.1} MB; {} dropped as copies\n\
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
    RULES.iter().for_each(|rule| list(&mut text, rule.name, rule.about, rule.examples));
    text += "\nRepairs ask the lexicon of the run, in this order:\n";
    for repair in &REPAIRS {
        list(&mut text, repair.name, repair.about, repair.examples);
        text += if repair.eager { "    only with --repair eager\n" } else { "" };
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

/// Adds a rule and its examples to a list.
fn list(text: &mut String, name: &str, about: &str, examples: &[(&str, &str)]) {
    *text += &format!("\n{name}\n  {about}\n");
    for (before, after) in examples {
        let (before, after) = (before.escape_debug(), after.escape_debug());
        *text += &if before.to_string() == after.to_string() {
            format!("    stays  {before}\n")
        } else {
            format!("    {before}\n      → {after}\n")
        };
    }
}

/// Prints text, in colour on a terminal. A closed pipe is no error.
fn print(text: &str) -> Result<ExitCode, Error> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output("standard output".into(), e)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

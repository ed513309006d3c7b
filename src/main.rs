//! Parse, run, report: the only place that starts things.

mod cli;

use clap::Parser;
use cli::args::{Clean, Cli, Command, Finish, Learn, SettleArgs, Show, Survey};
use cli::bar::Bar;
use cli::inbox::Inbox;
use cli::rules::rules;
use cli::summary::summary;
use jiaokan::rejoin::Boldness;
use jiaokan::report::Report;
use jiaokan::{Error, pipeline, write};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Threads that make and drop many small things wait for each other in the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

static STOP: AtomicBool = AtomicBool::new(false);

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

/// Sets the threads to work with, and gives the bar that shows how far they are.
fn bar(show: &Show) -> Result<Bar, Error> {
    if let Some(threads) = show.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.map_err(|e| Error::Usage(format!("--threads {threads}: {e}")))?;
    }
    Ok(Bar::new(show.quiet))
}

fn clean(args: &Clean) -> Result<ExitCode, Error> {
    let bar = bar(&args.show)?;
    let inbox = Inbox::open(&args.paths, &args.out)?;
    let means = args.means.means(args.prints.as_ref());
    let report = pipeline::clean(&inbox.paths, &args.out, &args.rules.config(), &means, &bar, &STOP)?;
    Ok(told(&report, &args.out, bar, &args.show, args.strict))
}

fn learn(args: &Learn) -> Result<ExitCode, Error> {
    let bar = bar(&args.show)?;
    pipeline::learn(&args.paths, &args.to, args.most, &args.rules.config(), &bar, &STOP)?;
    Ok(ExitCode::SUCCESS)
}

fn survey(args: &Survey) -> Result<ExitCode, Error> {
    let bar = bar(&args.show)?;
    pipeline::survey_shard(&args.paths, &args.prints, &args.rules.config(), &bar, &STOP)?;
    Ok(ExitCode::SUCCESS)
}

fn settle(args: &SettleArgs) -> Result<ExitCode, Error> {
    let bar = bar(&args.show)?;
    let means = args.means.means(None);
    pipeline::settle_shards(&args.prints, &args.to, &args.rules.config(), &means, &bar, &STOP)?;
    Ok(ExitCode::SUCCESS)
}

fn finish(args: &Finish) -> Result<ExitCode, Error> {
    let bar = bar(&args.show)?;
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
    bar.clear();
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

fn undo(dir: &Path, to: &Path) -> Result<ExitCode, Error> {
    let undone = write::undo::undo(dir, to)?;
    anstream::eprintln!("{} files with {} documents written to {}", undone.files, undone.documents, to.display());
    for path in &undone.refused {
        anstream::eprintln!("not given back, as it was refused: {path}");
    }
    Ok(if undone.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Prints text, in colour on a terminal. A closed pipe is no error.
fn print(text: &str) -> Result<ExitCode, Error> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output("standard output".into(), e)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

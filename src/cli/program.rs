//! Parse, run, report: what the program does.

use super::advice::{way_out, with_nearest};
use super::args::{
    self, CleanArgs, Cli, Command, Depfile, Explain, Finish, Learn, SettleArgs, Show, SurveyArgs,
    Tell,
};
use super::bar::Bar;
use super::depfile::MakeRule;
use super::in_force::{for_make, in_force};
use super::inbox::Inbox;
use super::rules::rules;
use super::settings::{self, Parsed, Stop};
use super::summary::summary;
use crate::rejoin::Boldness;
use crate::report::Report;
use crate::write::files::REPORT;
use crate::{Error, read, report, run, write};
use clap::{ArgMatches, FromArgMatches};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// The program, from its arguments to its exit status.
pub fn main() -> ExitCode {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !read::is_guarded(panic) {
            usual(panic)
        }
    }));
    // a second Ctrl-C ends the program at once
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    match start() {
        Ok(status) => status,
        Err(Stop::Parser(error)) => with_nearest(error, &args::command()).exit(),
        Err(Stop::Settings(error)) => {
            anstream::eprintln!("jiaokan: {error}");
            way_out(&error)
                .into_iter()
                .for_each(|way| anstream::eprintln!("  {way}"));
            ExitCode::from(if matches!(error, Error::Interrupted) {
                130
            } else {
                2
            })
        }
    }
}

fn start() -> Result<ExitCode, Stop> {
    let words: Vec<_> = std::env::args_os().collect();
    let environment: Vec<_> = std::env::vars_os()
        .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
        .collect();
    let parsed = settings::parse(args::command(), &words, &environment)?;
    if let Some(("config", matches)) = parsed.matches.subcommand() {
        return Ok(print(&config(matches, &parsed))?);
    }
    Ok(match Cli::from_arg_matches(&parsed.matches)?.command {
        Command::Clean(args) => clean(&args, parsed.file),
        Command::Undo { dir, to, .. } => undo(&dir, &to),
        Command::Explain(args) => explain(&args),
        Command::Report { dir } => report_again(&dir),
        Command::Lexicon(args) => learn(&args),
        Command::Rules => print(&rules()),
        Command::Completions { shell } => completions(shell),
        Command::Man { to } => man(to.as_deref()),
        Command::Survey(args) => survey(&args, parsed.file),
        Command::Settle(args) => settle(&args),
        Command::Finish(args) => finish(&args, parsed.file),
    }?)
}

/// The settings in force, for people or for make.
fn config(matches: &ArgMatches, parsed: &Parsed) -> String {
    let command = args::command();
    let config = command.find_subcommand("config");
    let config = config.expect("it was parsed");
    match matches.get_one(args::FOR_MAKE) == Some(&true) {
        true => for_make(config, matches),
        false => in_force(config, matches, parsed),
    }
}

/// Does a run in a pool of as many threads as were asked for, and shows how far it is.
fn run<T: Send>(
    show: &Show,
    work: impl FnOnce(&Bar) -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let threads = show.threads.map_or(0, |asked| sensible(asked, show.quiet));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::Usage(format!("--threads {threads}: {e}")))?;
    let bar = Bar::new(show.quiet);
    let done = pool.install(|| work(&bar));
    bar.clear();
    done
}

/// As many threads as were asked for, or what makes sense on this machine: all of them work on pages, none waits for a disk
/// or a network, and each holds pages of its own.
fn sensible(asked: usize, quiet: bool) -> usize {
    const MOST_A_PROCESSOR: usize = 4;
    let processors = std::thread::available_parallelism().map_or(1, |count| count.get());
    let most = processors * MOST_A_PROCESSOR;
    if asked > most && !quiet {
        anstream::eprintln!(
            "--threads {asked} is more than can help on {processors} processors: working with {most}"
        );
    }
    asked.min(most)
}

/// The rule for make, if one is asked for: it also names the files of settings, lexicon and prints.
fn rule<'a>(
    asked: &'a Depfile,
    target: &Path,
    paths: &[PathBuf],
    others: impl IntoIterator<Item = Option<PathBuf>>,
) -> Result<Option<MakeRule<'a>>, Error> {
    let Some(depfile) = &asked.depfile else {
        return Ok(None);
    };
    MakeRule::new(depfile, target, paths, others.into_iter().flatten()).map(Some)
}

fn clean(args: &CleanArgs, settings: Option<PathBuf>) -> Result<ExitCode, Error> {
    let means = args.means.means(args.prints.as_ref());
    let others = [
        settings,
        means.lexicon.clone(),
        means.against.clone(),
        args.files_from.clone(),
    ];
    let inbox = Inbox::open(&args.paths, args.files_from.as_deref(), &args.out)?;
    let target = args.out.join(REPORT);
    let rule = rule(&args.tell.depfile, &target, &inbox.lasting(), others)?;
    let settings = args.rules.settings();
    let report = run(&args.show, |bar| {
        run::clean(&inbox.paths, &args.out, &settings, &means, bar, &STOP)
    })?;
    rule.map_or(Ok(()), |rule| rule.write())?;
    report_done(&report, &args.out, &args.show, &args.tell, args.strict)
}

fn report_again(dir: &Path) -> Result<ExitCode, Error> {
    anstream::eprintln!("{}", report::html::write_again(dir)?.display());
    Ok(ExitCode::SUCCESS)
}

fn learn(args: &Learn) -> Result<ExitCode, Error> {
    let settings = args.rules.settings();
    run(&args.show, |bar| {
        run::learn(&args.paths, &args.to, args.most, &settings, bar, &STOP)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn survey(args: &SurveyArgs, settings: Option<PathBuf>) -> Result<ExitCode, Error> {
    let rule = rule(&args.depfile, &args.prints, &args.paths, [settings])?;
    let settings = args.rules.settings();
    run(&args.show, |bar| {
        run::survey_shard(&args.paths, &args.prints, &settings, bar, &STOP)
    })?;
    rule.map_or(Ok(()), |rule| rule.write())?;
    Ok(ExitCode::SUCCESS)
}

fn settle(args: &SettleArgs) -> Result<ExitCode, Error> {
    let (settings, means) = (args.rules.settings(), args.means.means(None));
    run(&args.show, |bar| {
        run::settle_shards(&args.prints, &args.to, &settings, &means, bar, &STOP)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn finish(args: &Finish, file: Option<PathBuf>) -> Result<ExitCode, Error> {
    let settings = args.rules.settings();
    let means = args.means.means(None);
    if means.lexicon.is_none() && settings.rejoin.join != Boldness::Off {
        return Err(Error::Usage(
            "finish needs the lexicon that settle wrote (--lexicon FILE), or --join off".into(),
        ));
    }
    let others = [
        file,
        means.lexicon.clone(),
        Some(args.prints.clone()),
        Some(args.verdicts.clone()),
    ];
    let target = args.out.join(REPORT);
    let rule = rule(&args.tell.depfile, &target, &args.paths, others)?;
    let settled = run::Settled {
        prints: &args.prints,
        verdicts: &args.verdicts,
    };
    let report = run(&args.show, |bar| {
        run::finish_shard(
            &args.paths,
            settled,
            &args.out,
            &settings,
            &means,
            bar,
            &STOP,
        )
    })?;
    rule.map_or(Ok(()), |rule| rule.write())?;
    report_done(&report, &args.out, &args.show, &args.tell, false)
}

/// Prints what a run did, and returns the exit status.
fn report_done(
    report: &Report,
    out: &Path,
    show: &Show,
    tell: &Tell,
    strict: bool,
) -> Result<ExitCode, Error> {
    if tell.json {
        let path = out.join(REPORT);
        let json = std::fs::read_to_string(&path).map_err(|e| Error::read(&path, e))?;
        print(&json)?;
    }
    if !show.quiet {
        anstream::eprint!("{}", summary(report, out, show.verbose));
    }
    Ok(match (report.read.refused, report.written.documents) {
        (0, _) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(2),
        _ if strict => ExitCode::from(2),
        _ => ExitCode::from(1),
    })
}

fn undo(dir: &Path, to: &Path) -> Result<ExitCode, Error> {
    let undone = write::undo::undo(dir, to)?;
    anstream::eprintln!(
        "{} files with {} documents written to {}",
        undone.files,
        undone.documents,
        to.display()
    );
    for path in &undone.refused {
        anstream::eprintln!("not given back, as it was refused: {path}");
    }
    Ok(if undone.refused.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn explain(args: &Explain) -> Result<ExitCode, Error> {
    let context = (!args.whole).then_some(args.context);
    print(&super::explain::explain(&args.dir, &args.id, context)?)
}

fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Error> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "jiaokan", &mut text);
    print(&String::from_utf8_lossy(&text))
}

fn man(to: Option<&Path>) -> Result<ExitCode, Error> {
    if let Some(folder) = to {
        let fail = |e| Error::Output(folder.to_path_buf(), e);
        std::fs::create_dir_all(folder).map_err(fail)?;
        clap_mangen::generate_to(args::command(), folder).map_err(fail)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(args::command()).render(&mut text);
    rendered.map_err(|e| Error::Output("standard output".into(), e))?;
    print(&String::from_utf8_lossy(&text))
}

/// Prints text, in colour on a terminal. A closed pipe is no error.
fn print(text: &str) -> Result<ExitCode, Error> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Output("standard output".into(), e))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

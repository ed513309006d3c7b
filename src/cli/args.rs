//! The options of the command line. Those that change the output are built from `SETTINGS`; all others stand here. Help,
//! completions, man pages, `jiaokan.toml` and the environment know them from here.

use crate::page::cause::Without;
use crate::run::Means;
use crate::settings::presets::{ONCE_AUTO, PRESETS, Preset};
use crate::settings::{SETTINGS, Setting, Takes, share, size};
use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::path::PathBuf;

/// Cleans text that OCR and layout extraction left: repairs it, drops duplicates, and rejoins broken
/// sentences. Every change is explained and can be undone.
#[derive(Parser)]
#[command(version, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "Exit status: 0 done; 1 done, but some documents were refused (DIR/rejected.jsonl says which and why);\n\
    2 wrong usage, or nothing written; 130 interrupted.";

/// The heading of the options that change nothing in the output.
pub(super) const SHOW: &str = "How it goes about it";

/// The flag that only `jiaokan config` has.
pub(super) const FOR_MAKE: &str = "for-make";

/// The command with its sub-commands, and `config`, which takes all that `clean` takes and needs nothing.
pub(super) fn command() -> clap::Command {
    let config = CleanArgs::augment_args(clap::Command::new("config")).mut_args(|arg| {
        let positional = arg.is_positional();
        arg.required(false).hide(positional)
    });
    let for_make = Arg::new(FOR_MAKE)
        .long(FOR_MAKE)
        .action(ArgAction::SetTrue)
        .help("Print only what may change the output, without where it comes from, for make to compare");
    let config = config.arg(for_make);
    let about =
        "Print the settings that are in force, as a jiaokan.toml, and where each comes from";
    Cli::command().subcommand(config.about(about).after_help(SETTINGS_HELP))
}

const COMPLETIONS_HELP: &str = "\
bash: jiaokan completions bash >~/.local/share/bash-completion/completions/jiaokan
zsh:  jiaokan completions zsh >~/.zfunc/_jiaokan, where fpath holds ~/.zfunc
fish: jiaokan completions fish >~/.config/fish/completions/jiaokan.fish";

const SETTINGS_HELP: &str = "\
Every option may be set in jiaokan.toml in the current folder (or --config FILE; --config none for none), by its name \
without the dashes, and in the environment, in capitals after JIAOKAN_:

  near-paragraphs = \"drop\"
  JIAOKAN_NEAR_PARAGRAPHS=drop
  --near-paragraphs drop

A flag overrides the environment, which overrides the file, then the preset, then the default. Options \
without a value are true or false: quiet = true, JIAOKAN_QUIET=true, --quiet or --quiet=false.

The options of `clean` hold for all commands that have them. Those that only another command has go below its name: \
[lexicon] and in the next line most = 100000.

Unknown names in the file are refused. Paths start from the current folder, as on the command line.";

#[derive(Subcommand)]
pub(super) enum Command {
    /// Clean files and folders into a folder
    Clean(CleanArgs),
    /// Write the sources of an output folder again, byte for byte
    Undo {
        /// A folder that `jiaokan clean` wrote
        dir: PathBuf,
        /// The folder to write the sources to
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Show one page with its changes, their causes and their evidence
    Explain(Explain),
    /// Write DIR/report.html again, from DIR/report.json alone
    Report {
        /// A folder that `jiaokan clean` wrote
        dir: PathBuf,
    },
    /// Learn from a corpus which characters follow which, for `clean --lexicon` on runs too small to teach
    Lexicon(Learn),
    /// List the rules, methods, formats and presets, with examples
    Rules,
    /// Write what a shell completes on the tab key
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell to write for
        shell: clap_complete::Shell,
    },
    /// Write the manual page, or those of all commands into a folder
    Man {
        /// The folder for jiaokan.1, jiaokan-clean.1 and so on
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    // the three passes over shards, for make, job arrays and engines
    #[command(hide = true)]
    Survey(SurveyArgs),
    #[command(hide = true)]
    Settle(SettleArgs),
    #[command(hide = true)]
    Finish(Finish),
}

#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct CleanArgs {
    /// Files, folders, and globs in quotation marks; - is standard input. `jiaokan rules` lists the formats
    pub paths: Vec<PathBuf>,
    /// Clean also the files and folders that this file lists, a path a line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The folder for clean.jsonl, changes.jsonl, clusters.jsonl, pairs.jsonl, rejected.jsonl, sources.jsonl, report.json
    /// and report.html
    #[arg(long, value_parser = folder())]
    pub out: PathBuf,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub means: MeansArgs,
    /// Keep the prints of each input file in this folder, and use those that are there: what has not changed is not
    /// surveyed again
    #[arg(long, value_name = "DIR")]
    pub prints: Option<PathBuf>,
    #[command(flatten)]
    pub show: Show,
    #[command(flatten)]
    pub tell: Tell,
    /// Exit with 2 instead of 1 if a document was refused
    #[arg(long)]
    pub strict: bool,
}

#[derive(Args)]
pub(super) struct Explain {
    /// A folder that `jiaokan clean` wrote
    pub dir: PathBuf,
    /// The id of a document, or of one of its articles
    pub id: String,
    /// Show this many lines around each change, and fold the rest
    #[arg(long, value_name = "LINES", default_value_t = 3)]
    pub context: usize,
    /// Show the whole page
    #[arg(long)]
    pub whole: bool,
    #[command(flatten)]
    pub settings: ConfigArgs,
}

#[derive(Args)]
pub(super) struct Learn {
    /// Files and folders of clean text of the kind that is to be cleaned; 30 MB teach most
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The file to write
    #[arg(long)]
    pub to: PathBuf,
    /// Keep at most this many n-grams, the most telling ones
    #[arg(long, value_name = "N")]
    pub most: Option<usize>,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub show: Show,
}

/// Surveys a shard into a file of prints
#[derive(Args)]
pub(super) struct SurveyArgs {
    /// The files of the shard
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The file of prints to write
    #[arg(long)]
    pub prints: PathBuf,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub show: Show,
    #[command(flatten)]
    pub depfile: Depfile,
}

/// Settles the prints of all shards
#[derive(Args)]
pub(super) struct SettleArgs {
    /// Files of prints, as `jiaokan survey` wrote them
    #[arg(required = true)]
    pub prints: Vec<PathBuf>,
    /// The folder for a file of verdicts for each, and for the lexicon unless one is given
    #[arg(long)]
    pub to: PathBuf,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub means: MeansArgs,
    #[command(flatten)]
    pub show: Show,
}

/// Cleans a shard whose verdicts are known
#[derive(Args)]
pub(super) struct Finish {
    /// The files of the shard, as they were surveyed
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Its prints
    #[arg(long)]
    pub prints: PathBuf,
    /// Its verdicts
    #[arg(long)]
    pub verdicts: PathBuf,
    /// The folder to write to, as `jiaokan clean` does
    #[arg(long, value_parser = folder())]
    pub out: PathBuf,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub means: MeansArgs,
    #[command(flatten)]
    pub show: Show,
    #[command(flatten)]
    pub tell: Tell,
}

/// What changes the output. The same for all passes over one input.
#[derive(Args)]
#[command(next_help_heading = "What is done")]
pub(super) struct Rules {
    /// Settings for a kind of text, which `jiaokan rules` lists; options that are set override them
    #[arg(long, value_name = "KIND", default_value = PRESETS[0].name, value_parser = presets())]
    #[allow(dead_code)] // settings.rs has read it
    pub preset: String,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// The settings of the library (`SETTINGS`) as options.
pub(super) struct Chosen(crate::Settings);

/// What a run is given besides its input.
#[derive(Args)]
#[command(next_help_heading = "Resources")]
pub(super) struct MeansArgs {
    /// Memory for sorting in the search for repeats, for example 512MiB or 4GB; the rest goes to disk, with the same result
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = size)]
    pub memory: usize,
    /// A folder with the prints of earlier runs: their documents stay, and copies of them in this run go
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// A model of which characters follow which, as `jiaokan settle` writes it, instead of the one that the run teaches
    #[arg(long, value_name = "FILE")]
    pub lexicon: Option<PathBuf>,
}

#[derive(Args)]
#[command(next_help_heading = SHOW)]
pub(super) struct Show {
    /// Work on this many pages at a time [default: one a processor]
    #[arg(long, value_parser = threads)]
    pub threads: Option<usize>,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Say what each stage took
    #[arg(short, long)]
    pub verbose: bool,
    #[command(flatten)]
    pub settings: ConfigArgs,
}

/// What a run tells programs.
#[derive(Args)]
#[command(next_help_heading = SHOW)]
pub(super) struct Tell {
    /// Also write report.json to standard output
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub depfile: Depfile,
}

#[derive(Args)]
#[command(next_help_heading = SHOW)]
pub(super) struct Depfile {
    /// Write a rule for make: what was written, and the files that it was made from
    #[arg(long, value_name = "FILE")]
    pub depfile: Option<PathBuf>,
}

/// Where else options are set; `settings` has read these before all others.
#[derive(Args)]
#[command(next_help_heading = SHOW)]
#[allow(dead_code)]
pub(super) struct ConfigArgs {
    /// The file of settings, or none [default: jiaokan.toml, if there is one]; see `jiaokan config --help`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Take no file of settings
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,
}

fn presets() -> PossibleValuesParser {
    let value = |name: &'static str| match name == PRESETS[0].name {
        true => PossibleValue::new(name).alias(ONCE_AUTO),
        false => PossibleValue::new(name),
    };
    PossibleValuesParser::new(Preset::names().map(value))
}

/// A folder for output: it is several files, so standard output cannot be one.
fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.as_os_str() == "-" {
        true => Err("the output is several files: name a folder (clean.jsonl in it has the text)"),
        false => Ok(path),
    })
}

/// A number of threads.
fn threads(text: &str) -> Result<usize, String> {
    let threads = text.parse().ok().filter(|threads| *threads > 0);
    threads.ok_or_else(|| "it is a whole number, 1 or more".into())
}

impl Rules {
    pub(super) fn settings(&self) -> crate::Settings {
        self.chosen.0.clone()
    }
}

impl Args for Chosen {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.args(SETTINGS.iter().map(option))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Chosen::augment_args(command)
    }
}

impl FromArgMatches for Chosen {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut chosen = Chosen(crate::Settings::default());
        chosen.update_from_arg_matches(matches)?;
        Ok(chosen)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let Chosen(settings) = self;
        for setting in SETTINGS {
            let values = matches.get_raw(setting.name).into_iter().flatten();
            let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            if !values.is_empty() {
                let set = setting.set(settings, &values.join(","));
                set.map_err(|why| clap::Error::raw(ErrorKind::ValueValidation, why))?;
            }
        }
        settings.switch_off(settings.without);
        Ok(())
    }
}

/// The option of a setting.
fn option(setting: &Setting) -> Arg {
    let arg = Arg::new(setting.name)
        .long(setting.name)
        .help(setting.about)
        .help_heading(setting.heading);
    let default = &mut crate::Settings::default();
    match setting.takes {
        Takes::Choice(place) => {
            let chosen = place(default);
            let values = chosen.names().into_iter().map(possible_value);
            arg.value_parser(PossibleValuesParser::new(values))
                .default_value(chosen.chosen())
        }
        Takes::Causes(_) => arg
            .value_parser(PossibleValuesParser::new(Without::names()))
            .hide_possible_values(true)
            .value_delimiter(',')
            .action(ArgAction::Append),
        Takes::Share(place) => arg
            .value_parser(share)
            .default_value(place(default).to_string()),
        Takes::Size(_) => arg.value_parser(size),
        Takes::Flag(_) => arg
            .value_parser(clap::value_parser!(bool))
            .action(ArgAction::SetTrue),
        Takes::Text(place) => arg.default_value(place(default).clone()),
        Takes::AnyText(_) => arg,
    }
    .value_name(setting.value_name)
}

/// A value that an option may have, and what help says about it, if anything.
fn possible_value([name, about]: [&'static str; 2]) -> PossibleValue {
    let value = PossibleValue::new(name);
    match about {
        "" => value,
        about => value.help(about),
    }
}

impl MeansArgs {
    pub(super) fn means(&self, prints: Option<&PathBuf>) -> Means {
        Means {
            memory: self.memory,
            prints: prints.cloned(),
            against: self.against.clone(),
            lexicon: self.lexicon.clone(),
        }
    }
}

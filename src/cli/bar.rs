//! The only progress bar.

use indicatif::{ProgressBar, ProgressStyle};
use jiaokan::read::Refused;
use jiaokan::run::Watch;
use std::io::IsTerminal;

/// A progress bar on a terminal; quiet anywhere else.
pub struct Bar(ProgressBar);

impl Bar {
    pub fn new(quiet: bool) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(0)
        };
        let style =
            "{msg:8} {bar:30} {percent:>3} %  {prefix} documents  {bytes_per_sec}  {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("a template that was tried"));
        Bar(bar)
    }

    pub fn clear(self) {
        self.0.finish_and_clear();
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

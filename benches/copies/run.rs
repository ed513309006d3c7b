//! Runs jiaokan over the planted input, and says what that took.

use crate::cpu::cpu_seconds;
use serde::Serialize;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a run took.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Took {
    pub wall_seconds: f64,
    pub cpu_seconds: f64,
    /// Memory at the peak, where /proc tells it.
    pub peak_mb: f64,
}

/// `BIN clean INPUT --out DIR FLAGS`.
pub(crate) fn clean(bin: &str, flags: &[&str], input: &Path, out: &Path) -> Took {
    let (began, cpu) = (Instant::now(), cpu_seconds(libc::RUSAGE_CHILDREN));
    let mut child = Command::new(bin)
        .args(["clean", "--quiet"])
        .arg(input)
        .arg("--out")
        .arg(out)
        .args(flags)
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| panic!("{bin}: {e}"));
    let (status, peak_mb) = wait(&mut child);
    assert!(
        status.success(),
        "{bin} clean {}: {status}",
        input.display()
    );
    Took {
        wall_seconds: began.elapsed().as_secs_f64(),
        cpu_seconds: cpu_seconds(libc::RUSAGE_CHILDREN) - cpu,
        peak_mb,
    }
}

/// Waits for a child and watches its memory. Its `ru_maxrss` would not do: it counts what this process held when the
/// child began.
fn wait(child: &mut Child) -> (ExitStatus, f64) {
    let mut peak_mb = 0.0;
    loop {
        peak_mb = peak_so_far(child.id()).unwrap_or(peak_mb);
        if let Some(status) = child
            .try_wait()
            .expect("the child is not waited for elsewhere")
        {
            return (status, peak_mb);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// MB, until the child has ended.
fn peak_so_far(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .trim()
        .strip_suffix(" kB")?;
    Some(kib.parse::<f64>().ok()? * 1024.0 / 1e6)
}

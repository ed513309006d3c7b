//! Catches panics of libraries that damaged data may cause.

use std::cell::Cell;
#[cfg(feature = "parquet")]
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught and becomes a refusal, so that it need not be reported.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// The result of the work, or the panic as an error. The parquet crate is known to panic on damaged files (arrow-rs issue 9742).
#[cfg(feature = "parquet")]
pub(super) fn guarded<T, E: std::fmt::Display>(
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    match done {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err("its bytes are damaged".into()),
    }
}

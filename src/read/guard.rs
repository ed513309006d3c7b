//! Holds panics of libraries that damaged data may make panic.

use std::cell::Cell;
#[cfg(feature = "parquet")]
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is held and becomes a refusal: nothing to tell of.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// What the work gives. The parquet crate is known to panic on damaged files (arrow-rs issue 9742).
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

//! Catches panics, so that what panicked is refused and all else goes on: of libraries that damaged data may cause, and our
//! own in the middle of a page.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// The line of the program where the last panic was, if a hook said so.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// For the program's panic hook: whether a panic is caught and becomes a refusal, so that it need not be reported. Where
/// it was is kept for the refusal.
pub fn is_guarded(panic: &PanicHookInfo) -> bool {
    PLACE.set(panic.location().map(ToString::to_string));
    GUARDED.get()
}

/// The result of the work, or what a panic in it said, and where it was if that is known.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.map_err(|panic| match PLACE.take() {
        Some(place) => format!("{} ({place})", said(&*panic)),
        None => said(&*panic).into(),
    })
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason was given")
}

/// The result of work on a file's bytes. The parquet crate is known to panic on damaged files (arrow-rs issue 9742).
#[cfg(feature = "parquet")]
pub(super) fn guarded_from_damage<T, E: std::fmt::Display>(
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    match guarded(work) {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err("its bytes are damaged".into()),
    }
}

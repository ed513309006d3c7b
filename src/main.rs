//! The program: `jiaokan::cli` with an allocator of its own.

use std::process::ExitCode;

/// Threads that make and drop many small things wait for each other in the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    jiaokan::cli::main()
}

//! CPU seconds, for the benchmarks that say what a thing costs on a machine that others use too.

/// User and system time so far, of `libc::RUSAGE_SELF` or of all ended `libc::RUSAGE_CHILDREN`.
pub(crate) fn cpu_seconds(who: libc::c_int) -> f64 {
    // SAFETY: `rusage` is plain numbers, for which zero is a value, and getrusage writes to nothing else
    let usage = unsafe {
        let mut usage = std::mem::zeroed::<libc::rusage>();
        libc::getrusage(who, &mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

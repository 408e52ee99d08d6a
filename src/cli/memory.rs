//! How the program's allocator treats memory that was freed.

use std::ffi::{c_int, c_long};

/// `mi_option_purge_delay`, for which the package has no name: after how many milliseconds freed memory is given back.
const PURGE_DELAY: c_int = 15;
/// A build ends soon, and a preview needs the same memory for the next edit: with the allocator's own 10 ms the system clears it anew
/// each time, and an edit among 10,000 posts takes 50 ms instead of 46.
const NEVER: c_long = -1;

/// Has mimalloc keep freed memory until the process ends.
///
/// # Safety
///
/// No other thread may run yet: it could read the option meanwhile.
pub unsafe fn keep_freed() {
    // SAFETY: it sets a number in the allocator's table of options, which the caller says nobody else reads.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, NEVER) };
}

#[cfg(test)]
mod tests {
    use super::PURGE_DELAY;

    #[test]
    fn the_option_is_the_one_that_is_meant() {
        // SAFETY: it reads a number from the allocator's table of options.
        let usual = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(usual, 10, "the allocator has other options than this number was taken from");
    }
}

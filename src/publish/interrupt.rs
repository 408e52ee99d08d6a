//! Ctrl-C and TERM while a site is published: the work stops at the next file and what was begun is cleaned away.
//! At any other time they end the program as usual, and so does a second one: a template may go on for ever, and killing
//! a publish leaves nothing that the next one does not put right.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::failure::{Failure, Why};

static IDLE: AtomicBool = AtomicBool::new(true);
/// Whether the next signal ends the program.
static AGAIN: AtomicBool = AtomicBool::new(false);
/// The number of the signal; 0 for none.
static CAUGHT: AtomicUsize = AtomicUsize::new(0);
static HOLDERS: AtomicUsize = AtomicUsize::new(0);

/// As long as it lives, signals are noted instead of followed. One that nobody asked for is followed at its end.
pub struct Interrupts {
    reported: AtomicBool,
}

/// For a program that is the first of a container: the system follows no signal there that nobody catches, and so nothing could end a
/// `serve` or `watch` but force.
pub fn follow_as_first() {
    if is_first() {
        install();
    }
}

fn is_first() -> bool {
    std::process::id() == 1
}

fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        use signal_hook::consts::{SIGINT, SIGTERM};
        for signal in [SIGINT, SIGTERM] {
            // The first process does not die of a signal: it ends with the number that a shell gives to one that did.
            let follow = |when: &'static AtomicBool| match is_first() {
                true => signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, when),
                false => signal_hook::flag::register_conditional_default(signal, when),
            };
            // Where they cannot be caught, they end the program; the next run cleans up. What is registered runs in this order.
            let noted = follow(&IDLE)
                .and_then(|_| follow(&AGAIN))
                .and_then(|_| signal_hook::flag::register(signal, &AGAIN))
                .and_then(|_| signal_hook::flag::register_usize(signal, &CAUGHT, signal as usize));
            debug_assert!(noted.is_ok(), "{noted:?}");
        }
    });
}

pub fn hold() -> Interrupts {
    install();
    if HOLDERS.fetch_add(1, Ordering::SeqCst) == 0 {
        CAUGHT.store(0, Ordering::SeqCst);
        AGAIN.store(false, Ordering::SeqCst);
    }
    IDLE.store(false, Ordering::SeqCst);
    Interrupts { reported: AtomicBool::new(false) }
}

impl Interrupts {
    /// An error from the moment on when a signal came.
    pub fn check(&self) -> Result<(), Failure> {
        let signal = CAUGHT.load(Ordering::Relaxed);
        if signal == 0 {
            return Ok(());
        }
        self.reported.store(true, Ordering::Relaxed);
        Err(Failure::new("publish the site", Why::Interrupted(signal as i32))
            .help("the output is as it was, and nothing is left to clean up"))
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        if HOLDERS.fetch_sub(1, Ordering::SeqCst) != 1 {
            return;
        }
        IDLE.store(true, Ordering::SeqCst);
        let signal = CAUGHT.load(Ordering::SeqCst);
        if signal != 0 && !self.reported.load(Ordering::Relaxed) {
            let _ = signal_hook::low_level::raise(signal as i32);
        }
    }
}

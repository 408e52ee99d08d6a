//! A bar for builds that take their time.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::outputs::{Make, Output};

/// A bar on the standard error that appears after a second, and goes away when it is dropped.
pub struct Progress {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// One that never appears unless `wanted`.
    pub fn new(wanted: bool) -> Progress {
        let bar = ProgressBar::hidden();
        let waiting = wanted.then(|| appear_after(Duration::from_secs(1), bar.clone()));
        Progress { bar, waiting }
    }

    /// What is being done now.
    pub fn step(&self, words: &'static str) {
        self.draw_as("{msg} {elapsed}");
        self.bar.set_message(words);
    }

    /// Counts the files as they are made.
    pub fn count(&self, outputs: Vec<Output>) -> Vec<Output> {
        if self.waiting.is_none() {
            return outputs;
        }
        self.bar.set_length(outputs.len() as u64);
        self.draw_as("{msg} {wide_bar} {pos}/{len} files {elapsed}");
        outputs.into_iter().map(|output| self.counted(output)).collect()
    }

    fn draw_as(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }

    fn counted(&self, output: Output) -> Output {
        match output.make {
            Make::Ready(_) => {
                self.bar.inc(1);
                output
            }
            Make::Later(make) => {
                let bar = self.bar.clone();
                Output::page(output.path, move |plan, theme| {
                    let bytes = make(plan, theme);
                    bar.inc(1);
                    bytes
                })
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.waiting.take() {
            drop(stop);
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// A thread that shows the bar when the time has come, unless the sender was dropped before.
fn appear_after(wait: Duration, bar: ProgressBar) -> (Sender<()>, JoinHandle<()>) {
    let (sender, receiver) = channel();
    let thread = std::thread::spawn(move || {
        if receiver.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(200));
        }
    });
    (sender, thread)
}

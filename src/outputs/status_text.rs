//! `/status.txt`: the present for a terminal, in less than 2 kB however large the site is.
//!
//! In: the site at its moment. Out: plain text in the site's language: when it was built, what is wrong, what is planned, the
//! table. What does not fit is counted, the worst first stays. No line holds a control character.

use super::{Output, OutputKind};
use crate::model::characters::is_bidi_control;
use crate::model::plain::shorten;
use crate::model::{Event, ServerIx, Site, Standing, ThreadIx};
use crate::plan::Plan;
use crate::theme::Theme;
use crate::words::Words;

pub const KIND: OutputKind = OutputKind { addresses: "`/status.txt`", about: "The present status as plain text, for a terminal", list };

/// Bytes, the last newline included.
pub const LIMIT: usize = 2000;

const TITLE_LENGTH: usize = 60;
const NAME_LENGTH: usize = 24;
/// Events of each sort; the others are counted.
const EVENTS: usize = 3;

fn list(_plan: &Plan, _theme: &Theme) -> Vec<Output> {
    vec![Output::made("status.txt", text)]
}

/// The whole file.
pub fn text(Plan { site, words, .. }: &Plan) -> String {
    let mut text = Text::default();
    text.line(&shorten(&site.config.title, TITLE_LENGTH));
    text.line(&shorten(&site.base().home(), 2 * TITLE_LENGTH));
    text.line(&words.fill("footer.built", &[("time", &words.date_time(site.now))]));
    text.line("");
    text.line(words.headline(site.glance.headline));
    events(&mut text, site, words, "front.active", &site.glance.active);
    events(&mut text, site, words, "front.planned", &site.glance.planned);
    servers(&mut text, site, words);
    text.text
}

/// A heading and the first events below it; nothing where there are none.
fn events(text: &mut Text, site: &Site, words: &Words, heading: &str, threads: &[ThreadIx]) {
    if threads.is_empty() {
        return;
    }
    text.line("");
    text.line(words.text(heading));
    for thread in threads.iter().take(EVENTS).map(|thread| &site.threads[*thread]) {
        let Some(event) = &thread.event else { continue };
        let first = site.title_post(thread);
        text.line(&format!("  {}", shorten(&first.title, TITLE_LENGTH)));
        text.line(&format!("    {}", event_line(words, event)));
        if event.phase.is_active() {
            text.line(&format!("    {}", site.base().absolute(&first.address)));
        }
    }
    more(text, threads.len().saturating_sub(EVENTS));
}

/// `In progress: 4 May 2026, 19:00–19:30 UTC`
fn event_line(words: &Words, event: &Event) -> String {
    words.labelled(words.phase(event.phase), &words.window(event.start, event.end))
}

/// The table: all servers where they fit, else those that are not as they should be, as many as fit; the others are counted.
fn servers(text: &mut Text, site: &Site, words: &Words) {
    let shown: Vec<ServerIx> = (0..site.servers.len()).filter(|server| site.servers[*server].standing != Standing::Retired).collect();
    let rows: Vec<String> = shown.iter().map(|server| row(site, words, *server)).collect();
    text.line("");
    text.line(words.text("front.glance"));
    let whole: usize = rows.iter().map(|row| row.len() + 1).sum();
    let (fitting, left): (Vec<usize>, usize) = if whole <= text.room() {
        ((0..rows.len()).collect(), 0)
    } else {
        let mut worst_first: Vec<usize> = (0..rows.len()).collect();
        worst_first.sort_by_key(|ix| std::cmp::Reverse(site.glance.servers[shown[*ix]].status.impact()));
        let mut room = text.room().saturating_sub(MORE_LENGTH);
        let mut fitting: Vec<usize> = worst_first
            .into_iter()
            .take_while(|ix| {
                let fits = rows[*ix].len() < room;
                room = room.saturating_sub(rows[*ix].len() + 1);
                fits
            })
            .collect();
        fitting.sort_unstable();
        let left = rows.len() - fitting.len();
        (fitting, left)
    };
    for ix in fitting {
        text.line(&rows[ix]);
    }
    more(text, left);
}

/// `  NC023                     Operational`
fn row(site: &Site, words: &Words, server: ServerIx) -> String {
    let name = clean(&shorten(&site.servers[server].name, NAME_LENGTH));
    let status = words.status(site.glance.servers[server].status);
    let padding = NAME_LENGTH.saturating_sub(name.chars().count()) + 2;
    format!("  {name}{:padding$}{status}", "")
}

const MORE_LENGTH: usize = 12;

/// `  … +12`
fn more(text: &mut Text, left: usize) {
    if left > 0 {
        text.line(&format!("  … +{left}"));
    }
}

/// Lines that stay within the limit.
#[derive(Default)]
struct Text {
    text: String,
}

impl Text {
    fn room(&self) -> usize {
        LIMIT - self.text.len()
    }

    /// Adds a line, or nothing where it does not fit.
    fn line(&mut self, line: &str) {
        let line = clean(line);
        if line.len() < self.room() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }
}

/// A terminal obeys control characters and turns lines around at some others; a name is no command.
fn clean(line: &str) -> String {
    line.chars().filter(|c| !c.is_control() && !is_bidi_control(*c)).collect()
}

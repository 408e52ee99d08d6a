//! `content/probes.json`, which `signalpost probe` writes, to what the Ping column shows.
//!
//! A site without the file shows no results, and neither does one whose file is bad: a machine wrote it, and no slip of its own
//! may keep people from posting about an outage. So whatever is wrong here is a warning.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::fields::shown;
use super::future::GRACE;
use super::servers::Servers;
use super::times;
use crate::Now;
use crate::findings::{Code, Finding, Findings, merge_conflicts, visible};
use crate::model::{Answer, Moment, Probes, rfc3339};
use crate::source::{SourceFile, Span};

pub const PATH: &str = "content/probes.json";

const AGAIN: &str = "run `signalpost probe` again, or delete the file; until then it is left out";

/// The whole file: `{ "at": "2026-05-04T19:00:00Z", "servers": { "nc023": { "up": true, "milliseconds": 12 } } }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'t> {
    #[serde(borrow)]
    at: &'t RawValue,
    #[serde(borrow)]
    servers: BTreeMap<String, &'t RawValue>,
}

/// A server's result: `milliseconds` where it is up, `why` where it is not.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    up: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl From<&Answer> for Entry {
    fn from(answer: &Answer) -> Entry {
        match answer {
            Answer::Up { milliseconds } => Entry { up: true, milliseconds: Some(*milliseconds), why: None },
            Answer::Down { why } => Entry { up: false, milliseconds: None, why: Some(why.clone()) },
        }
    }
}

/// What the file says; `None` where there is none, where it cannot be read, and where it is of later than an asked-for moment.
pub fn read(file: Option<&SourceFile>, servers: &Servers, now: Now, findings: &mut Findings) -> Option<Probes> {
    let file = file?;
    let at = |at: usize| Span::new(&file.path, at..at + 1);
    let text = file.text().map_err(|byte| findings.push(bad("it is not UTF-8", at(byte)))).ok()?;
    if let Some(conflict) = merge_conflicts(file, text).into_iter().next() {
        findings.push(bad("git left both sides of a merge conflict in it", conflict.span));
        return None;
    }
    let span_of = |part: &RawValue| {
        // The parts are pieces of this very text.
        let start = file.text_offset() + (part.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        Span::new(&file.path, start..start + part.get().len())
    };
    let whole: File = match serde_json::from_str(text) {
        Ok(whole) => whole,
        Err(error) => {
            findings.push(unread(&error, at(file.text_offset() + offset(text, error.line(), error.column()))));
            return None;
        }
    };
    let mut answers = vec![None; servers.list.len()];
    for (id, entry) in whole.servers {
        match (answer(entry), servers.list.iter().position(|server| *server.id == *id)) {
            (Ok(answer), Some(server)) => answers[server] = Some(answer),
            (Ok(_), None) if servers.complete => findings.push(
                Finding::new(Code::UnknownProbe, span_of(entry), format!("no server has the id `{}`", shown(&id)))
                    .help("the result is left out; the next run of `signalpost probe` forgets it"),
            ),
            (Ok(_), None) => {}
            (Err(error), _) => findings.push(unread(&error, span_of(entry))),
        }
    }
    let at = moment(whole.at, span_of(whole.at), findings)?;
    match now {
        Now::Given(now) if at > now => None,
        Now::Clock(now) if at > now + GRACE => {
            findings.push(
                Finding::new(
                    Code::BadProbes,
                    span_of(whole.at),
                    format!("the servers were probed at {}, which is later than now ({})", rfc3339(at), rfc3339(now)),
                )
                .help(format!("one of the two clocks is wrong; {AGAIN}")),
            );
            None
        }
        Now::Given(_) | Now::Clock(_) => Some(Probes { at, answers }),
    }
}

fn moment(part: &RawValue, span: Span, findings: &mut Findings) -> Option<Moment> {
    let text: String = serde_json::from_str(part.get()).map_err(|error| findings.push(unread(&error, span.clone()))).ok()?;
    times::from_text(&text).map_err(|_| findings.push(bad("`at` is no moment such as `2026-05-04T19:00:00Z`", span))).ok()
}

fn answer(entry: &RawValue) -> Result<Answer, serde_json::Error> {
    let missing = <serde_json::Error as serde::de::Error>::missing_field;
    let entry: Entry = serde_json::from_str(entry.get())?;
    match entry {
        Entry { up: true, milliseconds, .. } => milliseconds.map(|milliseconds| Answer::Up { milliseconds }).ok_or(missing("milliseconds")),
        Entry { up: false, why, .. } => why.map(|why| Answer::Down { why }).ok_or(missing("why")),
    }
}

fn unread(error: &serde_json::Error, span: Span) -> Finding {
    let said = error.to_string();
    let why = match error.classify() {
        Category::Eof => "it ends too soon",
        Category::Syntax | Category::Io => "it is no JSON",
        Category::Data => said.split_once(" at line ").map_or(said.as_str(), |(said, _)| said),
    };
    bad(why, span)
}

fn bad(why: &str, span: Span) -> Finding {
    Finding::new(Code::BadProbes, span, format!("this is not what `signalpost probe` writes: {}", visible(why))).help(AGAIN)
}

/// Where a line and column stand, both counted from one as `serde_json` does, the columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (before + column.saturating_sub(1)).min(text.len().saturating_sub(1));
    text.floor_char_boundary(at)
}

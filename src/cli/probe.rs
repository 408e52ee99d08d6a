//! `signalpost probe`: what the Ping column shows, found out and written.

use super::args::{Global, Probe, StatusFormat};
use super::error::CommandError;
use super::terminal::{DIM, GREEN, RED, Terminal, styled};
use super::{files, moment, site};
use crate::findings::{Findings, Format, visible};
use crate::load::{probes, servers};
use crate::model::{Answer, Server, Standing};
use crate::probe::{AT_ONCE, PATIENCE, file, try_all};

pub fn run(global: &Global, args: &Probe, terminal: &mut Terminal) -> Result<(), CommandError> {
    let project = site::open(global)?;
    // The servers file alone: a slip in a post must not keep the servers from being tried.
    let mut findings = Findings::default();
    let servers = servers::read(project.sources.get(servers::PATH), &mut findings);
    if findings.has_errors() {
        site::show(&findings, &project.sources, Format::Human, terminal)?;
        return Err(CommandError::Findings);
    }
    let tried: Vec<&Server> = servers.list.iter().filter(|server| server.probe.is_some() && server.standing != Standing::Retired).collect();
    if tried.is_empty() {
        return Err(CommandError::usage("no server has a probe")
            .hint(format!("give one a line such as `probe = \"tcp://mail.example.net:25\"` in {}", servers::PATH)));
    }
    let at = moment::of_writing(None)?;
    let longest = PATIENCE.as_secs() * tried.len().div_ceil(AT_ONCE) as u64;
    terminal.detail(format_args!("trying {} servers, {longest} s at most", tried.len()));
    let urls: Vec<&str> = tried.iter().filter_map(|server| server.probe.as_deref()).collect();
    let answers = try_all(&urls, PATIENCE)?;
    let text = file(at, tried.iter().map(|server| &*server.id).zip(&answers));
    let path = args.output.clone().unwrap_or_else(|| project.root.join(probes::PATH));
    files::put(&path, text.as_bytes())?;
    match args.format {
        StatusFormat::Table => terminal.data(table(&tried, &answers))?,
        StatusFormat::Json => terminal.data(text)?,
    }
    let up = answers.iter().filter(|answer| matches!(answer, Answer::Up { .. })).count();
    terminal.say(format_args!("{up} of {} answer; written to {}", tried.len(), visible(&path.to_string_lossy())));
    Ok(())
}

/// A line a server, in the order of the servers file.
fn table(servers: &[&Server], answers: &[Answer]) -> String {
    let names: Vec<String> = servers.iter().map(|server| visible(&server.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let line = |(name, answer): (&String, &Answer)| match answer {
        Answer::Up { milliseconds } => format!("{name:width$}  {}    {milliseconds} ms\n", styled(GREEN, "answers")),
        Answer::Down { why } => format!("{name:width$}  {}  {}\n", styled(RED, "no answer"), styled(DIM, visible(why))),
    };
    names.iter().zip(answers).map(line).collect()
}

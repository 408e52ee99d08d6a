//! `/uptime.csv` and `/server/ID/uptime.csv`: minutes in each state, a row a month and server.
//!
//! In: the servers' timelines. Out: CSV (RFC 4180, with line feeds alone), UTF-8, one header line, months oldest first. A month
//! counts from the server's beginning and up to now; the percentage is empty where all of it was maintenance, and where fewer than 28 days
//! of a record that the server's first event began lie before the month's end. Internal servers are left out of the site's file, retired ones are kept.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use super::{Output, OutputKind};
use crate::model::{Impact, ServerIx, Site, Standing};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/uptime.csv`, `/server/ID/uptime.csv`",
    about: "Minutes of degraded service, outage and maintenance a month",
    list,
};

const HEADER: &str = "month,server,minutes,operational,degraded,partial_outage,major_outage,maintenance,uptime_percent";

fn list(plan: &Plan, _theme: &Theme) -> Vec<Output> {
    let rows: Arc<[OnceLock<String>]> = plan.site.servers.iter().map(|_| OnceLock::new()).collect();
    let public = (0..plan.site.servers.len()).filter(|server| plan.site.servers[*server].standing != Standing::Internal);
    let mut outputs = vec![output(&rows, "uptime.csv".to_owned(), public.collect())];
    outputs.extend(
        plan.site.servers.iter().enumerate().map(|(ix, server)| output(&rows, format!("server/{}/uptime.csv", server.id), vec![ix])),
    );
    outputs
}

/// A table of these servers; `rows` holds each server's once they were made, the same for every table.
fn output(rows: &Arc<[OnceLock<String>]>, path: String, servers: Vec<ServerIx>) -> Output {
    let rows = rows.clone();
    Output::made(path, move |plan| {
        let rows = servers.iter().map(|server| rows[*server].get_or_init(|| rows_of(&plan.site, *server)).as_str());
        [HEADER, "\n"].into_iter().chain(rows).collect::<String>()
    })
}

fn rows_of(site: &Site, server: ServerIx) -> String {
    let id = &site.servers[server].id;
    let mut rows = String::new();
    for month in site.months(server) {
        // Writing to a string cannot fail.
        let _ = writeln!(
            rows,
            "{:04}-{:02},{id},{},{},{},{},{},{},{}",
            month.year,
            month.month.unwrap_or_default(),
            month.minutes.total(),
            month.minutes[Impact::None],
            month.minutes[Impact::Degraded],
            month.minutes[Impact::PartialOutage],
            month.minutes[Impact::MajorOutage],
            month.minutes[Impact::Maintenance],
            month.percent()
        );
    }
    rows
}

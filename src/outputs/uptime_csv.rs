//! `/uptime.csv` and `/server/ID/uptime.csv`: minutes in each state, a row a month and server.
//!
//! In: the servers' timelines. Out: CSV (RFC 4180, with line feeds alone), UTF-8, one header line, months oldest first. A month
//! counts from the server's beginning and up to now; the percentage is empty where all of it was maintenance. Internal servers are left out of the site's file, retired ones are kept.

use std::fmt::Write as _;

use super::{Output, OutputKind};
use crate::model::{ServerIx, Site, Standing};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    name: "uptime-csv",
    addresses: "`/uptime.csv`, `/server/ID/uptime.csv`",
    about: "Minutes of degraded service, outage and maintenance a month",
    list,
};

pub const HEADER: &str = "month,server,minutes,operational,degraded,partial_outage,major_outage,maintenance,uptime_percent";

fn list(plan: &Plan, _theme: &Theme) -> Vec<Output> {
    let mut outputs = vec![Output::later("uptime.csv", |plan, _| {
        let site = &plan.site;
        let public = (0..site.servers.len()).filter(|server| site.servers[*server].standing != Standing::Internal);
        Ok(table(site, public).into_bytes())
    })];
    outputs.extend(plan.site.servers.iter().enumerate().map(|(ix, server)| {
        Output::later(format!("server/{}/uptime.csv", server.id), move |plan, _| Ok(table(&plan.site, [ix]).into_bytes()))
    }));
    outputs
}

/// The header and the rows of these servers, in their order.
pub fn table(site: &Site, servers: impl IntoIterator<Item = ServerIx>) -> String {
    let mut csv = format!("{HEADER}\n");
    for server in servers {
        let id = &site.servers[server].id;
        for month in site.months(server) {
            let _ = writeln!(
                csv,
                "{:04}-{:02},{id},{},{},{},{},{},{},{}",
                month.year,
                month.month.unwrap_or_default(),
                month.minutes,
                month.operational,
                month.degraded,
                month.partial_outage,
                month.major_outage,
                month.maintenance,
                month.percent()
            );
        }
    }
    csv
}

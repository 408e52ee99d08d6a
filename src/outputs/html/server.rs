//! One server: how it is, how it was, what was said of it. And the page of all servers.

use serde::Serialize;

use super::Maker;
use super::glance::{GlanceView, RowView};
use super::history::DayRowView;
use super::page::PageView;
use super::view::DayView;
use crate::model::uptime::{HISTORY_DAYS, Uptime};
use crate::model::{Impact, ServerIx, Standing};
use crate::plan::{self, Listing, Page};
use crate::theme::{Markup, TemplateProblem};

/// A server's page.
#[derive(Serialize)]
pub struct ServerView {
    /// As in the table of all systems.
    pub row: RowView,
    /// Its group; may be empty.
    pub group: String,
    /// Other words for it, with commas between; may be empty.
    pub aliases: String,
    /// `operational`, `internal` or `retired`.
    pub standing: &'static str,
    /// Since when it is in service.
    pub since: Option<DayView>,
    /// The days of the bar that were not quiet, newest first.
    pub days: Vec<DayRowView>,
    /// Uptime by year, newest first.
    pub years: Vec<UptimeYearView>,
    /// Entries of the newest posts about it.
    pub entries: Vec<Markup>,
    /// Older posts about it.
    pub older: Option<String>,
    /// Its page without the final slash, for its feeds: `{{ server.base }}/feed.xml`.
    pub base: String,
}

/// Uptime of a year and its months.
#[derive(Serialize)]
pub struct UptimeYearView {
    pub year: UptimeView,
    /// Newest first.
    pub months: Vec<UptimeView>,
}

/// Uptime of a month or year.
#[derive(Serialize)]
pub struct UptimeView {
    /// `May 2026` or `2026`
    pub name: String,
    /// `99.950 %`; a dash where no minute outside maintenance is on record, and where a record that the server's first event
    /// began has fewer than 28 days at the period's end.
    pub percent: String,
    /// Minutes of degraded service.
    pub degraded: i64,
    /// Minutes of partial outage.
    pub partial_outage: i64,
    /// Minutes of major outage.
    pub major_outage: i64,
    /// Minutes of maintenance.
    pub maintenance: i64,
    /// Minutes of the period that count.
    pub minutes: i64,
}

/// The page of all servers.
#[derive(Serialize)]
pub struct ServersView {
    pub glance: GlanceView,
}

pub fn make(maker: &Maker, page: &Page, ix: ServerIx) -> Result<Vec<u8>, TemplateProblem> {
    let site = maker.site;
    let server = &site.servers[ix];
    let posts = &site.posts_of_server[ix];
    let older = plan::older(site, Listing::Server(ix), posts.len());
    let view = ServerView {
        row: maker.row(ix),
        group: server.group.clone().unwrap_or_default(),
        aliases: maker.shared.words.list(&server.aliases),
        standing: server.standing.word(),
        since: server.since.map(|since| maker.day(since)),
        days: maker.day_rows(&site.days(ix, HISTORY_DAYS)),
        years: if server.standing == Standing::Internal { Vec::new() } else { maker.uptime(ix) },
        entries: maker.entries(posts.iter().copied().take(site.config.posts_per_page))?,
        older: older.map(|address| maker.href(&address)),
        base: maker.href(&server.address()).trim_end_matches('/').to_owned(),
    };
    let mut frame = PageView::of(maker, page, maker.shared.words.fill("page.server", &[("name", &server.name)])).volatile(maker);
    frame.full_title = format!("{} · {}", maker.shared.words.labelled(&server.name, &view.row.status.text), site.config.title);
    frame.description = [server.name.as_str(), server.about.as_deref().unwrap_or_default(), &site.config.description]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(". ");
    frame.feed = site.base().absolute(&server.address().join("feed.xml"));
    maker.fill("server.html", &frame, "server", &view)
}

pub fn make_all(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let frame = PageView::of(maker, page, maker.text("page.servers")).volatile(maker);
    maker.fill("servers.html", &frame, "servers", &ServersView { glance: maker.glance() })
}

impl Maker<'_> {
    fn uptime(&self, server: ServerIx) -> Vec<UptimeYearView> {
        let months = self.site.months(server);
        let of_year = |year: &Uptime| UptimeYearView {
            year: self.uptime_of(year),
            months: months.iter().rev().filter(|month| month.year == year.year).map(|month| self.uptime_of(month)).collect(),
        };
        Uptime::years(&months).iter().rev().map(of_year).collect()
    }

    fn uptime_of(&self, uptime: &Uptime) -> UptimeView {
        let name = match uptime.month {
            Some(month) => self.shared.words.month(uptime.year, month),
            None => uptime.year.to_string(),
        };
        UptimeView {
            name,
            percent: match uptime.percent() {
                percent if percent.is_empty() => "–".to_owned(),
                percent => self.shared.words.percent(&percent),
            },
            degraded: uptime.minutes[Impact::Degraded],
            partial_outage: uptime.minutes[Impact::PartialOutage],
            major_outage: uptime.minutes[Impact::MajorOutage],
            maintenance: uptime.minutes[Impact::Maintenance],
            minutes: uptime.minutes.total(),
        }
    }
}

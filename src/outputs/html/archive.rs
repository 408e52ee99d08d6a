//! Posts by year and month, and the lists of years, tags and categories.

use chrono::Datelike;
use serde::Serialize;

use super::Maker;
use super::page::PageView;
use super::view::{DayView, LinkView, Taxonomy, TermView, WordView};
use crate::model::{Address, PostIx};
use crate::plan::Page;
use crate::theme::{Markup, Ready, TemplateProblem};

/// A month in full.
#[derive(Serialize)]
pub struct MonthView {
    /// Entries, newest first.
    pub entries: Vec<Markup>,
    /// The year's page.
    pub year: LinkView,
}

/// A year: its posts by title.
#[derive(Serialize)]
pub struct YearView {
    /// Months with posts, newest first.
    pub months: Vec<MonthTitlesView>,
}

/// The titles of a month.
#[derive(Serialize)]
pub struct MonthTitlesView {
    /// `May 2026`
    pub name: String,
    /// The month's page.
    pub href: String,
    /// Its posts, newest first.
    pub posts: Vec<TitleView>,
}

/// A post by its title.
#[derive(Serialize)]
pub struct TitleView {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// The day it was posted.
    pub day: DayView,
    /// `incident`, `maintenance` or `notice`.
    pub kind: Ready<WordView>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// All years.
#[derive(Serialize)]
pub struct ArchivesView {
    /// Years with posts, newest first.
    pub years: Vec<YearCountView>,
}

/// A year and how many posts each of its months has.
#[derive(Serialize)]
pub struct YearCountView {
    pub year: TermView,
    /// Months with posts, oldest first; the name is the month alone.
    pub months: Vec<TermView>,
}

/// All tags or all categories.
#[derive(Serialize)]
pub struct TermsView {
    /// By address.
    pub terms: Vec<TermView>,
    /// `tags` or `categories`.
    pub of: &'static str,
}

pub fn make_month(maker: &Maker, page: &Page, year: i32, month: u32) -> Result<Vec<u8>, TemplateProblem> {
    let words = &maker.shared.words;
    let posts = maker.posts_of(|post| (post.year(), post.month()), (year, month));
    let view =
        MonthView { entries: maker.entries(posts)?, year: LinkView { title: year.to_string(), href: maker.href(&Address::of_year(year)) } };
    let mut frame = PageView::of(maker, page, words.fill("page.month", &[("month", &words.month(year, month))]));
    frame.description = format!("{}. {}", frame.title, frame.description);
    maker.fill("month.html", &frame, "month", &view)
}

pub fn make_year(maker: &Maker, page: &Page, year: i32) -> Result<Vec<u8>, TemplateProblem> {
    let words = &maker.shared.words;
    let months = (1..=12).rev().filter_map(|month| {
        let posts = maker.posts_of(|post| (post.year(), post.month()), (year, month));
        (!posts.is_empty()).then(|| MonthTitlesView {
            name: words.month(year, month),
            href: maker.href(&Address::of_month(year, month)),
            posts: posts.map(|post| maker.title(post)).collect(),
        })
    });
    let view = YearView { months: months.collect() };
    let mut frame = PageView::of(maker, page, words.fill("page.year", &[("year", &year.to_string())]));
    frame.description = format!("{}. {}", frame.title, frame.description);
    maker.fill("year.html", &frame, "year", &view)
}

pub fn make_archives(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let years = maker.years().into_iter().map(|year| YearCountView { months: maker.months(&year.name), year }).collect();
    let frame = PageView::of(maker, page, maker.text("page.archives")).volatile(maker);
    maker.fill("archives.html", &frame, "archives", &ArchivesView { years })
}

pub fn make_terms(maker: &Maker, page: &Page, taxonomy: Taxonomy) -> Result<Vec<u8>, TemplateProblem> {
    let (of, terms) = match taxonomy {
        Taxonomy::Tags => ("tags", &maker.site.tags),
        Taxonomy::Categories => ("categories", &maker.site.categories),
    };
    let view = TermsView { terms: terms.iter().map(|term| maker.term(taxonomy, term)).collect(), of };
    let frame = PageView::of(maker, page, maker.text(&format!("page.{of}"))).volatile(maker);
    maker.fill("terms.html", &frame, "terms", &view)
}

impl Maker<'_> {
    /// The posts whose date falls into a period, newest first: posts are sorted by date, so they stand together.
    fn posts_of<K: Ord>(&self, period: impl Fn(chrono::NaiveDate) -> K, wanted: K) -> std::ops::Range<PostIx> {
        let posts = &self.site.posts;
        let start = posts.partition_point(|post| period(post.date.date_naive()) > wanted);
        let end = posts.partition_point(|post| period(post.date.date_naive()) >= wanted);
        start..end
    }

    pub fn title(&self, ix: PostIx) -> TitleView {
        let post = &self.site.posts[ix];
        let LinkView { title, href } = self.post_link(ix);
        let kind = self.kind(self.site.thread(ix).kind);
        TitleView { title, href, day: self.day(post.date.date_naive()), kind, withdrawn: post.withdrawn }
    }

    /// Years with posts, newest first, with the number of posts that stand.
    pub fn years(&self) -> Vec<TermView> {
        let mut years: Vec<TermView> = Vec::new();
        let mut last = None;
        for post in &self.site.posts {
            let year = post.date.year();
            if last != Some(year) {
                last = Some(year);
                years.push(TermView { name: year.to_string(), href: self.href(&Address::of_year(year)), count: 0 });
            }
            if let Some(term) = years.last_mut().filter(|_| !post.withdrawn) {
                term.count += 1;
            }
        }
        years
    }

    fn months(&self, year: &str) -> Vec<TermView> {
        let Ok(year) = year.parse::<i32>() else { return Vec::new() };
        let month = |month: u32| {
            let posts = self.posts_of(|post| (post.year(), post.month()), (year, month));
            (!posts.is_empty()).then(|| TermView {
                name: self.shared.words.month_name(month).to_owned(),
                href: self.href(&Address::of_month(year, month)),
                count: posts.filter(|post| !self.site.posts[*post].withdrawn).count(),
            })
        };
        (1..=12).filter_map(month).collect()
    }
}

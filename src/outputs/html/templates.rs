//! The list of templates and what each gets: the contract with theme authors.

/// A template of the theme.
pub struct Template {
    /// `post.html`
    pub name: &'static str,
    /// What it makes, in a line.
    pub about: &'static str,
    /// What it gets beside `site`, `words` and `assets`: names and their view types.
    pub gets: &'static [(&'static str, &'static str)],
}

const fn template(name: &'static str, about: &'static str, gets: &'static [(&'static str, &'static str)]) -> Template {
    Template { name, about, gets }
}

/// Every template, by name.
pub const TEMPLATES: &[Template] = &[
    template("404.html", "the page for addresses that do not exist", &[("page", "PageView"), ("missing", "NotFoundView")]),
    template(
        "affected.html",
        "a server in a post; made once for each impact, pasted wherever it is shown",
        &[("server", "ServerLinkView")],
    ),
    template("archives.html", "all years and months", &[("page", "PageView"), ("archives", "ArchivesView")]),
    template("bar.html", "ninety days as a bar; included", &[("bar", "BarView")]),
    template("base.html", "what every page has around its content; pages extend it", &[("page", "PageView"), ("parts", "Parts")]),
    template("changes.html", "what a status becomes by itself, and when; included", &[("changes", "ChangeView")]),
    template("developers.html", "the page for those who write programs", &[("page", "PageView"), ("developers", "DevelopersView")]),
    template("entry.html", "a post in a list; made once, pasted wherever the post is listed", &[("entry", "EntryView")]),
    template("event.html", "an event in a box of its own on the front page; included", &[("event", "EventView")]),
    template("footer.html", "what closes every page; made once", &[]),
    template("front.html", "the front page", &[("page", "PageView"), ("front", "FrontView")]),
    template("glance.html", "the table of all systems; included", &[("glance", "GlanceView")]),
    template("head.html", "what `<head>` has on every page; made once", &[]),
    template("header.html", "the site's name and navigation; made once", &[]),
    template("list.html", "a list of posts: numbered pages, tags, categories", &[("page", "PageView"), ("list", "ListView")]),
    template("month.html", "the posts of a month", &[("page", "PageView"), ("month", "MonthView")]),
    template("plain.html", "a page of `content/pages`", &[("page", "PageView"), ("plain", "PlainView")]),
    template("post.html", "a post", &[("page", "PageView"), ("post", "PostView")]),
    template("probe.html", "whether a server answered, and when it was tried; included", &[("row", "RowView")]),
    template("redirect.html", "an old address that leads to a new one", &[("page", "PageView"), ("redirect", "RedirectView")]),
    template(
        "row.html",
        "a server in the table of all systems; included",
        &[("glance", "GlanceView"), ("row", "RowView"), ("bar", "BarView")],
    ),
    template("search.html", "the search page", &[("page", "PageView"), ("search", "SearchView")]),
    template("server.html", "a server", &[("page", "PageView"), ("server", "ServerView")]),
    template("servers.html", "all servers", &[("page", "PageView"), ("servers", "ServersView")]),
    template("sidebar.html", "the column beside the pages; made once", &[("sidebar", "SidebarView")]),
    template("subscribe.html", "feeds, calendars and interfaces for programs", &[("page", "PageView"), ("subscribe", "SubscribeView")]),
    template("terms.html", "all tags or all categories", &[("page", "PageView"), ("terms", "TermsView")]),
    template("update.html", "an update on the front page; included", &[("update", "UpdateView")]),
    template("window.html", "a window in UTC and in the zones that the site offers; included", &[("window", "WindowView")]),
    template("worst.html", "the worst that an event did to a server; included", &[("server", "ServerLinkView")]),
    template("year.html", "the titles of a year", &[("page", "PageView"), ("year", "YearView")]),
    template("zones.html", "a window in the reader's zone and those that the site offers; included", &[("window", "WindowView")]),
];

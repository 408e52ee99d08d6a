//! Every key that the user's TOML may hold: the reader refuses others, and the JSON Schemas are made from the same list.

/// One key of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    pub name: &'static str,
    /// One sentence for editors and the README.
    pub about: &'static str,
    pub shape: Shape,
    pub required: bool,
}

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    Text,
    /// A text in which something can be seen.
    Title,
    /// A text of a form, as a regular expression.
    Form(&'static str),
    /// A list of texts; one text alone is a list too.
    Texts,
    Boolean,
    /// Both ends included.
    Integer(i64, i64),
    /// A TOML date-time with a zone, or a text such as `2026-05-04 19:00 UTC`.
    Time,
    /// `true`, `false`, or a time.
    BooleanOrTime,
    /// A date without a time.
    Date,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words; one alone is a list too.
    Words(&'static [&'static str]),
    /// One of these words, or a table from server to one of them.
    WordByServer(&'static [&'static str]),
    /// A number and `m`, `h` or `d`.
    Duration,
    Table(&'static [Key]),
    /// Tables under `[[name]]`, or a list of inline tables.
    Tables(&'static [Key]),
    /// Texts of the interface by their keys.
    Interface,
    /// Anything: handed on as it is.
    AnyTable,
}

const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, about, shape, required: false }
}

const fn required(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, about, shape, required: true }
}

const KINDS: &[&str] = &["incident", "maintenance", "notice"];

const IMPACTS: &[&str] = &["none", "degraded", "partial-outage", "major-outage", "maintenance"];

const STANDINGS: &[&str] = &["operational", "internal", "retired"];

const FORMATS: &[&str] = &["json", "slack", "discord", "teams"];

/// An address of the site's own.
const PICTURE: Shape = Shape::Form(r"^\s*/(?!/)(?!.*\.\.)");

/// `site.toml`
pub const SITE: &[Key] = &[
    required("title", Shape::Title, "The site's name, in every page's title and in the feeds."),
    required("base_url", Shape::Text, "Where the site is published; it may have a path: `https://example.net/status`."),
    key("description", Shape::Text, "One sentence about the site, for search engines and feeds."),
    key("language", Shape::Text, "The content's language (BCP 47): `en`. It picks the interface's words and the form of dates."),
    key("time_zones", Shape::Texts, "Zones offered beside UTC, by their IANA names: `Africa/Lusaka`."),
    key("theme", Shape::Text, "A folder of `themes/`, or `default` for the built-in theme."),
    key("posts_per_page", Shape::Integer(1, 1000), "Posts on a list page; 20 if left out."),
    key(
        "remote_images",
        Shape::Word(&["link", "allow"]),
        "An image from another host becomes a link to it (`link`), or is shown (`allow`).",
    ),
    key(
        "stale_after",
        Shape::Duration,
        "How old a page may get before it says so itself: a number and `m`, `h` or `d`; `26h` if left out.",
    ),
    key("feeds", Shape::Table(FEEDS), "The feeds."),
    key("editor", Shape::Table(EDITOR), "Links to the forge's web editor."),
    key("sidebar", Shape::Tables(SIDEBAR), "Blocks of the sidebar, in this order."),
    key("words", Shape::Interface, "Words of the interface that the site says otherwise, by their key."),
    key("logo", PICTURE, "The logo's address: `/logo.svg`."),
    key("favicon", PICTURE, "The favicon's address: `/favicon.svg`."),
    key("accent", Shape::Form(r"^\s*#([0-9A-Fa-f]{3}){1,2}\s*$"), "The colour of links and marks: `#0b63b0`."),
    key("security_contact", Shape::Text, "A `mailto:`, `https:` or `tel:` address for `/.well-known/security.txt`."),
    key("webhook", Shape::Tables(WEBHOOK), "Where `signalpost announce` posts each update."),
    key("mail", Shape::Table(MAIL), "To whom `signalpost announce` mails each update."),
    key("extra", Shape::AnyTable, "Anything that the theme is to know: `{{ site.extra.KEY }}`. Dates and times are text there."),
];

pub const FEEDS: &[Key] = &[
    key("items", Shape::Integer(1, 1000), "Newest updates in a feed; 50 if left out."),
    key(
        "authority",
        Shape::Text,
        "Authority and year of the feed ids (RFC 4151): `status.example.net,2026`; left out: the host of `base_url`, and 2026. Write it \
         before the site moves to another host, and never change it.",
    ),
];

pub const EDITOR: &[Key] = &[
    key("new_url", Shape::Text, "Where the forge makes a new file; file name and front matter are added as a query."),
    key("edit_url", Shape::Text, "Where the forge edits a post; `{path}` stands for its path."),
];

pub const SIDEBAR: &[Key] = &[
    required("title", Shape::Title, "The block's heading."),
    key("links", Shape::Tables(LINK), "Links: `[{ title = \"Support\", url = \"https://example.net/support\" }]`."),
    key("text", Shape::Text, "Markdown."),
];

pub const WEBHOOK: &[Key] = &[
    required("name", Shape::Title, "What messages and the record of what was sent call it. Under a new name it is a new webhook."),
    required("url_env", Shape::Text, "The environment variable that holds its address: that is a secret, and never stands in a file."),
    key("format", Shape::Word(FORMATS), "The shape of what is posted; `json` (our own) if left out."),
    key("servers", Shape::Texts, "Only what is about one of these servers, by id or alias."),
    key("kinds", Shape::Words(KINDS), "Only posts of these kinds: `incident`, `maintenance`, `notice`."),
];

pub const MAIL: &[Key] = &[
    required("from", Shape::Text, "The sender: `Northwind status <status@example.net>`, or the address alone."),
    required("to", Shape::Texts, "The recipients' addresses. Each gets a mail of their own."),
    required(
        "smtp_env",
        Shape::Text,
        "The environment variable that holds `smtps://USER:PASSWORD@HOST:465` or `smtp://USER:PASSWORD@HOST:587?starttls`.",
    ),
];

pub const LINK: &[Key] = &[
    required("title", Shape::Title, "What the link says."),
    required("url", Shape::Text, "Where it leads: http, https, mailto, tel, or an address of this site."),
];

/// `content/servers.toml`
pub const SERVERS: &[Key] = &[key("server", Shape::Tables(SERVER), "The servers, in the order of the glance table.")];

pub const SERVER: &[Key] = &[
    required("id", Shape::Form(r"^[a-z0-9][a-z0-9_-]*$"), "Stable: addresses, feeds and API ids hang on it."),
    key("name", Shape::Title, "What people call it; the id in capitals if left out."),
    key("aliases", Shape::Texts, "Other words that posts may use for it."),
    key("about", Shape::Text, "What it does, in a few words."),
    key("group", Shape::Text, "The heading it stands under."),
    key("location", Shape::Table(LOCATION), "Where it stands: `{ name = \"London\", country = \"GB\" }`."),
    key("status", Shape::Word(STANDINGS), "Its standing state; `operational` if left out."),
    key("ping", Shape::Text, "Where the Ping cell links to."),
    key(
        "probe",
        Shape::Form(r"^\s*(tcp://\S+:\d+|[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]\S*)\s*$"),
        "What `signalpost probe` tries: `tcp://HOST:PORT`, `http://…` or `https://…`.",
    ),
    key("since", Shape::Date, "Since when it is in service; its uptime counts from there."),
    key("until", Shape::Date, "Its last day in service; its uptime counts to the end of it."),
];

pub const LOCATION: &[Key] =
    &[required("name", Shape::Text, "A town or data centre."), key("country", Shape::Text, "ISO 3166-1 alpha-2: `GB`.")];

/// A post's front matter.
pub const POST: &[Key] = &[
    required("title", Shape::Title, "What the post is called."),
    key(
        "kind",
        Shape::Word(KINDS),
        "Left out: `incident` if there is a `start`, else `notice`; what reads like an event then, with an impact or a state, is an error.",
    ),
    key("server", Shape::Texts, "The server it is about, by id or alias."),
    key("servers", Shape::Texts, "The servers it is about, by id or alias."),
    key("tags", Shape::Texts, "Words, shown as written."),
    key("category", Shape::Texts, "Words, shown as written."),
    key("categories", Shape::Texts, "Words, shown as written."),
    key("date", Shape::Time, "When it was posted; left out: from the file's name, else `start`."),
    key("start", Shape::Time, "When the event begins, in UTC."),
    key("end", Shape::Time, "When it ended; of a maintenance, when it is planned to end."),
    key(
        "impact",
        Shape::WordByServer(IMPACTS),
        "How bad it is, for all its servers or by server; left out: `degraded` of an incident, `maintenance` of a maintenance, `none` of a notice.",
    ),
    key("follows", Shape::Text, "The slug or id of the post that this one continues."),
    key("slug", Shape::Text, "The last part of its address; left out: the file's name without its date."),
    key("aliases", Shape::Texts, "Old addresses that lead here."),
    key(
        "id",
        Shape::Text,
        "What feed, calendar and API ids are made of; left out: the file's name. Keep it when you rename the file, and put the old address into `aliases`.",
    ),
    key("guid", Shape::Text, "An imported post's old feed id, to the letter."),
    key("pinned", Shape::BooleanOrTime, "Shown above the list of servers: `true`, or until this time."),
    key("draft", Shape::Boolean, "`true`: not published."),
    key("author", Shape::Text, "Who wrote it."),
    key("summary", Shape::Text, "One sentence for lists and previews; left out: the first words of the text."),
    key("withdrawn", Shape::Boolean, "`true`: the page stays and says that the post was withdrawn."),
    key("notify", Shape::Boolean, "`false`: in no feed, and announced to nobody."),
];

/// A plain page's front matter.
pub const PAGE: &[Key] =
    &[required("title", Shape::Title, "What the page is called."), key("draft", Shape::Boolean, "`true`: not published.")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Findings;
    use crate::load::fields::ASKED_FOR;
    use crate::load::{config, pages, post, servers};
    use crate::model::config::WebhookFormat;
    use crate::model::{Impact, Kind, Standing};
    use crate::source::SourceFile;

    fn is_asked_for(keys: &[Key]) {
        for key in keys {
            assert!(ASKED_FOR.with_borrow(|asked_for| asked_for.contains(&key)), "nobody reads `{}`: {}", key.name, key.about);
            if let Shape::Table(keys) | Shape::Tables(keys) = key.shape {
                is_asked_for(keys);
            }
        }
    }

    /// A value is found among the model's words; messages and schemas list these.
    #[test]
    fn the_words_are_the_models() {
        assert_eq!(KINDS, Kind::ALL.map(Kind::word));
        assert_eq!(IMPACTS, Impact::ALL.map(Impact::word));
        assert_eq!(STANDINGS, Standing::ALL.map(Standing::word));
        assert_eq!(FORMATS, WebhookFormat::ALL.map(WebhookFormat::word));
    }

    /// Whatever else is in a list would be accepted, and have no effect.
    #[test]
    fn every_key_in_the_lists_is_read() {
        let site = "title = \"x\"\nbase_url = \"https://status.example.net\"\n[feeds]\n[editor]\n[[webhook]]\nname = \"x\"\nurl_env = \"X\"\n\
            [mail]\nfrom = \"a@b\"\nto = \"a@b\"\nsmtp_env = \"X\"\n[[sidebar]]\ntitle = \"x\"\nlinks = [{ title = \"x\", url = \"/x/\" }]\n";
        let file = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.to_owned().into() };
        let mut findings = Findings::default();
        let servers_file = file(servers::PATH, "[[server]]\nid = \"x\"\nlocation = { name = \"x\" }\n");
        let servers = servers::read(Some(&servers_file), &mut findings);
        config::read(&file(crate::source::SETTINGS, site), &servers, None, &mut findings);
        post::front(&file("content/posts/2026-05-04-x.md", "+++\ntitle = \"x\"\n+++\n"), &servers, &mut findings);
        pages::front(&file("content/pages/x.md", "+++\ntitle = \"x\"\n+++\n"), &mut findings);
        assert_eq!(findings, Findings::default());
        [SITE, SERVERS, POST, PAGE].into_iter().for_each(is_asked_for);
    }
}

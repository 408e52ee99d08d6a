//! The list of codes: every kind of problem, its severity and what it means.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $title:literal;)*) => {
        /// The kind of a finding: a stable name that `explain` and the README know.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code: errors first, each group in the order in which a build meets them.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// `unknown-server`
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),* }
            }

            /// One line of what it is: "A server that the servers file does not list".
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),* }
            }

            /// What it means, in the form that `explain` describes.
            pub(super) fn text(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("explain/", $name, ".md"))),* }
            }
        }
    };
}

codes! {
    NotUtf8 "not-utf8" Error "A file is not UTF-8";
    MergeConflict "merge-conflict" Error "A conflict that git left in a file: an unfinished merge";
    Unreadable "unreadable" Error "A file or folder cannot be used: not readable, too large, or a way out of the site";
    NoContent "no-content" Error "A site without a servers file and without a post";
    UnreadText "unread-text" Error "A post or page where nothing reads it";
    FrontMatter "front-matter" Error "A post does not begin with a `+++` block, or the block is not closed";
    YamlFrontMatter "yaml-front-matter" Error "A post begins with YAML front matter (`---`)";
    Toml "toml" Error "TOML that cannot be read";
    UnknownKey "unknown-key" Error "A key that does not exist";
    WrongType "wrong-type" Error "A value of the wrong type";
    MissingKey "missing-key" Error "A key that must be there is not";
    EmptyTitle "empty-title" Error "A title without a visible character";
    BadValue "bad-value" Error "A value that is none of the possible ones";
    BadName "bad-name" Error "A name that a file system or an address cannot hold";
    BadUrl "bad-url" Error "Not a URL of a kind that is allowed here";
    UnknownServer "unknown-server" Error "A server that the servers file does not list";
    DuplicateServer "duplicate-server" Error "Two servers share an id, name or alias";
    SaidTwice "said-twice" Error "One thing said twice where only one can hold";
    NoTimeZone "no-time-zone" Error "A time without a zone";
    ImpossibleTime "impossible-time" Error "A time that cannot be read, does not exist or is not kept";
    EndBeforeStart "end-before-start" Error "An event ends before it starts";
    MissingStart "missing-start" Error "A maintenance without a `start`";
    FromTheFuture "from-the-future" Error "A post, an update, or an incident's start or end later than now";
    UpdateHeading "update-heading" Error "An update heading that cannot be read";
    UnclosedBlock "unclosed-block" Error "A code block, comment or HTML tag that is not closed";
    UnusedDefinition "unused-definition" Error "A line that Markdown takes for the address of a link that is not there";
    UnknownState "unknown-state" Error "A state word that does not exist";
    UnknownAttribute "unknown-attribute" Error "An attribute of an update heading that does not exist";
    UpdateOrder "update-order" Error "Updates that do not rise in time";
    UpdateBeforeStart "update-before-start" Error "An incident's update before its start, or its post more than a day before";
    ForeignServer "foreign-server" Error "An update changes a server that its post does not name";
    DuplicateUpdateId "duplicate-update-id" Error "Two updates of a post share an id";
    DuplicateId "duplicate-id" Error "Two posts share an id";
    DuplicateAddress "duplicate-address" Error "Two pages or files at one address";
    TagCollision "tag-collision" Error "Two tags or categories share an address";
    UnknownFollows "unknown-follows" Error "`follows` names no post";
    AmbiguousFollows "ambiguous-follows" Error "`follows` names several posts";
    FollowsDraft "follows-draft" Error "`follows` names a draft";
    FollowsCircle "follows-circle" Error "Posts follow each other in a circle";
    UnclearKind "unclear-kind" Error "A post that reads like an event, and is a notice";
    UnclearFollowUp "unclear-follow-up" Error "A follow-up that reads like trouble or work, and changes the status of nothing";
    MissingDate "missing-date" Error "A post without any date";
    BrokenLink "broken-link" Error "A link to a page of the site that is not there";
    Template "template" Error "A template that cannot be used";
    UnknownTheme "unknown-theme" Error "A theme that is not there";
    // Of what `check --against` finds, an error would harm subscribers for good, and a warning is advice. Errors hold up a pull request; what is
    // on the published branch is published all the same, since the page comes before its feeds.
    LostItem "lost-item" Error "An update that subscribers were told is gone";
    ChangedId "changed-id" Error "An update that subscribers were told has another id";
    ChangedDate "changed-date" Error "An update that subscribers were told has another date";
    OldNews "old-news" Error "Updates that are not new come into a feed as new";
    CalendarSequence "calendar-sequence" Error "A maintenance window changed without an update that says so";
    LostWindow "lost-window" Error "A window that lies ahead is gone from the calendar";
    LostFeed "lost-feed" Error "The address of a feed or calendar is gone";
    LostAddress "lost-address" Error "The address of a post, or one that led to it, is gone";
    LostPage "lost-page" Warning "The address of a plain page, or of a group's badge, is gone";
    UntoldChange "untold-change" Warning "An event changed, and those who were told of it would not hear so";
    LateItem "late-item" Warning "An update comes into a feed behind newer ones";
    OpenForWeeks "open-for-weeks" Warning "An event that nobody has closed for weeks";
    NoTimeOfDay "no-time-of-day" Warning "An incident that counts from midnight, for nothing says its time";
    StateInTitle "state-in-title" Warning "An update's title that says the event is over, where no state does";
    NoServers "no-servers" Warning "An event with an impact that names no server";
    MovedWindow "moved-window" Warning "A follow-up that moves a maintenance makes one long window";
    ImageWithoutText "image-without-text" Warning "An image without a text alternative";
    RemoteImage "remote-image" Warning "An image from another host";
    UnsafeLink "unsafe-link" Warning "A link with a scheme that is not allowed";
    RareTag "rare-tag" Warning "A tag one letter away from a commoner one";
    TagSpelling "tag-spelling" Warning "A tag written in different ways";
    MaintenanceWithoutEnd "maintenance-without-end" Warning "A maintenance without an `end`";
    EndDisagrees "end-disagrees" Warning "An `end` and a final update that disagree";
    LongWindow "long-window" Warning "A window of more than 30 days";
    LooksLikeUpdate "looks-like-update" Warning "A line that reads like an update and is none";
    KindAndImpact "kind-and-impact" Warning "An impact that does not fit the kind";
    Contradiction "contradiction" Warning "Two things that cannot both be meant";
    HiddenCharacters "hidden-characters" Warning "Characters that nobody sees in a name";
    ControlCharacter "control-character" Warning "A control character in a text";
    EmptyPost "empty-post" Warning "A post without text";
    SkippedFile "skipped-file" Warning "A file that is no part of the site";
    UnusedTemplate "unused-template" Warning "A template that no page uses";
    IncompletePage "incomplete-page" Warning "Pages of a theme without what keeps them safe and true";
    BadProbes "bad-probes" Warning "Probe results that cannot be used";
    UnknownProbe "unknown-probe" Warning "A probe result of a server that the servers file does not list";
    MissingWords "missing-words" Warning "Words of the interface, or a place in them, that are missing";
}

impl Code {
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

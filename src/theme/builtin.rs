//! The built-in theme, compiled into the program from `themes/default`.

macro_rules! texts {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../themes/default/", $folder, "/", $name)))),*]
    };
}

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../../themes/default/", $folder, "/", $name)).as_slice())),*]
    };
}

/// Templates by name.
pub const TEMPLATES: &[(&str, &str)] = texts!("templates":
    "404.html" "archives.html" "bar.html" "base.html" "changes.html" "developers.html" "entry.html" "event.html" "footer.html" "front.html" "glance.html" "head.html"
    "header.html" "list.html" "month.html" "plain.html" "post.html" "redirect.html" "row.html" "search.html" "server.html"
    "servers.html" "sidebar.html" "subscribe.html" "terms.html" "update.html" "window.html" "year.html" "zones.html"
);

/// Files of `static/` by name.
pub const ASSETS: &[(&str, &[u8])] = files!("static": "favicon.svg" "search.js" "share.png" "site.css" "site.js");

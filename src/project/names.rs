//! Which names are part of a site.

use std::path::{Component, Path};

use foldhash::HashSet;

/// Whether a file or folder of this name belongs to the site: not a hidden one, not an editor's backup or lock.
///
/// `parent` is the folder's path from the root: `.well-known` is wanted directly below `content/static`.
pub fn is_wanted(name: &str, parent: &str) -> bool {
    !(name.starts_with('.') && !(name == ".well-known" && parent == "content/static")
        || name.ends_with('~')
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || [".swp", ".swo", ".swx", "___jb_tmp___", "___jb_old___"].iter().any(|backup| name.ends_with(backup))
        || name == "node_modules" && parent.starts_with("themes/"))
}

/// The path from the root, with `/`, of a place that a build reads; `None` for any other.
pub fn source_path(root: &Path, place: &Path) -> Option<String> {
    let below = place.strip_prefix(root).ok()?;
    let mut path = String::new();
    for component in below.components() {
        let Component::Normal(name) = component else { return None };
        let name = name.to_str()?;
        if !is_wanted(name, &path) {
            return None;
        }
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(name);
    }
    let first = path.split('/').next().unwrap_or_default();
    (path == crate::source::SETTINGS || super::FOLDERS.contains(&first)).then_some(path)
}

/// Whether one of `places` is a folder above `path`.
pub fn is_below(path: &str, places: &HashSet<&str>) -> bool {
    path.match_indices('/').any(|(slash, _)| places.contains(&path[..slash]))
}

/// The folders that hold such files, with others.
pub const ASSET_FOLDERS: [&str; 2] = ["content/static/", "themes/"];

/// Whether a file is copied or embedded as it is, so that its size may be that of a picture.
pub fn is_asset(path: &str) -> bool {
    path.starts_with(ASSET_FOLDERS[0]) || path.starts_with(ASSET_FOLDERS[1]) && path.split('/').nth(2) == Some("static")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_and_backups_are_not_wanted() {
        for name in [".git", ".#post.md", "post.md~", "#post.md#", ".post.md.swp", "post.md.swo", ".well-known", "a.md___jb_tmp___"] {
            assert!(!is_wanted(name, "content/posts"), "{name}");
        }
        for name in ["post.md", "#1 outage.md", "#", "a.b"] {
            assert!(is_wanted(name, "content/posts"), "{name}");
        }
        assert!(is_wanted(".well-known", "content/static"));
        assert!(!is_wanted(".well-known", "content/static/deeper"));
    }

    #[test]
    fn only_places_that_a_build_reads_have_a_source_path() {
        let root = Path::new("/site");
        for (place, path) in [
            ("/site/site.toml", Some("site.toml")),
            ("/site/content/posts/a.md", Some("content/posts/a.md")),
            ("/site/themes", Some("themes")),
            ("/site/public/index.html", None),
            ("/site/content/.git/x", None),
            ("/site/site.toml~", None),
            ("/site", None),
            ("/elsewhere/content/a", None),
        ] {
            assert_eq!(source_path(root, Path::new(place)).as_deref(), path, "{place}");
        }
    }

    #[test]
    fn below_is_said_of_whole_names() {
        let places = ["themes", "content/posts"].into_iter().collect();
        assert!(is_below("content/posts/a.md", &places) && is_below("content/posts/x/a.md", &places));
        assert!(!is_below("content/posts", &places));
        assert!(!is_below("content/posts-old/a.md", &places) && !is_below("content/a.md", &places));
    }
}

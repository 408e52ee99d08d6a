//! The text of a post's file, as the program writes it: a new post, an imported one, an update below the others, a window changed.
//!
//! In: texts and moments. Out: texts, with everything that was not asked for as it was, byte for byte. Never reads the clock
//! or the disk, and never judges what it wrote: the caller builds the site with it first.

mod change;
mod front_matter;
mod new_post;
mod post_file;
mod target;
mod update;

pub use change::{Change, End, NoEnd, NoWindow, Wanted, change, ending, stamp_for};
pub use front_matter::{Broken, toml_string};
pub use new_post::{NewPost, template_path};
pub use post_file::{PostFile, PostFileUpdate};
pub use target::{Lost, lost, newest_told};
pub use update::{NewUpdate, minute};

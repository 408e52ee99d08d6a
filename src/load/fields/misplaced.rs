//! Keys that stand in another table of their file than their own.

use crate::load::keys::{Key, Shape};
use crate::load::parsed::Parsed;

/// What to do with a key of the whole file that stands below a line in brackets, which in TOML takes all the lines below it.
pub fn belongs_above(name: &str, parsed: &Parsed<'_>, top: &[Key]) -> Option<String> {
    let is_one = top.iter().any(|key| key.name == name) && !parsed.table.get_ref().contains_key(name);
    is_one.then(|| format!("`{name}` belongs above the first line in brackets: such a line takes all the lines below it"))
}

/// Where a key belongs that stands in another table of its file.
pub fn misplaced(name: &str, parsed: &Parsed<'_>, keys: &'static [Key], top: &'static [Key]) -> Option<String> {
    if let Some(key) = table_with(keys, name).filter(|_| keys != top) {
        let table = if matches!(key.shape, Shape::Tables(_)) { format!("[{{ {name} = … }}]") } else { format!("{{ {name} = … }}") };
        return Some(format!("it belongs into `{0}`: `{0} = {table}`", key.name));
    }
    if top.iter().any(|key| key.name == name) {
        return belongs_above(name, parsed, top);
    }
    let brackets = match table_with(top, name)? {
        Key { name, shape: Shape::Tables(_), .. } => format!("[[{name}]]"),
        Key { name, .. } => format!("[{name}]"),
    };
    Some(format!("`{name}` belongs below a line `{brackets}`"))
}

/// The key whose table, or tables, have a key of that name; `None` also where several do.
fn table_with(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    let has_it = |key: &&Key| matches!(key.shape, Shape::Table(below) | Shape::Tables(below) if below.iter().any(|key| key.name == name));
    let mut found = keys.iter().filter(has_it);
    found.next().filter(|_| found.next().is_none())
}

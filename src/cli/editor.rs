//! The person's own editor.

use std::path::Path;
use std::process::Command;

use super::error::CommandError;
use crate::failure::Failure;

/// Opens a file in `$VISUAL`, `$EDITOR` or `vi`, and waits until it is closed.
pub fn open(path: &Path) -> Result<(), CommandError> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let editor = set("VISUAL").or_else(|| set("EDITOR")).unwrap_or_else(|| "vi".to_owned());
    // By the shell, since the variable may hold arguments and quotes (`code --wait`).
    let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(path).status();
    let status = status.map_err(|error| Failure::system(format!("start the editor `{editor}`"), error))?;
    if status.success() {
        return Ok(());
    }
    let error = CommandError::usage(format!(
        "the editor `{editor}` ended with an error ({status}); what the command wrote before stands in `{}`",
        path.display()
    ));
    Err(error.hint("edit it there, or take it out; set EDITOR to a program that is installed, such as `EDITOR=nano`"))
}

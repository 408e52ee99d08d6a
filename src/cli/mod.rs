//! Arguments, one file a command, the terminal. Never holds logic that is worth testing without a terminal.

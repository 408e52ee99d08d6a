#!/bin/sh
# Makes sure that the program signalpost is there; in CI every job begins with this.
set -eu

# Where its source is: set this once. A tag or commit in `revision` keeps the program the same until you change it. Write it here: what CI
# keeps of the program from run to run is made anew when this file changes.
repository="${SIGNALPOST_REPOSITORY:-@{repository}}"
revision=""

if command -v signalpost >/dev/null 2>&1; then
    exit 0
fi
cargo install --locked --git "$repository" ${revision:+--rev "$revision"} signalpost

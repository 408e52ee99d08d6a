#!/bin/sh
# Holds the site against the one of an earlier commit: nothing that subscribers know may be lost or moved unsaid.
# A pull request waits for what this finds. What stands on the published branch does not: an outage must be on the page at once.
#   ci/check-against.sh COMMIT
set -eu

earlier=.previous
git worktree remove --force "$earlier" 2>/dev/null || true
trap 'git worktree remove --force "$earlier"' EXIT
git worktree add --quiet --detach "$earlier" "$1"
if signalpost --root "$earlier" --quiet build; then
    signalpost check --against "$earlier/public"
else
    echo "The earlier commit does not build: there is nothing to hold this one against." >&2
fi

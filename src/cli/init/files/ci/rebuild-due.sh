#!/bin/sh
# Says whether the published site is behind the clock or behind this commit: ends with 0 if it must be built again, with 1 if it is
# still true. What cannot be found out counts as behind.
#   ci/rebuild-due.sh
set -eu

# While a run waits for its turn, a newer commit may come. That has a run of its own, and this one must not publish over it.
commit=$(git rev-parse HEAD)
branch=${GITHUB_REF:-${CI_COMMIT_BRANCH:+refs/heads/$CI_COMMIT_BRANCH}}
if [ -n "$branch" ]; then
    newest=$(git ls-remote origin "$branch" | cut -f 1)
    if [ -n "$newest" ] && [ "$newest" != "$commit" ]; then
        echo "A newer commit has come: its own run publishes it." >&2
        exit 1
    fi
fi

# The address as the program reads it from site.toml.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
signalpost --quiet build --output "$folder/site" || exit 0
base_url=$(sed -n 's|.*"schema": *"\([^"]*\)/schema/status.json".*|\1|p' "$folder/site/status.json")

read_published() {
    curl --fail --silent --show-error --location --max-time 20 "$base_url/$1"
}
# Another commit, or nothing: a publication did not happen, or an older one came last.
[ "$(read_published revision.txt)" = "$commit" ] || exit 0
published=$(read_published status.json) || exit 0
built=$(printf '%s\n' "$published" | sed -n 's/.*"generated_at": *"\([^"]*\)".*/\1/p' | head -n 1)
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# Yesterday's page: build.
if [ "${built%T*}" != "${now%T*}" ]; then
    exit 0
fi
# Times in this form sort as text. The page itself says when it changes next: it also knows of an update that was some minutes ahead
# of the clock when it was built, which `signalpost next --now` of that moment would leave out.
next=$(printf '%s\n' "$published" | sed -n 's/.*"next_change": *"\([^"]*\)".*/\1/p' | head -n 1)
[ -n "$next" ] && expr "$next" '<=' "$now" >/dev/null

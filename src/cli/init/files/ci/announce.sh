#!/bin/sh
# Announces what is new on the published site, each update once: `signalpost announce`, with its record on the branch `announced` of
# this repository, which holds that file alone. One run at a time: two at once would send everything twice. A run that is killed before
# its record is pushed sends again what it sent, under the same ids; nothing is lost.
#   ci/announce.sh
set -eu

remote=${ANNOUNCE_REMOTE:-origin}
branch=refs/heads/announced
folder=.announced
record=$folder/announced.json
export GIT_AUTHOR_NAME="status page" GIT_AUTHOR_EMAIL=status@noreply.invalid
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"

# Nobody is told of what the page does not say yet: every update of this commit must be in the published status.json.
mkdir -p "$folder"
signalpost --quiet build --output "$folder/site"
# The address as the program reads it from site.toml.
base_url=$(sed -n 's|.*"schema": *"\([^"]*\)/schema/status.json".*|\1|p' "$folder/site/status.json")
is_published() {
    curl --fail --silent --show-error --location --max-time 20 "$base_url/status.json" >"$folder/published.json" || return 1
    # No other ids in this file begin so.
    grep -o '"id":"tag:[^"]*"' "$folder/site/status.json" | while read -r id; do
        grep -qF "$id" "$folder/published.json" || return 1
    done
}
tries=1
until is_published; do
    if [ "$tries" -ge 20 ]; then
        echo "The published site does not have the newest updates yet: the next run announces them." >&2
        exit 1
    fi
    tries=$((tries + 1))
    sleep "${ANNOUNCE_WAIT:-15}"
done

# 2: there is no such branch, so this is the first run, which sends nothing. A record that cannot be read is no reason to begin anew:
# what was not sent yet would be forgotten.
found=0
git ls-remote --exit-code "$remote" "$branch" >/dev/null || found=$?
case $found in
    0)
        git fetch --quiet "$remote" "$branch"
        parent=$(git rev-parse FETCH_HEAD)
        git show "$parent:announced.json" >"$record"
        ;;
    2)
        parent=
        rm -f "$record"
        ;;
    *) exit 3 ;;
esac
# Who may not write the record must not send.
git push --quiet --dry-run "$remote" HEAD:refs/heads/announced-is-writable

# What was accepted is written down also where a channel failed.
ended=0
signalpost announce --record "$record" || ended=$?
[ -f "$record" ] || exit "$ended"
blob=$(git hash-object -w "$record")
tree=$(printf '100644 blob %s\tannounced.json\n' "$blob" | git mktree)
if [ -z "$parent" ] || [ "$(git rev-parse "$parent^{tree}")" != "$tree" ]; then
    commit=$(git commit-tree -m "Announce" ${parent:+-p "$parent"} "$tree")
    git push --quiet "$remote" "$commit:$branch" || { sleep 5 && git push --quiet "$remote" "$commit:$branch"; }
fi
exit "$ended"

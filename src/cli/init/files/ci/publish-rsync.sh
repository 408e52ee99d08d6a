#!/bin/sh
# Publishes to any web server that rsync reaches: for a machine of your own, every minute, from cron:
#   * * * * *  cd /srv/status && git pull --quiet && ci/publish-rsync.sh www@www.example.net:/var/www/status/
# A minute in which nothing changed costs one `git pull`. Cron is exact to the minute, so is the site.
set -eu

target=$1
remembered=.published
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
commit=$(git rev-parse HEAD)

if [ -f "$remembered" ]; then
    read -r published_commit published_at next <"$remembered"
    if [ "$published_commit" = "$commit" ] && [ "${published_at%T*}" = "${now%T*}" ]; then
        if [ -z "$next" ] || expr "$next" '>' "$now" >/dev/null; then
            exit 0
        fi
    fi
    if [ "$published_commit" != "$commit" ]; then
        # Advice, which comes by mail from cron: the page comes first.
        ci/check-against.sh "$published_commit" || echo "Published all the same." >&2
    fi
fi

signalpost --quiet build
# New files arrive first and take their places together; what is no longer there goes last.
rsync --recursive --links --times --compress --delay-updates --delete-after public/ "$target"
# When the site changes by itself, as it says so itself: it also knows of an update that is some minutes ahead of this clock.
next=$(sed -n 's/.*"next_change": *"\([^"]*\)".*/\1/p' public/status.json)
echo "$commit $now $next" >"$remembered"

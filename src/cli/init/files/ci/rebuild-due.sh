#!/bin/sh
# Says whether the published site is behind the clock: ends with 0 if it must be built again, with 1 if it is still true.
#   ci/rebuild-due.sh
set -eu

base_url=$(sed -n 's/^base_url *= *"\([^"]*\)".*/\1/p' site.toml)
published=$(curl --fail --silent --show-error --location --max-time 20 "${base_url%/}/status.json") || exit 0
built=$(printf '%s\n' "$published" | sed -n 's/.*"generated_at": *"\([^"]*\)".*/\1/p' | head -n 1)
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# Nothing is published yet, or yesterday's page: build.
if [ "${built%T*}" != "${now%T*}" ]; then
    exit 0
fi
# Times in this form sort as text. The page itself says when it changes next: it also knows of an update that was some minutes ahead
# of the clock when it was built, which `signalpost next --now` of that moment would leave out.
next=$(printf '%s\n' "$published" | sed -n 's/.*"next_change": *"\([^"]*\)".*/\1/p' | head -n 1)
[ -n "$next" ] && expr "$next" '<=' "$now" >/dev/null

"""The Nu Html Checker finds no error in any page, style sheet or drawing. A page known to be bad proves that it ran."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

site = Path(sys.argv[1])
jar = Path(os.environ["SIGNALPOST_TEST_TOOLS"], "node/node_modules/vnu-jar/build/dist/vnu.jar")
if not jar.is_file():
    sys.exit(f"{jar} is not there")

with tempfile.TemporaryDirectory() as folder:
    bad = Path(folder, "known-to-be-bad.html")
    bad.write_text('<!doctype html><html lang="en"><title>t</title><p id="a"><p id="a"></b>')
    command = ["java", "-Xss8m", "-jar", jar, "--format", "json", "--exit-zero-always", "--skip-non-html", "--also-check-css", "--also-check-svg", bad, site]
    answer = subprocess.run(command, capture_output=True, text=True)

messages = json.loads(answer.stderr)["messages"]
errors = [message for message in messages if message["type"] in ("error", "non-document-error")]
if not any(message.get("url", "").endswith(bad.name) for message in errors):
    sys.exit(f"the checker did not see the bad page: {answer.stderr[-500:]}")

errors = [message for message in errors if not message.get("url", "").endswith(bad.name)]
kinds = {}
for message in errors:
    kinds.setdefault(message["message"], []).append(f'{message.get("url", "?").split(str(site))[-1]}:{message.get("lastLine", "?")}')
for text, places in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
    print(f"{text}\n    {len(places)} times, first in {places[0]}")
checked = sum(1 for suffix in ("html", "css", "svg") for _ in site.rglob(f"*.{suffix}"))
print(f"{checked} files, {len(errors)} errors")
sys.exit(1 if errors or not checked else 0)

#!/usr/bin/env python3
"""Runs every example of a built site's page for developers, against that site on loopback.

    developers.py SITE BASE_URL        SITE: the folder that `signalpost build` wrote for BASE_URL

Shell commands need curl, scripts need node. Prints a line for each example, and exits with 1 if one of them is FAIL.
"""

import html
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

from _truth import serve


def run(kind, text):
    """What an example prints; raises where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder, f"example.{kind}")
        script.write_text(text, encoding="utf-8")
        command = {"sh": ["bash", "-euo", "pipefail", str(script)], "mjs": ["node", str(script)]}[kind]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def main(site, base_url):
    base = serve(site) + "/"
    page = pathlib.Path(site, "developers/index.html").read_text(encoding="utf-8")
    examples = re.findall(r'<pre data-(\w[\w-]*)="([^"]*)"><code>(.*?)</code></pre>', page, re.S)
    failed = len(examples) < 8
    print(f"{'FAIL' if failed else 'PASS'} the page has {len(examples)} examples")
    for what, how, text in examples:
        text = html.unescape(text)
        ours = text.replace(base_url.rstrip("/") + "/", base)
        try:
            if what == "run":
                wrong = "" if run(how, ours).strip() else "it prints nothing"
            elif what == "embeds":
                addresses = re.findall(re.escape(base) + r'[^")\s]*', ours)
                for address in addresses:
                    urllib.request.urlopen(address).close()
                wrong = "" if addresses else "it embeds nothing of this site"
            else:
                first = pathlib.Path(site, how).read_text(encoding="utf-8").splitlines()[0]
                wrong = "" if first == text.strip() else f"the file begins {first!r}"
        except subprocess.CalledProcessError as error:
            wrong = error.stderr
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        failed |= bool(wrong)
        print(f"{'FAIL' if wrong else 'PASS'} {text.splitlines()[0]}", *filter(None, [wrong]), sep="\n     ")
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))

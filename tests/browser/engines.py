# once
"""The main pages in the two other engines, WebKit (Safari's) and Firefox's, during an outage, for a reader in Lusaka: what each must show, no
error, no breach of the policy of `_headers`, no sideways scroll; and the search keeps its words when a reader comes back. Before the
site's scripts, what Safari 15.0 or Firefox 91 has not is taken away.
"""
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
from _drivers import Firefox, WebKit

NOW = "2025-09-16T10:30:00Z"
CLOCK = """(() => {
  const Real = Date, ahead = Real.parse('NOW') + 60000 - Real.now();
  window.Date = class extends Real { constructor(...of) { of.length ? super(...of) : super(Real.now() + ahead); } static now() { return Real.now() + ahead; } };
  for (const of of [Array, String, Int8Array.__proto__]) delete of.prototype.at;
  for (const of of [Array, Int8Array.__proto__]) for (const name of ['findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']) delete of.prototype[name];
  for (const name of ['hasOwn', 'groupBy']) delete Object[name];
  for (const name of ['any', 'timeout']) delete AbortSignal[name];
  delete window.structuredClone; delete Promise.withResolvers; delete Array.fromAsync; delete URL.canParse;
  window.wrong = [].at || window.structuredClone ? ['nothing was taken away'] : [];
  addEventListener('error', (event) => wrong.push(event.message || `${event.target.src || event.target.href} does not load`), true);
  addEventListener('unhandledrejection', (event) => wrong.push(`${event.reason}`));
  document.addEventListener('securitypolicyviolation', (event) => wrong.push(`${event.violatedDirective} refuses ${event.blockedURI}`));
})();""".replace("NOW", NOW).encode()

BARS = """[...document.querySelectorAll('.glance .bar')].length > 5 && [...document.querySelectorAll('.glance .bar')].every((bar) => {
  const inner = bar.getBoundingClientRect(), outer = bar.closest('tr').getBoundingClientRect();
  return inner.width > outer.width * 0.9 && inner.top >= outer.top && inner.bottom <= outer.bottom;
})"""
# An address, and what must become true there.
PAGES = [
    ("/", "document.querySelector('h1').textContent === 'Major outage'"),
    ("/", "/GMT\\+0?2|CAT/.test(document.querySelector('.local')?.textContent)"),
    ("/", "!document.querySelector('.yours').hidden && /23:00/.test(document.querySelector('.yours').textContent)"),
    ("/", BARS),
    ("/2025/09/16/london-power/", "document.querySelector('.now a[data-now=nc023]')?.textContent === 'NC023: Major outage'"),
    ("/server/nc023/", "document.querySelector('.bar').getBoundingClientRect().width > 200"),
    ("/search/?q=power", "document.querySelectorAll('#search-results li').length > 0 && document.getElementById('q').value === 'power'"),
    ("/search/?q=power", "parseFloat(getComputedStyle(document.getElementById('q')).fontSize) >= 16"),
    ("/subscribe/", "document.querySelectorAll('.cloud li').length > 5"),
    ("/widget/", "document.querySelector('main').dataset.status === 'major-outage'"),
]


class Host(http.server.SimpleHTTPRequestHandler):
    """Serves the site with the policy of its `_headers`, and in each page a script before all others."""

    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self):
        file = os.path.join(self.translate_path(self.path), "index.html")
        if self.path == "/clock.js":
            body, kind = CLOCK, "text/javascript"
        elif os.path.isfile(file):
            with open(file, "rb") as page:
                # Before the page's own policy: the widget's allows no script.
                body, kind = page.read().replace(b"<head>", b'<head><script src="/clock.js"></script>', 1), "text/html; charset=utf-8"
        else:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def wait(browser, test):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if browser.js(f"try {{ return !!({test}) }} catch {{ return false }}"):
            return True
        time.sleep(0.05)
    return False


def judge(browser, base):
    """What is wrong there."""
    problems = []
    browser.size(1280, 900)
    now = None
    for address, test in PAGES:
        if address != now:
            browser.go(base + address)
            now = address
        if not wait(browser, test):
            problems.append(f"{address}: not true: {test}")
        problems += [f"{address}: {what}" for what in browser.js("return window.wrong ?? ['no script ran']")]
        if not browser.js("return document.documentElement.scrollWidth <= innerWidth"):
            problems.append(f"{address}: scrolls sideways")
    browser.size(600, 900)
    browser.go(base + "/")
    if not wait(browser, BARS):
        problems.append(f"/, narrow: not true: {BARS}")
    browser.go(base + "/search/?q=power")
    wait(browser, "document.querySelector('#search-results a')")
    browser.js("document.querySelector('#search-results a')?.click()")
    wait(browser, "location.pathname !== '/search/' && document.readyState === 'complete'")
    browser.js("history.back()")
    wait(browser, "location.pathname === '/search/'")
    time.sleep(0.5)
    if not wait(browser, "document.getElementById('q').value === 'power'"):
        problems.append(f"/search/: after Back {browser.js('return [location.href, document.readyState, document.getElementById(`q`)?.value]')}")
    # The checker checks: what does not load is seen, and what the policy refuses.
    browser.js("document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.com/none.png' }))")
    browser.js("document.body.append(Object.assign(document.createElement('script'), { src: '/none.js' }))")
    if not wait(browser, "wrong.some((text) => /img-src/.test(text)) && wrong.some((text) => /none.js does not load/.test(text))"):
        problems.append("a breach of the policy, or an error, is not seen")
    return sorted(set(problems))


# WebKit has no mode without a window: the check starts itself again on a screen that nobody sees.
if "DISPLAY" not in os.environ:
    sys.exit(subprocess.run(["xvfb-run", "-a", "-s", "-screen 0 1600x1200x24", sys.executable, *sys.argv]).returncode)

work = tempfile.mkdtemp(prefix="signalpost-engines-")
folder = work + "/public"
subprocess.run([os.environ["SIGNALPOST"], "--root", os.environ["SIGNALPOST_ROOT"], "-q", "build", "--output", folder, "--now", NOW, "--base-url", "https://status.example.net"], check=True)
with open(folder + "/_headers") as file:
    POLICY = re.search(r"Content-Security-Policy: (default-src.*)", file.read()).group(1)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=folder))
server.handle_error = lambda *_: None  # a browser that leaves a page hangs up
threading.Thread(target=server.serve_forever, daemon=True).start()
wrong = 0
for engine in (WebKit, Firefox):
    start = time.monotonic()
    browser = engine()
    try:
        problems = judge(browser, f"http://127.0.0.1:{server.server_port}")
    finally:
        browser.close()
    for problem in problems:
        print(f"{engine.name}: {problem}")
    wrong += len(problems)
    print(f"{engine.name}: {len(PAGES)} facts, {len(problems)} problems, {time.monotonic() - start:.1f} s")
server.shutdown()
shutil.rmtree(work)
sys.exit(wrong > 0)

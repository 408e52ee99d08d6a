#!/usr/bin/env python3
# once: it builds a site of its own
"""Real subscribers and a site that changes: newsboat and rss2email count what they are told.

They subscribe over loopback; then the source changes step by step, the site is built into a new folder and published, and both
look again. Each real update must arrive exactly once, and nothing else must arrive at all. Exit 0 if so, 77 without the readers.
"""

import contextlib
import functools
import http.server
import mailbox
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "subscribers"))
from status_site import Site, build, program  # noqa: E402

# What happens, and how many items a subscriber must be told.
STEPS = [
    ("an update", "add_update", 1),
    ("the resolution", "resolve", 1),
    ("another incident", "new_incident", 1),
    ("two updates at once", "two_at_once", 2),
    ("a rebuild from a fresh clone with another clock", "clone", 0),
    ("a corrected typo", "fix_typo", 0),
    ("twelve incidents at once", "burst", 12),
    ("a renamed file", "rename", 0),
    ("a withdrawn post", "withdraw", 0),
    ("a maintenance announced", "schedule", 1),
    ("its window moved", "reschedule", 1),
]


class Newsboat:
    """newsboat with one feed; a new item is an unread one."""

    def __init__(self, folder: Path, *feeds: str):
        folder.mkdir()
        self.files = [f"--{option}={folder / name}" for option, name in (("url-file", "urls"), ("cache-file", "cache"), ("config-file", "config"))]
        self.cache = folder / "cache"
        self.environment = os.environ | {"HOME": str(folder), "TERM": "dumb"}
        (folder / "urls").write_text("".join(f"{feed}\n" for feed in feeds))
        (folder / "config").write_text("show-read-feeds yes\n")

    def new(self) -> list[str]:
        run(["newsboat", *self.files, "--execute=reload"], env=self.environment)
        with contextlib.closing(sqlite3.connect(self.cache)) as cache, cache:
            titles = [title for (title,) in cache.execute("select title from rss_item where unread = 1 order by pubDate")]
            cache.execute("update rss_item set unread = 0")
        return titles


class Rss2email:
    """rss2email with one feed, delivering into a maildir; a new item is a new mail."""

    def __init__(self, folder: Path, feed: str):
        folder.mkdir()
        self.mails = folder / "mail"
        self.command = ["r2e", "--config", str(folder / "config"), "--data", str(folder / "data")]
        # Debian's program brings its own Python packages; a virtual environment's must not stand before them.
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "PYENV"))}
        self.environment["HOME"] = str(folder)
        self.seen: set[str] = set()
        (folder / "config").write_text(
            "[DEFAULT]\nto = customer@localhost\nemail-protocol = maildir\n"
            f"maildir-path = {self.mails}\nmaildir-mailbox = INBOX\n"
        )
        self.mails.mkdir()
        run([*self.command, "add", "status", feed], env=self.environment)

    def new(self) -> list[str]:
        run([*self.command, "run"], env=self.environment)
        box = self.mails / "INBOX"
        mails = dict(mailbox.Maildir(box, create=False).items()) if box.exists() else {}
        fresh = [str(mail["Subject"]) for key, mail in mails.items() if key not in self.seen]
        self.seen |= mails.keys()
        return fresh


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, **options)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")


@contextlib.contextmanager
def served(folder: Path):
    """Serves a folder on loopback and gives its address; what the folder links to may be exchanged meanwhile."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def send_header(self, keyword, value):
            # No finer than a second here: two publishings may share one, and readers would take the second for the first.
            if keyword != "Last-Modified":
                super().send_header(keyword, value)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def publish(source: Path, work: Path, base: str, number: int, **options):
    """Builds into a folder of its own and exchanges the link that the server follows."""
    output = work / f"public-{number:02}"
    build(program(), source, output, base, **options)
    link = work / "next"
    link.symlink_to(output)
    link.rename(work / "public")


def clone(source: Path, work: Path) -> tuple[Path, dict]:
    """The same files elsewhere, with other times, in another zone, three days later where `faketime` is there."""
    copy = shutil.copytree(source, work / "clone", copy_function=shutil.copyfile)
    faketime = shutil.which("faketime")
    before = [faketime, "-f", "+3d"] if faketime else []
    return copy, {"env": os.environ | {"TZ": "Pacific/Auckland", "LC_ALL": "C"}, "before": before}


def main() -> int:
    missing = [name for name in ("newsboat", "r2e") if not shutil.which(name)]
    if missing:
        print(f"SKIP  subscribers  not installed: {', '.join(missing)}")
        return 77
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="subscribers-") as folder:
        work = Path(folder)
        site = Site(work / "source")
        site.init()
        with served(work / "public") as base:
            publish(site.root, work, base, 0)
            feed = f"{base}/feed.xml"
            readers = {
                "newsboat": Newsboat(work / "newsboat", feed),
                "newsboat, two feeds": Newsboat(work / "newsboat-two", feed, f"{base}/server/nc023/feed.xml"),
                "newsboat, Atom": Newsboat(work / "newsboat-atom", f"{base}/atom.xml"),
                "rss2email": Rss2email(work / "rss2email", feed),
            }
            for name, reader in readers.items():
                if not reader.new():
                    print(f"FAIL  subscribers  {name} gets nothing when it subscribes")
                    wrong += 1
            for number, (what, change, expected) in enumerate(STEPS, start=1):
                source, options = site.root, {}
                if change == "clone":
                    source, options = clone(site.root, work)
                else:
                    getattr(site, change)()
                publish(source, work, base, number, **options)
                for name, reader in readers.items():
                    titles = reader.new()
                    if len(titles) != expected:
                        wrong += 1
                        print(f"FAIL  subscribers  {what}: {name} is told {len(titles)} instead of {expected}: {'; '.join(titles)}")
                print(f"      {what}: {expected}")
    print("FAIL" if wrong else "PASS", f" subscribers  {len(STEPS)} steps, {len(readers)} subscribers")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

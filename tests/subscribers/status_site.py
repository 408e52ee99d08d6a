"""A small site whose source changes as staff would change it, one function a change.

Times come from a clock of the site's own that only moves forward, so a run tomorrow writes the same files.
"""

import os
import re
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

BEGINNING = datetime(2026, 9, 1, 8, 0, tzinfo=timezone.utc)

SETTINGS = """\
title       = "Northwind Hosting status"
base_url    = "https://status.example.net"
description = "Incidents and maintenance on Northwind's servers"
language    = "en"
time_zones  = ["Africa/Lusaka", "Australia/Perth"]

[feeds]
items = 50
authority = "status.example.net,2026"
"""

SERVERS = "".join(
    f'[[server]]\nid = "{name.lower()}"\nname = "{name}"\nstatus = "operational"\n\n' for name in ("NC023", "NC027", "NC031")
)


class Site:
    """The source folder of a status site."""

    def __init__(self, root: Path):
        self.root = root
        self.posts = root / "content/posts"
        self.clock = root / ".clock"

    # What staff do.

    def init(self):
        """Old incidents with more updates than a feed holds, and one open incident with two updates, the newest of all."""
        self.posts.mkdir(parents=True)
        (self.root / "site.toml").write_text(SETTINGS)
        (self.root / "content/servers.toml").write_text(SERVERS)
        for number in range(20):
            server = ("nc023", "nc027", "nc031")[number % 3]
            name = self.post(f"old-{number:02}", f"Slow answers, case {number}", server, "Pages take longer than they should.")
            self.update(name, "Identified", "A query that nobody had indexed.")
            self.update(name, "Resolved", "The index is there.")
        name = self.post("relay", "Relay server offline", "nc023", "The relay does not accept mail.", tags='["mail relay"]')
        self.update(name, "Identified", "A disk of the array is brokn.")

    def add_update(self):
        self.update("relay", "Monitoring", "The disk is replaced and the array is being rebuilt.")

    def fix_typo(self):
        self.replace("relay", "brokn", "broken")

    def retitle(self):
        self.replace("relay", "Relay server offline", "Mail relay offline")

    def retag(self):
        self.replace("relay", '["mail relay"]', '["mail relay", "hardware"]')

    def resolve(self):
        at = self.update("relay", "Resolved", "Mail flows again.")
        self.set("relay", "end", at)

    def new_incident(self):
        self.post("webmail", "Webmail rejects passwords", "nc027", "Nobody can sign in.")

    def two_at_once(self):
        self.update("webmail", "Identified", "The directory does not answer.")
        self.update("webmail", "Monitoring", "It answers again.")

    def schedule(self):
        self.post(
            "switch", "Switch replacement", "nc031", "We will replace a switch.",
            kind='"maintenance"', start="2031-03-01T20:00:00Z", end="2031-03-01T21:00:00Z",
        )

    def reschedule(self):
        self.set("switch", "start", "2031-03-08T20:00:00Z")
        self.set("switch", "end", "2031-03-08T21:30:00Z")
        self.update("switch", "Scheduled", "The work moves by a week.")

    def cancel(self):
        self.update("switch", "Cancelled", "The switch stays.")

    def late_report(self):
        began = self.now() - timedelta(days=3)
        self.post("packet-loss", "Packet loss", "nc031", "We noticed it only now.", start=stamp(began))

    def burst(self):
        for number in range(12):
            self.post(f"burst-{number:02}", f"Power feed {number} fails", "nc023", "The feed has no power.")

    def withdraw(self):
        self.set("burst-05", "withdrawn", "true")

    def rename(self):
        """Another file name, and so another address; the id stays."""
        old = self.file("burst-07")
        self.set("burst-07", "id", f'"{old.stem}"')
        old.rename(old.with_name(old.name.replace("burst-07", "power-feed-seven")))

    def reformat(self):
        """Other white space and another order of the keys."""
        for path in sorted(self.posts.rglob("*.md")):
            _, front, body = path.read_text().split("+++\n", 2)
            keys = [re.sub(r"\s*=\s*", "   =  ", line, count=1) for line in front.splitlines() if line.strip()]
            path.write_text("+++\n\n" + "\n".join(sorted(keys, reverse=True)) + "\n\n+++\n\n" + body.rstrip("\n") + "\n\n\n")

    # How they do it.

    def now(self) -> datetime:
        """The next moment: 17 minutes after the one before."""
        last = datetime.fromisoformat(self.clock.read_text()) if self.clock.exists() else BEGINNING
        at = last + timedelta(minutes=17)
        self.clock.write_text(at.isoformat())
        return at

    def post(self, slug: str, title: str, server: str, text: str, **keys: str) -> str:
        at = self.now()
        facts = {"title": f'"{title}"', "servers": f'["{server}"]', "date": stamp(at), "kind": '"incident"', "start": stamp(at)} | keys
        lines = "".join(f"{key} = {value}\n" for key, value in facts.items())
        (self.posts / f"{at:%Y-%m-%d}-{slug}.md").write_text(f"+++\n{lines}+++\n\n{text}\n")
        return slug

    def update(self, slug: str, state: str, text: str) -> str:
        at = self.now()
        path = self.file(slug)
        path.write_text(f"{path.read_text()}\n## {at:%Y-%m-%d %H:%M} UTC — {state}\n{text}\n")
        return stamp(at)

    def set(self, slug: str, key: str, value: str):
        path = self.file(slug)
        _, front, body = path.read_text().split("+++\n", 2)
        kept = "".join(line + "\n" for line in front.splitlines() if not line.startswith(f"{key} "))
        path.write_text(f"+++\n{kept}{key} = {value}\n+++\n{body}")

    def replace(self, slug: str, old: str, new: str):
        path = self.file(slug)
        text = path.read_text()
        assert old in text, f"{path} does not hold {old!r}"
        path.write_text(text.replace(old, new))

    def file(self, slug: str) -> Path:
        (path,) = self.posts.glob(f"*-{slug}.md")
        return path


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def program() -> str:
    """`$SIGNALPOST`, else this repository's newest build."""
    if "SIGNALPOST" in os.environ:
        return os.environ["SIGNALPOST"]
    target = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).resolve().parents[2] / "target"))
    built = [path for path in (target / "release/signalpost", target / "debug/signalpost") if path.exists()]
    if not built:
        raise SystemExit("no program: run `cargo build`, or name it in $SIGNALPOST")
    return str(max(built, key=lambda path: path.stat().st_mtime))


def build(signalpost: str, root: Path, output: Path, base: str, env: dict | None = None, before: list[str] | None = None):
    """Builds the site, with `before` in front of the command; raises with what the program said where it does not."""
    command = [*(before or []), signalpost, "build", "--root", str(root), "--output", str(output), "--base-url", base.rstrip("/")]
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}{done.stdout}")

#!/usr/bin/env python3
# once: it makes a site of its own
"""Mail from `signalpost announce`, taken by a mail server that we did not write (aiosmtpd) and read by Python's own parser.

A site changes step by step; after each step the command runs. Every recipient must have every update of the feed exactly once, in
mails without a defect, threaded by event, whatever a title holds; a run in between finds the server gone. Exit 0 if so.
"""

import email
import email.policy
import json
import os
import socket
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from aiosmtpd.controller import Controller

PROGRAM = os.environ.get("SIGNALPOST", "signalpost")
RECIPIENTS = ["team@example.net", "boss@example.net"]
SETTINGS = """title = "Northwind — žluťoučký status"
base_url = "https://status.example.net/s"

[mail]
from = "Northwind stav služeb <status@example.net>"
to = ["team@example.net", "boss@example.net"]
smtp_env = "SMTP"
"""
START = datetime(2026, 5, 4, 11, 50, tzinfo=timezone.utc)


class Box:
    """What the mail server took: (recipients of the envelope, mail)."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    def __init__(self, root: Path):
        self.root, self.now = root, START
        self.write("site.toml", SETTINGS)
        self.write("content/servers.toml", '[[server]]\nid = "nc023"\nname = "NC023"\n')

    def write(self, name: str, text: str):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *arguments: str, smtp: str = "") -> subprocess.CompletedProcess:
        self.now += timedelta(minutes=10)
        environment = {"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": str(int(self.now.timestamp())), "SMTP": smtp}
        return subprocess.run([PROGRAM, *arguments], cwd=self.root, env=environment, capture_output=True, text=True)

    def incident(self, *updates: str):
        text = '+++\ntitle = "Pošta je pomalá"\nserver = "nc023"\nstart = 2026-05-04T12:05:00Z\n+++\nIt *waits* for <b>staff</b> & disks.\n'
        self.write("content/posts/2026-05-04-1205-mail.md", text + "".join(f"\n## 2026-05-04 {update}\n" for update in updates))

    def hostile(self):
        title = r"Hi\r\nBcc: evil@example.net\r\n\r\n<script>alert(1)</script> " + "=?utf-8?q?x?= " * 20
        self.write("content/posts/2026-05-04-1245-hostile.md", f'+++\ntitle = "{title}"\n+++\n.\n\n..\n\nFrom here.\n')


def main() -> int:
    problems = []

    def expect(is_so: bool, what: str):
        if not is_so:
            problems.append(what)

    with tempfile.TemporaryDirectory() as folder:
        site, box, port = Site(Path(folder)), Box(), free_port()
        server = Controller(box, hostname="127.0.0.1", port=port)
        server.start()
        url = f"smtp://127.0.0.1:{port}"
        first = site.run("announce", smtp=url)
        expect(first.returncode == 0 and not box.mails, f"the first run: {first.stderr}")
        site.incident()
        expect(site.run("announce", smtp=url).returncode == 0, "the opening is announced")
        expect(site.run("announce", smtp=url).returncode == 0, "a second run finds nothing to do")
        expect(len(box.mails) == 2, f"{len(box.mails)} mails after the opening")
        # A server that does not offer TLS must not get what was meant for a safe connection.
        site.incident("12:10 UTC — Monitoring\nBetter — čekáme.")
        unsafe = site.run("announce", smtp=url.replace("//", "//user:s3cret@") + "?starttls")
        expect(unsafe.returncode == 3 and len(box.mails) == 2, f"without TLS: {unsafe.stderr}")
        expect("s3cret" not in unsafe.stderr + unsafe.stdout, "the password is said")
        server.stop()
        gone = site.run("announce", smtp=url)
        expect(gone.returncode == 3, f"the server is gone: {gone.stderr}")
        server = Controller(box, hostname="127.0.0.1", port=port)
        server.start()
        site.incident("12:10 UTC — Monitoring\nBetter — čekáme.", "12:20 UTC — Resolved\nAll is well.")
        site.hostile()
        expect(site.run("announce", smtp=url).returncode == 0, "what waited is sent")
        expect(site.run("announce", smtp=url).returncode == 0, "the last run")
        server.stop()
        site.run("build", "-q")
        feed = json.loads((site.root / "public/feed.json").read_text(encoding="utf-8"))
        told = sorted(feed["items"], key=lambda item: item["date_published"])

    for recipient in RECIPIENTS:
        mails = [mail for to, mail in box.mails if to == [recipient]]
        expect([str(mail["Subject"]) for mail in mails] == [item["title"].replace("=?", "= ?") for item in told], f"{recipient}: {[str(mail['Subject']) for mail in mails]}")
        expect(len({mail["Message-ID"] for mail in mails}) == len(mails), f"{recipient}: a Message-ID twice")
        for mail, item in zip(mails, told):
            text, html = mail.get_body(("plain",)), mail.get_body(("html",))
            expect(not mail.defects and not any(part.defects for part in mail.walk()), f"{item['title']}: {mail.defects}")
            expect(mail["To"] == recipient and mail["Bcc"] is None and mail["Cc"] is None, f"{item['title']}: whom it is to")
            expect(mail["From"].addresses[0].display_name == "Northwind stav služeb", f"{item['title']}: {mail['From']}")
            expect(mail["Auto-Submitted"] == "auto-generated" and mail["List-Id"] == "<updates.status.example.net>", f"{item['title']}: headers")
            expect(mail["Date"].datetime.isoformat().replace("+00:00", "Z") == item["date_published"], f"{item['title']}: {mail['Date']}")
            expect(item["url"] in text.get_content(), f"{item['title']}: no {item['url']} in {text.get_content()!r}")
            page = html.get_content().replace("\r\n", "\n")
            expect(item["content_html"].strip() in page, f"{item['title']}: {page!r} is not {item['content_html']!r}")
            expect("<b>staff</b> & disks" not in html.get_content() and "<script" not in html.get_content(), f"{item['title']}: HTML of a post")
        threads = [(mail["References"], mail["In-Reply-To"]) for mail in mails[:3]]
        opening = mails[0]["Message-ID"] if mails else None
        expect(threads == [(None, None), (opening, opening), (opening, opening)], f"{recipient}: threads {threads}")
    for problem in problems:
        print(problem)
    print(f"{len(box.mails)} mails, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

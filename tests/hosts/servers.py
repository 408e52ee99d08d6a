"""What the README says for nginx, Apache and Caddy does what the site's own `_headers` and `_redirects` say.

Each block of the README is given to the program that it is for, with the site in the place of /srv/status and a port of this machine,
and every file of the site is asked for. The site is the example site with the form of `init --decap`.
"""
# once

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

root = Path(os.environ["SIGNALPOST_ROOT"])
readme = (root / "README.md").read_text("utf-8")
work = Path(tempfile.mkdtemp(prefix="servers-", dir=Path(sys.argv[1]).resolve().parent))
site = work / "site"
EVERYWHERE = ["x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy"]
COMPARED = [*EVERYWHERE, "cache-control", "access-control-allow-origin"]
# What the hosts that read `_headers` send by themselves.
DEFAULTS = {"cache-control": "no-cache"}
# The rest of the policy stands in every page.
KEPT_OUT = "frame-ancestors 'none'"


def block(language):
    return re.search(rf"```{language}\n(.*?)```", readme, re.S).group(1).replace("/srv/status", str(site))


def nginx(port):
    maps, server = block("nginx").split("server {", 1)
    text = f"""daemon off; master_process off; pid {work}/nginx.pid; error_log {work}/nginx.log;
events {{ }}
http {{
include /etc/nginx/mime.types;
access_log off; client_body_temp_path {work}/a; proxy_temp_path {work}/b; fastcgi_temp_path {work}/c; uwsgi_temp_path {work}/d;
scgi_temp_path {work}/e;
{maps}
server {{ listen 127.0.0.1:{port};
{server}
}}
"""
    (work / "nginx.conf").write_text(text)
    return ["nginx", "-c", str(work / "nginx.conf")]


def apache2(port):
    folder = "/usr/lib/apache2/modules"
    names = "mpm_event authz_core dir mime headers alias".split()
    modules = "\n".join(f"LoadModule {name}_module {folder}/mod_{name}.so" for name in names)
    text = f"""ServerRoot {work}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {work}/apache.pid
ErrorLog {work}/apache.log
{modules}
TypesConfig /etc/mime.types
<Directory />
  Require all denied
</Directory>
{block("apache")}
"""
    (work / "apache.conf").write_text(text)
    return ["apache2", "-X", "-f", str(work / "apache.conf")]


def caddy(port):
    text = block("caddy").replace("status.example.net {", f"http://localhost:{port} {{", 1)
    (work / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    return ["caddy", "run", "--config", str(work / "Caddyfile"), "--adapter", "caddyfile"]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def build_with_form():
    example = work / "example"
    shutil.copytree(root / "content", example / "content")
    shutil.copy(root / "site.toml", example)
    signalpost = [os.environ["SIGNALPOST"], "--quiet", "--root", example]
    subprocess.run([*signalpost, "init", "--decap"], check=True)
    (example / "content/static/admin/decap-cms.js").write_text("// Decap CMS\n")
    subprocess.run([*signalpost, "build", "--output", site, "--base-url", sys.argv[2], "--now", sys.argv[3]], check=True)


# --- What the site says ---------------------------------------------------------------------------------------------------------

build_with_form()
rules = []
for line in (site / "_headers").read_text("utf-8").splitlines():
    if line.startswith("/"):
        pattern = re.escape(line).replace(r"\*", ".*")
        rules.append((re.compile(re.sub(r":[a-z]+", "[^/]+", pattern)), []))
    elif line.startswith("  ! "):
        rules[-1][1].append((line[4:].lower(), None))
    else:
        name, value = line.strip().split(": ", 1)
        rules[-1][1].append((name.lower(), value))
redirects = [line.split(" ") for line in (site / "_redirects").read_text("utf-8").splitlines()]


def wanted(address):
    headers = []
    for name, value in (header for pattern, own in rules if pattern.fullmatch(address) for header in own):
        if value is None:
            headers = [header for header in headers if header[0] != name]
        else:
            headers.append((name, value))
    return headers


def kind(content_type):
    """Without the character set, and XML and scripts by one of their two names."""
    return (content_type or "").split(";")[0].strip().replace("text/xml", "application/xml").replace("application/javascript", "text/javascript")


# --- What a server does ---------------------------------------------------------------------------------------------------------


def judge(port):
    problems = []
    connection = http.client.HTTPConnection("localhost", port, timeout=20)

    def get(address):
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer, answer.read()

    def compare(address, what, expected, found):
        if expected != found:
            problems.append(f"{address}: {what} is {found!r}, and should be {expected!r}")

    def policy(answer):
        return answer.getheader("content-security-policy")

    files = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    files = [name for name in files if not name.startswith((".signalpost/", "_", "feed/")) and name != "404.html"]
    for name in files:
        address = "/" + quote(name.removesuffix("index.html"))
        answer, _ = get(address)
        compare(address, "the status", 200, answer.status)
        headers = wanted(address)
        for header in COMPARED:
            compare(address, header, dict(headers).get(header, DEFAULTS.get(header)), answer.getheader(header))
        if "content-type" in dict(headers):
            compare(address, "content-type", kind(dict(headers)["content-type"]), kind(answer.getheader("content-type")))
        if address.endswith("/"):
            is_kept_out = any(name == "content-security-policy" and value.endswith(KEPT_OUT) for name, value in headers)
            compare(address, "the policy", KEPT_OUT if is_kept_out else None, policy(answer))
    there = next(name.split("/")[1] for name in files if re.fullmatch("tag/[^/]+/feed.xml", name))
    for old, new, _ in redirects:
        old, new = (part.replace(":slug", there) for part in (old, new))
        if (site / old[1:] / "index.html").exists():
            continue  # the page of an alias leads on
        answer, _ = get(old)
        location = re.sub(r"^https?://[^/]+", "", answer.getheader("location") or "")
        compare(old, "the answer", (301, new), (answer.status, location))
    for missing in ["/nowhere/", "/assets/none.0123456789.css"]:
        answer, body = get(missing)
        compare(missing, "the status", 404, answer.status)
        compare(missing, "the page", (site / "404.html").read_bytes(), body)
        compare(missing, "cache-control", DEFAULTS["cache-control"], answer.getheader("cache-control"))
        for header in EVERYWHERE:
            compare(missing, header, dict(wanted("/")).get(header), answer.getheader(header))
    return problems, len(files)


failed, ran = False, 0
for server in [nginx, apache2, caddy]:
    if shutil.which(server.__name__) is None:
        print(f"{server.__name__} is not installed")
        continue
    ran += 1
    port = free_port()
    with open(work / "output", "w") as output:
        process = subprocess.Popen(server(port), stdout=output, stderr=output, env={**os.environ, "HOME": str(work)})
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                break
            time.sleep(0.1)
        if process.poll() is not None:
            problems, asked = [(work / "output").read_text()], 0
        else:
            problems, asked = judge(port)
    finally:
        process.terminate()
        process.wait()
    print(f"{server.__name__}: {asked} files, {len(problems)} problems")
    for problem in problems[:30]:
        failed = True
        print(f"  {problem}")

shutil.rmtree(work)
sys.exit(1 if failed else 0 if ran else 77)

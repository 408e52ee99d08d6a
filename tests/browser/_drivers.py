"""WebKit (Safari's engine) by WebDriver and Firefox by Marionette, with Python alone: `js`, `go`, `size` and `close` are the same in both."""
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ZONE = "Africa/Lusaka"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def connect(port):
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), 60)
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nobody listens on {port}")


class Browser:
    """One window, with a home of its own."""

    def __init__(self, *command, **environment):
        self.home = tempfile.mkdtemp(prefix="signalpost-browser-")
        os.mkdir(self.home + "/run", 0o700)
        fixed = {"HOME": self.home, "XDG_RUNTIME_DIR": self.home + "/run", "TZ": ZONE, "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory"}
        with open(self.home + "/log", "w") as log:
            self.process = subprocess.Popen(command, env={**os.environ, **fixed, **environment}, stdout=log, stderr=log, start_new_session=True)

    def size(self, width, height):
        """Makes the page so large; the window has borders."""
        self.resize(width, height)
        time.sleep(0.3)
        inner = self.js("return [innerWidth, innerHeight]")
        self.resize(2 * width - inner[0], 2 * height - inner[1])
        time.sleep(0.3)

    def close(self):
        try:
            self.quit()
        except (OSError, RuntimeError):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)


class WebKit(Browser):
    name = "WebKit"

    def __init__(self):
        self.port = free_port()
        super().__init__("WebKitWebDriver", f"--port={self.port}")
        connect(self.port).close()
        window = sorted(glob.glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser"))[-1]
        options = {"webkitgtk:browserOptions": {"binary": window, "args": ["--automation"]}}
        self.session = ""
        self.session = "/" + self.ask("POST", "", {"capabilities": {"alwaysMatch": options}})["sessionId"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/session{self.session}{path}", data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from None

    def js(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def go(self, url):
        self.ask("POST", "/url", {"url": url})

    def resize(self, width, height):
        self.ask("POST", "/window/rect", {"width": width, "height": height})

    def quit(self):
        self.ask("DELETE", "")


class Firefox(Browser):
    name = "Firefox"
    # No first-run page, and no request of its own.
    PREFERENCES = {
        "app.update.disabledForTesting": True, "browser.cache.disk.enable": False, "browser.shell.checkDefaultBrowser": False, "browser.startup.page": 0,
        "datareporting.policy.dataSubmissionEnabled": False, "extensions.update.enabled": False, "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False, "services.settings.server": "data:,x", "termsofuse.bypassNotification": True, "toolkit.telemetry.enabled": False,
    }

    def __init__(self):
        port = free_port()
        profile = tempfile.mkdtemp(prefix="signalpost-browser-")
        with open(profile + "/user.js", "w") as file:
            for name, value in {**self.PREFERENCES, "marionette.port": port}.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        self.profile = profile
        super().__init__("firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", profile)
        self.connection = connect(port)
        self.answers = self.connection.makefile("rb")
        self.number = 0
        self.read()
        self.ask("NewSession")

    def read(self):
        length = b""
        while (byte := self.answers.read(1)) not in (b":", b""):
            length += byte
        return json.loads(self.answers.read(int(length)))

    def ask(self, command, **parameters):
        self.number += 1
        message = json.dumps([0, self.number, "WebDriver:" + command, parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.read()
        if error:
            raise RuntimeError(str(error)[:500])
        return result

    def js(self, script):
        return self.ask("ExecuteScript", script=script, args=[], sandbox=None, newSandbox=False)["value"]

    def go(self, url):
        self.ask("Navigate", url=url)

    def resize(self, width, height):
        self.ask("SetWindowRect", width=width, height=height)

    def quit(self):
        self.ask("DeleteSession")
        self.connection.close()

    def close(self):
        super().close()
        shutil.rmtree(self.profile, ignore_errors=True)

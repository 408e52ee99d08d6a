"""What a Statuspage client must report of a built site, worked out from the site's own status.json and nothing of the API."""

import json
import pathlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

INDICATORS = {
    "operational": "none",
    "maintenance": "maintenance",
    "degraded": "minor",
    "partial-outage": "major",
    "major-outage": "critical",
}
COMPONENT_STATUSES = {
    "operational": "operational",
    "maintenance": "under_maintenance",
    "degraded": "degraded_performance",
    "partial-outage": "partial_outage",
    "major-outage": "major_outage",
}


class Truth:
    def __init__(self, out):
        document = json.loads((pathlib.Path(out) / "status.json").read_text(encoding="utf-8"))
        public = [server for server in document["servers"] if server["standing"] == "operational"]
        internal = {server["id"] for server in document["servers"] if server["standing"] == "internal"}
        self.indicator = INDICATORS[document["overall"]["status"]]
        # Of servers, in their order, since two may share a name.
        self.components = sorted((server["name"], COMPONENT_STATUSES[server["status"]]) for server in public)
        members = {server["id"] for server in public}
        self.groups = sorted(
            (group["name"], COMPONENT_STATUSES[group["status"]])
            for group in document["groups"]
            if group["name"] is not None and members & set(group["servers"])
        )
        def titles(events, kind):
            seen = [event for event in events if not event["servers"] or not set(event["servers"]) <= internal]
            return sorted(event["title"] for event in seen if event["kind"] == kind)

        self.incidents = titles(document["active"], "incident")
        self.maintenances = titles(document["active"] + document["planned"], "maintenance")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(out):
    """The base URL of a plain file server on loopback, which lives as long as the process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"

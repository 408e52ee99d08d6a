#!/usr/bin/env python3
"""Reads a built site with Statuspage clients from PyPI, over loopback, and compares what they report with status.json.

    clients.py SITE          SITE: the folder that `signalpost build` wrote

Prints a line for each client, and exits with 1 if one of them is FAIL.
"""

import asyncio
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from prometheus_client.parser import text_string_to_metric_families

from _truth import Truth, serve


def arez(base, truth):
    """The strictest parser: every stamp, every key, every word of every enumeration."""
    from arez.statuspage import StatusPage

    async def read():
        # The client looks for its event loop when it is made.
        async with StatusPage(base) as page:
            return await page.get_status()

    def word(text):
        return text.lower().replace(" ", "_")

    status = asyncio.run(read())
    yield "indicator", word(status.impact), truth.indicator
    yield "components", sorted((c.name, word(c.status)) for c in status.components), truth.components
    yield "groups", sorted((g.name, word(g.status)) for g in status.groups), truth.groups
    yield "incidents", sorted(i.name for i in status.incidents), truth.incidents
    yield "maintenances", sorted(m.name for m in status.maintenances), truth.maintenances


def statuscheck(base, truth):
    from statuscheck.services.bases._statuspageio import (
        COMPONENT_STATUS_MAPPING,
        BaseStatusPageAPI,
    )

    class Ours(BaseStatusPageAPI):
        name = "ours"

        def _get_base_url(self):
            return base + "/api/v2/"

    summary = Ours().get_summary()
    expected = sorted((name, COMPONENT_STATUS_MAPPING[status]) for name, status in truth.components + truth.groups)
    yield "indicator", summary.status.code, truth.indicator
    yield "is_ok", summary.status.is_ok, truth.indicator == "none"
    yield "components", sorted((c.name, c.status) for c in summary.components), expected
    yield "events", sorted(i.name for i in summary.incidents), sorted(truth.incidents + truth.maintenances)


def exporter(base, truth):
    """statuspage-prometheus-exporter, as its own program."""
    with tempfile.TemporaryDirectory() as folder:
        services = {"ours": {"name": "ours", "url": base + "/api/v2/summary.json"}}
        pathlib.Path(folder, "services.json").write_text(json.dumps(services))
        program = pathlib.Path(sys.executable).with_name("statuspage-prometheus-exporter")
        environment = {**os.environ, "RUN_MODE": "once", "CLEAR_CACHE": "true", "SLACK_WEBHOOK_URL": ""}
        subprocess.run([program], cwd=folder, env=environment, check=True, capture_output=True, timeout=120)
        text = pathlib.Path(folder, "metrics/statuspage.prom").read_text(encoding="utf-8")
    families = {family.name: family.samples for family in text_string_to_metric_families(text)}

    def samples(name):
        return families.get(name, [])

    def names(name, label):
        # Where there are none it makes one up, with the value 0.
        return sorted(sample.labels[label] for sample in samples(name) if sample.value)

    # One sample a name: the last component of a name wins.
    components = {sample.labels["component_name"]: sample.value for sample in samples("statuspage_component_status")}
    expected = {name: float(status == "operational") for name, status in truth.components + truth.groups}
    all_well = truth.indicator == "none" and not truth.incidents
    yield "probe", [sample.value for sample in samples("statuspage_probe_check")], [1.0]
    yield "components", components, expected
    yield "service", [sample.value for sample in samples("statuspage_service_status")], [float(all_well)]
    yield "incidents", names("statuspage_incident_info", "incident_name"), truth.incidents
    yield "maintenances", names("statuspage_maintenance_info", "maintenance_name"), truth.maintenances


def main(site):
    truth, base = Truth(site), serve(site)
    failed = False
    for client in (arez, statuscheck, exporter):
        try:
            answers = list(client(base, truth))
            wrong = [f"{what}: {said!r} instead of {expected!r}" for what, said, expected in answers if said != expected]
        except Exception as error:
            wrong = [f"{type(error).__name__}: {error}"]
        failed |= bool(wrong)
        print(f"{'FAIL' if wrong else 'PASS'} {client.__name__}", *wrong, sep="\n     ")
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))

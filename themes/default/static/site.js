// What a page does while it is open; it works without. Nothing leaves the site's own origin. In the published file stands
// before this what states are called in the site's language: `const words = {"status.degraded": "Degraded", …}`.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const lang = root.lang || "en";
  const passed = (time) => Date.parse(time.dateTime) <= Date.now();
  let stale = false;

  // The reader's own time beside each time in UTC, where their clock differs from it.
  const hours = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  const made = {}; // a form is costly to make, and who lives in UTC needs none
  const here = (options) => (made[Object.keys(options)] ??= new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, options));
  const day = { day: "numeric", month: "short" };
  const format = (at) => here(at.getDate() === at.getUTCDate() ? hours : { ...day, ...hours }).format(at);
  for (const time of all("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (!at.getTimezoneOffset()) continue;
    const local = document.createElement("span");
    local.className = "local";
    local.textContent = `(${format(at)})`;
    time.after(" ", local);
  }
  for (const place of all(".yours")) {
    const [start, end] = [place.dataset.start, place.dataset.end].map((at) => new Date(at || NaN));
    if (!start.getTimezoneOffset()) continue;
    const { timeZoneName, ...short } = hours;
    const near = end - start < 864e5 && start.getDate() === end.getDate() && start.getDate() === start.getUTCDate();
    const range = here(near ? short : { ...day, ...short });
    const zone = here(hours).formatToParts(start).find((part) => part.type === "timeZoneName").value;
    place.lastElementChild.textContent = isNaN(end) ? format(start) : `${range.formatRange(start, end)} ${zone}`;
    place.hidden = false;
  }

  // States and phases change when the clock passes the times that the page itself prints.
  const turn = (attribute, mark, becomes, room) => {
    for (const element of all(`[${attribute}]`)) {
      const owner = (time) => time.closest(`[${attribute}]`) === element;
      const last = all(`time[${becomes}]`, element).filter((time) => owner(time) && passed(time)).pop();
      const unknown = stale && element.matches(".answer, .glance tr");
      const word = unknown ? "unknown" : last?.getAttribute(becomes);
      if (!word || element.getAttribute(attribute) === word) continue;
      element.setAttribute(attribute, word);
      const own = (part) => part.closest(`[${attribute}]`) === element;
      const text = all(`[${mark}]`, element).find(own);
      if (text) text.textContent = words[`${element.dataset.room || room}.${word}`] || word;
      for (const since of all("[data-since]", element).filter(own)) since.hidden = true; // of the state before
    }
  };
  const tick = () => {
    const until = root.dataset.staleAfter;
    stale = Boolean(until) && Date.parse(until) <= Date.now();
    if (stale && byId("stale")) byId("stale").hidden = false;
    root.toggleAttribute("data-is-stale", stale);
    turn("data-status", "data-word", "data-becomes", "status");
    turn("data-phase", "data-phase-word", "data-phase-becomes", "phase");
    const answer = all(".answer[data-active]").find((answer) => answer.dataset.status === "operational");
    const isActive = all(".event [data-phase]").some((event) => /ongoing|in-progress|overrunning/.test(event.dataset.phase));
    if (answer) all("[data-word]", answer)[0].textContent = isActive ? answer.dataset.active : words["overall.operational"];
  };
  tick();
  setInterval(tick, 15000);

  // Now and then: is there news? And on a post, how its servers are now.
  const source = byId("status-json")?.href;
  let digest;
  const ask = async () => {
    if (!source || document.hidden) return;
    try {
      const status = await (await fetch(source, { cache: "no-cache" })).json();
      show(status);
      if (digest && status.digest !== digest) byId("news").textContent = words["script.news"];
      digest = status.digest;
    } catch { /* no network: the page as it stands is what there is */ }
  };
  const show = (status) => {
    const old = Date.parse(status.stale_after) <= Date.now();
    for (const link of all("[data-now]")) {
      const server = status.servers.find((server) => server.id === link.dataset.now);
      if (!server) continue;
      const passed = server.next.filter((change) => Date.parse(change.at) <= Date.now());
      const word = old ? "unknown" : passed.at(-1)?.status ?? server.status;
      link.className = "s";
      link.dataset.status = word;
      link.parentElement.hidden = false;
      link.textContent = `${server.name}: ${words[`status.${word}`] || word}`;
    }
  };
  ask();
  setInterval(ask, 120000);
  document.addEventListener("visibilitychange", () => { tick(); ask(); });
})();

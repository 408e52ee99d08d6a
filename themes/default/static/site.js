// What a page does while it is open; it works without. Published, it has the names of states before it:
// `const words = {"status.degraded": "Degraded", …}`.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  // Those that belong to no other element with this attribute.
  const parts = (element, attribute, selector) => all(selector, element).filter((part) => part.closest(`[${attribute}]`) === element);
  const byId = (id) => document.getElementById(id);
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const root = document.documentElement;
  const lang = root.lang || "en";
  const passed = (at) => Date.parse(at) <= Date.now();
  // A screen reader repeats what is written again.
  const write = (element, text) => element.textContent === text || (element.textContent = text);
  let stale = false;
  // What the page answers, which its title may say too.
  const answered = () => all(".answer [data-word]")[0]?.textContent;
  let claim = answered();
  // Up to when the page knows what happened: when it was built, or else its newest update.
  const known = Date.parse(root.dataset.built) || Math.max(...all(".at time, .story time").map((time) => Date.parse(time.dateTime)));
  // The newest `status.json` that was read, the digest of the first, and whether there is something that the page does not know.
  let status;
  let digest;
  let news = false;

  // The reader's own time beside each time in UTC, where their clock differs from it.
  const hours = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  // A form is costly to make, and who lives in UTC needs none.
  const made = {};
  // No country's own calendar or digits.
  const tongue = lang.split("-")[0].replace(/^en$/, "en-GB") + "-u-ca-gregory-nu-latn";
  const here = (options) => (made[Object.keys(options)] ??= new Intl.DateTimeFormat(tongue, options));
  const zone = (at) => here(hours).formatToParts(at).find((part) => part.type === "timeZoneName").value;
  const day = { day: "numeric", month: "short" };
  // A British month is "Sept", in the page's own dates "Sep".
  const format = (at, near = at.getDate() === at.getUTCDate(), form = hours) =>
    here(near ? form : { ...day, ...form }).format(at).replace("Sept,", "Sep,");
  for (const time of all("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (!at.getTimezoneOffset()) continue;
    time.after(" ", make("span", { className: "local", textContent: `(${format(at)})` }));
  }
  for (const place of all(".yours")) {
    const [start, end] = [place.dataset.start, place.dataset.end].map((at) => new Date(at || NaN));
    if (!start.getTimezoneOffset()) continue;
    const { timeZoneName, ...short } = hours;
    const near = end - start < 864e5 && start.getDate() === end.getDate() && start.getDate() === start.getUTCDate();
    // The clocks may change within the window.
    place.lastElementChild.textContent = isNaN(end) ? format(start)
      : format(start, near, zone(start) === zone(end) ? short : hours) + (near ? "–" : " – ") + format(end, near);
    place.hidden = false;
  }

  // States and phases change when the clock passes the times that the page itself prints.
  const turn = (attribute, mark, becomes, room) => {
    for (const element of all(`[${attribute}]`)) {
      const last = parts(element, attribute, `time[${becomes}]`).filter((time) => passed(time.dateTime)).pop();
      const unknown = stale && element.matches(".answer, .glance tr");
      say(element, unknown ? "unknown" : last?.getAttribute(becomes), attribute, mark, room);
    }
  };
  const say = (element, word, attribute, mark, room) => {
    if (!word || element.getAttribute(attribute) === word) return;
    element.setAttribute(attribute, word);
    const text = parts(element, attribute, `[${mark}]`)[0];
    if (text) text.textContent = words[`${element.dataset.room || room}.${word}`] || word;
    // Those that the answer named.
    if (!stale && element.matches("tr")) for (const part of all(".affected")) part.remove();
    // That of the state before.
    for (const since of parts(element, attribute, "[data-since]")) since.hidden = true;
  };
  // What lies ahead is not said when it has come, a post is pinned until its time, and an event moves to the section of its phase.
  const active = /ongoing|in-progress|overrunning/;
  const move = () => {
    for (const ahead of all("[data-ahead]")) ahead.hidden = stale || all("time", ahead).every((time) => passed(time.dateTime));
    for (const post of all(".pinned [data-until]")) {
      if (!passed(post.dataset.until)) continue;
      post.closest(".pinned").remove();
      if (!all(".pinned")[0]) byId("pinned")?.parentElement.remove();
    }
    for (const event of all("#planned ~ .event, #active ~ .event")) {
      const from = event.parentElement;
      const phase = all("[data-phase]", event)[0]?.dataset.phase;
      const id = active.test(phase) ? "active" : phase;
      if (id === "resolved") {
        event.remove();
      } else if (/active|window-over/.test(id) && byId(id)?.parentElement !== from) {
        if (!byId(id)) {
          const section = make("section");
          section.append(make("h2", { id, textContent: words[id === "active" ? "overall.maintenance" : "phase.window-over"] }));
          from[id === "active" ? "before" : "after"](section);
        }
        byId(id).parentElement.append(event);
      }
      if (!all(".event", from)[0]) from.remove();
    }
  };
  const tick = () => {
    stale = passed(root.dataset.staleAfter);
    if (stale && byId("stale")) byId("stale").hidden = false;
    root.toggleAttribute("data-is-stale", stale);
    turn("data-status", "data-word", "data-becomes", "status");
    turn("data-phase", "data-phase-word", "data-phase-becomes", "phase");
    move();
    if (status) follow();
    const answer = all(".answer[data-active]").find((answer) => answer.dataset.status === "operational");
    const isActive = news
      ? [...status.active, ...status.planned].some((event) => active.test(now(event, "phase")))
      : all(".event [data-phase]").some((event) => active.test(event.dataset.phase));
    if (answer) write(all("[data-word]", answer)[0], isActive ? answer.dataset.active : words["overall.operational"]);
    if (claim !== answered()) document.title = document.title.replace(`${claim} ·`, () => `${answered()} ·`);
    claim = answered();
  };

  // What `status.json` says, by the clock: on a post, how its servers are now; and where there is news, the states that the page shows.
  const now = (of, key) => of.next.filter((change) => passed(change.at)).pop()?.[key] ?? of[key];
  const state = (of) => stale || passed(status.stale_after) ? "unknown" : now(of, "status");
  const claims = () => all(".answer[data-status], .glance tr[data-status]").map((element) => {
    const page = all("th a", element)[0]?.getAttribute("href") ?? location.pathname;
    return [element, "active" in element.dataset ? status.overall : status.servers.find((server) => server.url.endsWith(page))];
  }).filter(([, of]) => of);
  const follow = () => {
    for (const link of all("[data-now]")) {
      const server = status.servers.find((server) => server.id === link.dataset.now);
      if (!server) continue;
      const word = link.dataset.status = state(server);
      link.className = "s";
      link.parentElement.hidden = false;
      write(link, `${server.name}: ${words[`status.${word}`] || word}`);
    }
    if (!news) return;
    for (const [element, of] of claims()) {
      for (const part of parts(element, "data-status", ".affected, .as-of, .next, time[data-becomes]")) part.remove();
      say(element, state(of), "data-status", "data-word", "status");
    }
  };
  tick();
  setInterval(tick, 15000);

  // Now and then: is there news? Then nothing that it contradicts stays as it was.
  const source = byId("status-json")?.href;
  const ask = async () => {
    if (!source || document.hidden) return;
    try {
      const answer = await fetch(source, { cache: "no-cache" });
      const read = await answer.json();
      // A host may have kept it for too long, and an answer may come late: what is older than the page is no news.
      const made = Date.parse(read.generated_at);
      if (!answer.ok || read.version !== 1 || !(made >= (status ? Date.parse(status.generated_at) : known))) return;
      status = read;
      digest ??= status.digest;
      tick();
      // A host may also have kept the page for longer than the status.
      const isOther = made > known && claims().some(([element, of]) => element.dataset.status !== state(of));
      const isLater = (item) => new URL(item.url).pathname === location.pathname && Date.parse(item.at) > known + 60000;
      if (news || !(digest !== status.digest || isOther || status.told.some(isLater))) return;
      news = true;
      const reload = () => (location.reload(), false);
      byId("news").replaceChildren(make("a", { href: "", onclick: reload, textContent: words["script.news"] }));
      tick();
    } catch {
      // No network: the page as it stands is what there is.
    }
  };
  ask();
  setInterval(ask, 120000);
  document.addEventListener("visibilitychange", () => { tick(); ask(); });
})();

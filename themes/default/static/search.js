// The search page: reads the index in parts, newest first, and stops when it has enough to show.
//
// What a person typed and what posts say enters the page as text only, never as HTML. Nothing is stored or sent.
// The page gives: form#search with the fields q, server, tag, year and data-index; #search-count, #search-results,
// #search-more and #search-failed. Words and choices come with the index, in the site's language.

const FIRST = 20; // results at once
const AROUND = 90; // characters shown on each side of a match
const LONGEST = 500; // characters of a query, and its words: somebody may paste a whole log
const WORDS = 32;

const form = document.getElementById("search");
const at = Object.fromEntries(["count", "results", "more", "failed"].map((id) => [id, document.getElementById(`search-${id}`)]));
const loaded = new Map(); // address of a part -> promise of its posts
let index; // promise of index.json
let running = 0; // number of the newest search; older ones give up
let wanted = FIRST;

// Folding: case, accents, vowel points and the Arabic stretching of words do not count.

const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g;
// Letters that people write one for the other, and that no decomposition knows.
const ALIKE = { ß: "ss", œ: "oe", æ: "ae", "\u0629": "\u0647", "\u0649": "\u064a" };
const LIKE = new RegExp(`[${Object.keys(ALIKE).join("")}]`, "g");
const fold = (text) => text.toLowerCase().normalize("NFKD").replace(MARKS, "").replace(LIKE, (letter) => ALIKE[letter]);

/// The folded text and, for each of its units, where it comes from in the original.
function foldWithPlaces(text) {
  let folded = "";
  const places = [];
  let place = 0;
  for (const character of text) {
    const piece = fold(character);
    for (let unit = 0; unit < piece.length; unit++) places.push([place, place + character.length]);
    folded += piece;
    place += character.length;
  }
  return { folded, places };
}

/// The words of a query, none twice; quotes keep several together, also those of other languages and of telephones.
function split(query) {
  const words = [...query.matchAll(/["“”„«»]([^"“”„«»]+)["“”„«»]|[^\s"“”„«»]+/g)].map((found) => fold(found[1] ?? found[0]).trim());
  return [...new Set(words.filter(Boolean))].slice(0, WORDS);
}

/// Where any of the words stands in a text, as rising ranges that do not overlap.
function matches(text, words) {
  const { folded, places } = foldWithPlaces(text);
  const found = [];
  for (const word of words) {
    for (let from = folded.indexOf(word); from >= 0; from = folded.indexOf(word, from + word.length)) {
      found.push([places[from][0], places[from + word.length - 1][1]]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const ranges = [];
  for (const [start, end] of found) {
    const last = ranges[ranges.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/// A text with its matches marked, as nodes.
function marked(text, ranges, from = 0, to = text.length) {
  const nodes = [];
  let done = from;
  for (const [start, end] of ranges) {
    if (start < done || end > to) continue;
    nodes.push(text.slice(done, start), element("mark", { textContent: text.slice(start, end) }));
    done = end;
  }
  nodes.push(text.slice(done, to));
  return nodes;
}

/// The words around the first match, cut at spaces.
function excerpt(text, words) {
  const ranges = matches(text, words);
  const [start, end] = ranges[0] ?? [0, AROUND];
  let from = Math.max(0, start - AROUND);
  let to = Math.min(text.length, Math.max(end + AROUND, from + 2 * AROUND));
  if (from > 0) from = text.indexOf(" ", from) + 1 || from;
  if (from > start) from = start;
  if (to < text.length) to = Math.max(end, text.lastIndexOf(" ", to));
  return [from > 0 ? "… " : "", ...marked(text, ranges, from, to), to < text.length ? " …" : ""];
}

// The index.

async function json(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/// A part's posts, each with the folded words to look in.
function posts(address, names) {
  if (!loaded.has(address)) {
    const part = json(address).then(({ posts }) =>
      posts.map((post) => {
        const servers = post.servers.map((id) => names.server.get(id) ?? id);
        const tags = post.tags.map((slug) => names.tag.get(slug) ?? slug);
        const haystack = fold([post.title, ...servers, ...post.servers, ...tags, ...(post.categories ?? []), post.text].join("\n"));
        return { ...post, names: servers, tagNames: tags, haystack };
      }),
    );
    part.catch(() => loaded.delete(address)); // so that the next search tries again
    loaded.set(address, part);
  }
  return loaded.get(address);
}

function open() {
  index ??= json(form.dataset.index).then((found) => {
    const names = {
      server: new Map(found.servers.map(({ id, name }) => [id, name])),
      tag: new Map(found.tags.map(({ slug, name }) => [slug, name])),
    };
    return { ...found, names };
  });
  index.catch(() => (index = undefined));
  return index;
}

function offer(select, choices) {
  const chosen = asked().get(select.name) ?? "";
  select.append(...choices.map(([value, text]) => element("option", { value, textContent: text })));
  select.value = choices.some(([value]) => value === chosen) ? chosen : "";
}

// The page.

const asked = () => new URLSearchParams(location.search);

/// What the fields say, without the empty ones and what is too long.
function fields() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim()) query.set(name, value.trim().slice(0, LONGEST));
  return query;
}

function result(post, words, found) {
  const facts = [found[`kind.${post.kind}`], ...(post.withdrawn ? [found["state.withdrawn"]] : []), ...post.names];
  const meta = element("p", { className: "search-meta" }, element("time", { dateTime: post.date, textContent: post.day }));
  // A name of another direction leaves its neighbours where they are.
  const alone = (fact) => element("bdi", {}, ...marked(fact, matches(fact, words)));
  for (const fact of facts) meta.append(" · ", alone(fact));
  if (post.tagNames.length) meta.append(" · ", ...post.tagNames.flatMap((tag, at) => [at ? `${found["mark.comma"]} ` : "", alone(tag)]));
  const title = element("a", { href: post.address, dir: "auto" }, ...marked(post.title, matches(post.title, words)));
  return element("li", {}, element("h3", {}, title), meta, element("p", { className: "search-excerpt", dir: "auto" }, ...excerpt(post.text, words)));
}

/// Words that depend on a number, by the plural rules of the page's language.
function count(found, key, n) {
  let form = "other";
  try {
    form = new Intl.PluralRules(document.documentElement.lang).select(n);
  } catch {
    // A language tag that the browser does not know.
  }
  return (found[`${key}.${form}`] ?? found[`${key}.other`]).replace("{n}", n);
}

async function search() {
  const mine = ++running;
  const query = fields();
  const words = split(query.get("q") ?? "");
  const [server, tag, year] = ["server", "tag", "year"].map((name) => query.get(name));
  at.failed.hidden = true;
  at.more.hidden = true;
  try {
    const { parts, names, words: found } = await open();
    if (mine !== running) return;
    at.results.replaceChildren();
    if (!words.length && !server && !tag && !year) {
      at.results.removeAttribute("aria-busy");
      at.count.textContent = found.waiting;
      return;
    }
    at.results.setAttribute("aria-busy", "true");
    const chosen = parts.filter((part) => !year || String(part.year) === year);
    let shown = 0;
    for (const [number, part] of chosen.entries()) {
      // What the newest part does not hold at all is rare, and then nobody should wait for one part after the other.
      const ahead = shown ? Math.min(number, 6) : number && 12;
      for (const later of chosen.slice(number, number + 1 + ahead)) posts(later.address, names);
      const fits = (post) =>
        (!server || post.servers.includes(server)) && (!tag || post.tags.includes(tag)) && words.every((word) => post.haystack.includes(word));
      for (const post of (await posts(part.address, names)).filter(fits)) {
        if (mine !== running) return;
        if (shown === wanted) return finish(count(found, "so-far", shown), true);
        at.results.append(result(post, words, found));
        shown++;
      }
      if (mine !== running) return;
      if (number + 1 < chosen.length) at.count.textContent = found.loading;
    }
    finish(shown ? count(found, "results", shown) : found.none, false);
  } catch {
    if (mine !== running) return;
    at.count.textContent = "";
    at.failed.hidden = false;
    at.results.removeAttribute("aria-busy");
  }
}

function finish(text, more) {
  at.results.removeAttribute("aria-busy");
  at.count.textContent = text;
  at.more.hidden = !more;
}

/// Searches for what the fields say and keeps it in the address, so that it can be sent to somebody.
function ask({ step = false } = {}) {
  wanted = FIRST;
  const query = fields().toString();
  const address = location.pathname + (query && `?${query}`);
  if (step && query !== asked().toString()) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  search();
}

/// Puts what the address asks for into the fields.
function restore() {
  const query = asked();
  for (const name of ["q", "server", "tag", "year"]) form.elements[name].value = (query.get(name) ?? "").slice(0, LONGEST);
  for (const name of ["server", "tag", "year"]) if (form.elements[name].selectedIndex < 0) form.elements[name].value = "";
}

/// Up and down walk through the results, and back to the field.
function walk(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const stops = [form.elements.q, ...at.results.querySelectorAll("a"), ...(at.more.hidden ? [] : [at.more])];
  const next = stops[stops.indexOf(document.activeElement) + steps[event.key]];
  if (!stops.includes(document.activeElement) || !next) return;
  event.preventDefault();
  next.focus();
}

let pause;
form.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(ask, 150);
});
form.addEventListener("change", (event) => {
  if (event.target.localName !== "select") return;
  clearTimeout(pause);
  ask({ step: true });
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  ask({ step: true });
});
at.more.addEventListener("click", async () => {
  const next = wanted;
  wanted += FIRST;
  await search();
  at.results.querySelectorAll("a")[next]?.focus();
});
document.addEventListener("keydown", walk);
addEventListener("popstate", () => {
  restore();
  wanted = FIRST;
  search();
});
// Safari empties the field, whose words it is not to keep, in a task of its own some time after it shows the page again.
addEventListener("pageshow", ({ persisted }) => {
  const again = () => form.elements.q.value || restore();
  if (persisted) for (const later of [0, 300, 1000]) setTimeout(again, later);
});

restore();
open().then(({ servers, tags, parts }) => {
  offer(form.elements.server, servers.map(({ id, name }) => [id, name]));
  offer(form.elements.tag, tags.map(({ slug, name }) => [slug, name]));
  offer(form.elements.year, [...new Set(parts.map(({ year }) => String(year)))].map((year) => [year, year]));
  search();
}, search);

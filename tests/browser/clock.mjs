// once
// Three clocks that agree: one small site built at many moments around its windows; the pages built before them, open in a browser
// whose clock is moved to each; and what `status.json` of before foretold. All say the same about every server. A page that was not
// renewed says so once `stale_after` has passed, and claims nothing any more.
import fs from 'node:fs';
import path from 'node:path';
import { Verdict, context, launch, serve, smallSite } from './_browser.mjs';

const [, base] = process.argv.slice(2);
const verdict = new Verdict();
const { write, build, remove } = smallSite(base);

write('site.toml', 'title = "Clock"\nbase_url = "https://status.example.net"\nstale_after = "26h"\n');
write('content/servers.toml', ['nc1', 'nc2', 'nc3', 'nc4', 'nc5'].map((id) => `[[server]]\nid = "${id}"\n${id === 'nc5' ? 'status = "internal"\n' : ''}`).join('\n'));
const post = (name, matter, text = 'We say more then.') => write(`content/posts/${name}.md`, `+++\ntitle = "${name}"\ndate = 2026-05-01T08:00:00Z\n${matter}\n+++\n${text}\n`);
// Two windows that meet, one that lies across both and does more, one that lies in an incident, and one that is internal.
write('content/probes.json', JSON.stringify({ at: '2026-05-04T08:55:00Z', servers: { nc1: { up: true, milliseconds: 12 }, nc2: { up: false, why: 'connection refused' } } }));
post('first', 'kind = "maintenance"\nservers = ["nc1"]\nstart = 2026-05-04T10:00:00Z\nend = 2026-05-04T11:00:00Z');
post('second', 'kind = "maintenance"\nservers = ["nc1", "nc2"]\nstart = 2026-05-04T11:00:00Z\nend = 2026-05-04T12:00:00Z');
post('across', 'kind = "maintenance"\nservers = ["nc2", "nc5"]\nstart = 2026-05-04T10:30:00Z\nend = 2026-05-04T13:15:00Z');
post('goes-on', 'kind = "incident"\nservers = ["nc3"]\nimpact = "degraded"\nstart = 2026-05-01T08:00:00Z');
// One that touches no server's status: the headline never says that all is well meanwhile.
post('quiet', 'kind = "maintenance"\nservers = ["nc1"]\nimpact = "none"\nstart = 2026-05-04T09:40:00Z\nend = 2026-05-04T09:50:00Z');
// Two that are pinned for a while: the section of the first goes on, that of the second ends.
post('pinned-shortly', 'kind = "notice"\npinned = 2026-05-04T10:30:00Z');
post('pinned-longer', 'kind = "notice"\npinned = 2026-05-04T12:00:00Z');
post('in-incident', 'kind = "maintenance"\nservers = ["nc3", "nc4"]\nstart = 2026-05-04T23:30:00Z\nend = 2026-05-05T00:30:00Z');

const built = '2026-05-04T09:00:00Z';
const edges = ['09:25', '09:40', '09:50', '10:00', '10:30', '11:00', '12:00', '13:15', '23:30'].map((time) => Date.parse(`2026-05-04T${time}:00Z`));
edges.push(Date.parse('2026-05-05T00:30:00Z'));
const moments = [Date.parse(built), ...edges.flatMap((edge) => [edge - 1000, edge])].map((at) => new Date(at));

const iso = (at) => at.toISOString().replace('.000Z', 'Z');
const read = (folder) => JSON.parse(fs.readFileSync(path.join(folder, 'status.json'), 'utf8'));
const before = build(built, 'before');
const foretold = read(before);
const ids = foretold.servers.map((server) => server.id);

// What the pages of one folder say, with the browser's clock at a moment.
const browser = await launch();
const POST = '2026/05/01/across/';
const said = async (folder, at) => {
  const site = await serve(folder, base);
  const made = await context(browser, site.origin, {}, (problem) => verdict.add(`${iso(at)}: ${problem}`));
  const page = await made.newPage();
  await page.clock.setFixedTime(at);
  const open = (name) => page.goto(`${site.origin}${site.below}/${name}`, { waitUntil: 'load' });
  const [words, since] = [{}, {}];
  const shown = (selector) => page.locator(selector).evaluateAll((all) => all.map((one) => `${one.closest('[data-status]').dataset.status} (${one.textContent.trim()})`).join());
  await open('');
  words['the headline'] = await shown('.answer [data-word]');
  words['the title'] = await page.title();
  words['the pinned posts'] = (await page.locator('#pinned, .pinned h3').allTextContents()).join();
  const rows = await page.locator('.glance tr[data-status]').evaluateAll((all) => all.map((row) => [row.querySelector('th a').textContent, `${row.dataset.status} (${row.querySelector('[data-word]').textContent})`]));
  for (const [name, status] of rows) words[`the row of ${name.toLowerCase()}`] = status;
  words['the Ping column'] = await page.locator('.glance td[data-status]').evaluateAll((all) => all.map((cell) => `${cell.dataset.status} (${cell.querySelector('[data-word]').textContent})`).join());
  for (const id of ids) {
    await open(`server/${id}/`);
    words[`the page of ${id}`] = await shown('.answer [data-word]');
    words[`the title of the page of ${id}`] = await page.title();
    since[id] = await page.locator('.answer [data-since]:visible time').evaluateAll((all) => all[0]?.dateTime);
  }
  await open(POST);
  await page.waitForFunction(() => document.querySelector('[data-now][data-status]'));
  for (const [id, status] of await page.locator('[data-now]').evaluateAll((all) => all.map((one) => [one.dataset.now, `${one.dataset.status} (${one.textContent.trim()})`]))) words[`${id} on a post`] = status;
  words['the phase of a post'] = await page.locator('.post [data-phase]').evaluate((one) => `${one.dataset.phase} (${one.querySelector('[data-phase-word]').textContent})`);
  await made.close();
  site.close();
  return { words, since };
};
const differ = (one, other) => Object.keys(other).filter((key) => one[key] !== other[key]);

let statements = 0;
for (const at of moments) {
  const fresh = build(iso(at), 'fresh');
  const truth = read(fresh);
  for (const server of truth.servers) {
    const old = foretold.servers.find((one) => one.id === server.id);
    const next = old.next.filter((change) => Date.parse(change.at) <= at).at(-1)?.status ?? old.status;
    if (next !== server.status) verdict.add(`${iso(at)}: status.json foretold ${next} for ${server.id}, which is ${server.status}`);
  }
  const [{ words: open, since }, { words: renewed, since: truly }] = [await said(before, at), await said(fresh, at)];
  for (const server of truth.servers) {
    if ((truly[server.id] ?? null) !== server.since) verdict.add(`${iso(at)}: the page of ${server.id} says since ${truly[server.id]}, status.json ${server.since}`);
    // A page that turned by itself says no beginning rather than that of the state before.
    if (since[server.id] && since[server.id] !== server.since) verdict.add(`${iso(at)}: the page of ${server.id} says since ${since[server.id]} where it was open before, not ${server.since}`);
  }
  const reach = at < Date.parse('2026-05-04T09:25:00Z') ? 'up (Answers, 12 ms),down (No answer)' : 'unknown (Unknown),unknown (Unknown)';
  if (renewed['the Ping column'] !== reach) verdict.add(`${iso(at)}: the Ping column says ${renewed['the Ping column']}, not ${reach}`);
  statements += Object.keys(renewed).length;
  for (const key of differ(open, renewed)) verdict.add(`${iso(at)}: ${key} says ${open[key]} where it was open before, ${renewed[key]} where it is built`);
  for (const server of truth.servers) {
    for (const key of [`the row of ${server.id}`, `the page of ${server.id}`]) {
      if (!renewed[key]?.startsWith(`${server.status} (`)) verdict.add(`${iso(at)}: ${key} says ${renewed[key]}, status.json ${server.status}`);
    }
  }
}

// The answer names the servers that are not operational, as long as that is so: the table below it goes on.
const late = await serve(build('2026-05-04T10:15:00Z', 'late'), base);
for (const [at, names] of [['10:20', 'NC3, NC1'], ['10:30', ''], ['11:00', '']]) {
  const made = await context(browser, late.origin, {}, (problem) => verdict.add(`the answer: ${problem}`));
  const page = await made.newPage();
  await page.clock.setFixedTime(new Date(`2026-05-04T${at}:00Z`));
  await page.goto(`${late.origin}${late.below}/`, { waitUntil: 'load' });
  const named = (await page.locator('.affected a').allTextContents()).join(', ');
  if (named !== names) verdict.add(`at ${at} the answer of a page built at 10:15 names “${named}”, not “${names}”`);
  await made.close();
}
late.close();

// A tab that stays open across a window turns by itself, and turns to "unknown" when nobody renews it.
const site = await serve(before, base);
const made = await context(browser, site.origin, {}, (problem) => verdict.add(`an open tab: ${problem}`));
const page = await made.newPage();
await page.clock.install({ time: new Date('2026-05-04T09:59:50Z') });
await page.goto(`${site.origin}${site.below}/`, { waitUntil: 'networkidle' });
const state = () => page.locator('.glance tr[data-status]').first().getAttribute('data-status');
if ((await state()) !== 'operational') verdict.add(`an open tab begins with ${await state()}`);
await page.clock.runFor(30_000);
if ((await state()) !== 'maintenance') verdict.add(`an open tab says ${await state()} when the window has begun`);
if (await page.locator('#stale').isVisible()) verdict.add('a page of an hour says that it is stale');
await page.clock.fastForward(Date.parse(foretold.stale_after) - Date.parse('2026-05-04T10:00:20Z') + 20_000);
if (!(await page.locator('#stale').isVisible())) verdict.add('a page older than `stale_after` does not say so');
if ((await state()) !== 'unknown') verdict.add(`a page older than \`stale_after\` still says ${await state()}`);
if ((await page.title()) !== 'Present status unknown · Clock') verdict.add(`a page older than \`stale_after\` is still titled ${await page.title()}`);
await made.close();

await browser.close();
site.close();
remove();
verdict.end(`${statements} statements at ${moments.length} moments`);

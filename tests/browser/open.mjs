// once
// A page, a post and the widget that stay open while the site goes on: what `status.json` brings is believed by its age, an answer that
// is none changes nothing, and whoever hears nothing more follows the planned windows and ends with "unknown".
import fs from 'node:fs';
import path from 'node:path';
import { Verdict, context, launch, serve, smallSite } from './_browser.mjs';

const [, base] = process.argv.slice(2);
const verdict = new Verdict();
const { write, build, remove } = smallSite(base);
const post = (name, matter, text = 'We say more then.') => write(`content/posts/${name}.md`, `+++\ntitle = "${name}"\n${matter}\n+++\n${text}\n`);

write('site.toml', 'title = "Open"\nbase_url = "https://status.example.net"\nstale_after = "26h"\ntime_zones = ["Europe/London"]\n');
write('content/servers.toml', ['nc1', 'nc2'].map((id) => `[[server]]\nid = "${id}"\n`).join('\n'));
post('planned', 'kind = "maintenance"\nservers = ["nc2"]\ndate = 2026-10-24T08:00:00Z\nstart = 2026-10-25T00:30:00Z\nend = 2026-10-25T03:00:00Z');
post('outage', 'kind = "incident"\nimpact = "major-outage"\nservers = ["nc1"]\ndate = 2026-10-24T10:00:00Z');
const well = build('2026-10-24T09:00:00Z', 'well');
const outage = build('2026-10-24T10:05:00Z', 'outage');
post('note', 'date = 2026-10-24T10:30:00Z');
const later = build('2026-10-24T10:31:00Z', 'later');

const browser = await launch();
const minute = 60_000;
const POST = '2026/10/24/outage/';

/**
 * Opens a page of a folder at a moment. `said()` is what it shows, `answer(text, status)` gives that for `status.json` from then on
 * (nothing: no network), `after(ms)` lets time pass.
 */
async function open(folder, name, now, { bad = false, ...options } = {}) {
  const site = await serve(folder, base);
  const made = await context(browser, site.origin, { timezoneId: 'UTC', ...options }, (problem) => bad || verdict.add(`${name || 'the front page'}: ${problem}`));
  const page = await made.newPage();
  await page.clock.install({ time: new Date(now) });
  await page.goto(`${site.origin}${site.below}/${name}`, { waitUntil: 'networkidle' });
  return {
    page,
    answer: (body, status = 200) => page.route('**/status.json', (route) => (body === undefined ? route.abort() : route.fulfill({ status, body, contentType: 'application/json' }))),
    after: async (ms) => {
      await page.clock.fastForward(ms);
      await page.waitForTimeout(250);
    },
    said: () => page.evaluate(() => ({
      title: document.title,
      headline: document.querySelector('.answer [data-word]')?.textContent,
      affected: Boolean(document.querySelector('.affected')),
      news: document.querySelector('#news').textContent,
      now: [...document.querySelectorAll('[data-now]')].map((link) => link.textContent).join(),
      windows: [...document.querySelectorAll('.event [data-phase]')].map((one) => one.dataset.phase).join(),
    })),
    close: async () => {
      await made.close();
      site.close();
    },
  };
}
const expect = (what, said, wanted) => {
  for (const [key, value] of Object.entries(wanted)) {
    if (said[key] !== value) verdict.add(`${what}: ${key} is ${JSON.stringify(said[key])}, not ${JSON.stringify(value)}`);
  }
};
const json = (folder) => fs.readFileSync(path.join(folder, 'status.json'), 'utf8');
const NEWS = 'There is news. Reload the page to read it.';

// What a host kept for too long is older than the page, and no news.
{
  const opened = await open(outage, '', '2026-10-24T10:06:00Z');
  const before = await opened.said();
  expect('the front page', before, { headline: 'Major outage', affected: true, news: '' });
  await opened.answer(json(well));
  await opened.after(2.1 * minute);
  expect('after an older status.json', await opened.said(), before);
  await opened.answer(json(outage));
  await opened.after(2.1 * minute);
  expect('after the status.json of its own build', await opened.said(), before);
  for (const body of ['{}', '[]', 'null', '<html>', '{"digest":"zzz","stale_after":"2030-01-01T00:00:00Z","servers":[]}']) {
    await opened.answer(body);
    await opened.after(2.1 * minute);
    expect(`after ${body} for status.json`, await opened.said(), before);
  }
  await opened.close();
}
for (const [name, folder] of [['a kept post', outage], ['archives', outage]]) {
  const opened = await open(folder, name === 'archives' ? 'archives/' : POST, '2026-10-24T10:06:00Z', { bad: true });
  await opened.answer('{"error":"no"}', 500);
  await opened.after(2.1 * minute);
  expect(`${name} after an error for status.json`, await opened.said(), { news: '' });
  await opened.close();
}

// News turns the page's states, which then go on by the clock; the link brings the new page, though the browser kept the old one.
{
  const opened = await open(well, '', '2026-10-24T10:00:00Z', { bad: true });
  expect('before the outage', await opened.said(), { headline: 'All systems operational', news: '' });
  await opened.answer(json(outage));
  await opened.after(6 * minute);
  expect('with news', await opened.said(), { headline: 'Major outage', title: 'Major outage · Open', affected: false, news: NEWS });
  let asked = 0;
  await opened.page.route('**/', (route) => {
    asked += 1;
    route.fulfill({ path: path.join(outage, 'index.html'), contentType: 'text/html' });
  });
  await opened.page.click('#news a');
  await opened.page.waitForFunction(() => document.querySelector('.affected'));
  if (asked !== 1) verdict.add(`the link to the news asked ${asked} times for the page`);
  await opened.close();
}
{
  const opened = await open(outage, '', '2026-10-24T10:20:00Z', { bad: true });
  await opened.answer(json(later));
  await opened.after(12 * minute);
  expect('with other news', await opened.said(), { headline: 'Major outage', news: NEWS, windows: 'ongoing,scheduled' });
  await opened.answer();
  await opened.after(15 * 60 * minute);
  expect('without a network since the news, within the window', await opened.said(), { headline: 'Major outage', windows: 'ongoing,in-progress' });
  if ((await opened.page.getAttribute('.glance tr[data-status] >> nth=1', 'data-status')) !== 'maintenance') verdict.add('a planned window passes unseen after news');
  await opened.after(48 * 60 * minute);
  expect('two days later', await opened.said(), { headline: 'Present status unknown', title: 'Present status unknown · Open' });
  await opened.close();
}

// On a post: how its servers are now, until nobody knows.
{
  const opened = await open(outage, POST, '2026-10-24T10:06:00Z', { bad: true });
  expect('a post', await opened.said(), { now: 'NC1: Major outage' });
  await opened.answer();
  await opened.after(3 * 24 * 60 * minute);
  expect('a post, off line for three days', await opened.said(), { now: 'NC1: Unknown' });
  await opened.close();
  const early = await open(outage, POST, '2026-10-24T10:06:00Z');
  await early.answer(json(well));
  await early.page.reload({ waitUntil: 'networkidle' });
  expect('a post that is newer than status.json', await early.said(), { now: 'NC1' });
  await early.close();
}

// Nothing is said again to a screen reader, and nothing waits for the script.
{
  const opened = await open(well, '', '2026-10-24T09:01:00Z');
  const changes = await opened.page.evaluateHandle(() => {
    const seen = [];
    new MutationObserver((all) => seen.push(...all.map((one) => one.target.nodeName))).observe(document, { subtree: true, childList: true, characterData: true });
    return seen;
  });
  await opened.page.clock.runFor(minute);
  const seen = await changes.jsonValue();
  if (seen.length) verdict.add(`a page at rest writes to ${seen.join()} within a minute`);
  // By the true clock: paints are counted by it.
  const made = await browser.newContext();
  const waiting = await made.newPage();
  await waiting.route('**/assets/site.*.js', () => {});
  await waiting.goto(opened.page.url(), { waitUntil: 'commit' });
  const painted = () => performance.getEntriesByType('paint').length > 0;
  await waiting.waitForFunction(painted, undefined, { timeout: 10_000, polling: 100 }).catch(() => verdict.add('the page is blank as long as its script does not come'));
  await made.close();
  await opened.close();
}

// The reader's clocks change within the window.
{
  const opened = await open(well, '', '2026-10-24T09:01:00Z', { timezoneId: 'Europe/London' });
  const yours = await opened.page.textContent('.yours span:last-child');
  if (!/01:30.*BST.*03:00.*(GMT|UTC)/.test(yours)) verdict.add(`a window across the end of summer time is "${yours}" for London`);
  await opened.close();
}

// The widget: a renewal that brings something else, or never ends, or an older one.
for (const [name, renewal] of [['HTML', (route) => route.fulfill({ body: '<html>', contentType: 'text/javascript' })], ['nothing', () => {}], ['an error', (route) => route.fulfill({ status: 500, body: '' })]]) {
  const site = await serve(well, base);
  const made = await browser.newContext();
  const page = await made.newPage();
  const host = 'http://shop.example.net/';
  let broken = false;
  await page.route('**/*', (route) => {
    if (!route.request().url().includes('widget.js')) return route.fulfill({ body: `<!doctype html><title>Shop</title><p><script async src="${host}widget.js"></script></p>`, contentType: 'text/html' });
    return broken ? renewal(route) : route.fulfill({ path: path.join(well, 'widget.js'), contentType: 'text/javascript' });
  });
  await page.clock.install({ time: new Date('2026-10-25T00:20:00Z') });
  await page.goto(host, { waitUntil: 'load' });
  broken = true;
  for (const [minutes, wanted] of [[1, 'operational'], [10, 'maintenance'], [30, 'maintenance'], [3 * 60, 'operational'], [3 * 24 * 60, 'unknown']]) {
    await page.clock.fastForward(minutes * minute);
    await page.waitForTimeout(150);
    const status = await page.getAttribute('a.signalpost', 'data-status');
    if (status !== wanted) verdict.add(`the widget says ${status}, not ${wanted}, when its renewal brings ${name}`);
  }
  await made.close();
  site.close();
}

await browser.close();
remove();
verdict.end('open pages and the widget through time');

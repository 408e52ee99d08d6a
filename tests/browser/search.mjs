// The search page in a real browser, judged against the site's own index: results, marks, filters, keyboard, the address, a query that
// is an attack, an index that is missing, no network, no script.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Verdict, context, launch, serve } from './_browser.mjs';

const [folder, base] = process.argv.slice(2);
const site = await serve(folder, base);
const search = `${site.origin}${site.below}/search/`;
const read = (address) => JSON.parse(fs.readFileSync(path.join(folder, address.slice(site.below.length)), 'utf8'));
const index = read(`${site.below}/search/index.json`);
const posts = index.parts.flatMap((part) => read(part.address).posts);
const verdict = new Verdict();
assert.ok(posts.length > 0, 'the site has posts');

const names = new Map(index.servers.map(({ id, name }) => [id, name]));
const tags = new Map(index.tags.map(({ slug, name }) => [slug, name]));
const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{Mn}/gu, '');
for (const post of posts) {
  const found = post.servers.map((id) => names.get(id));
  post.haystack = fold([post.title, ...post.servers, ...found, ...post.tags.map((tag) => tags.get(tag)), ...(post.categories ?? []), post.text].join("\n"));
}
const holding = (word) => posts.filter((post) => post.haystack.includes(fold(word)));
/// The words of a post's text, the rarest first.
const words = (post, shape) => {
  const counted = [...new Set(post.text.match(shape))].slice(0, 40).map((word) => [holding(word).length, word]);
  return counted.sort((a, b) => a[0] - b[0]).map(([, word]) => word);
};
// A rare word of the oldest post: finding it means reading every part.
const word = words(posts.at(-1), /[a-z]{5,}/gi)[0];
const common = words(posts[0], /[a-z]{3,}/gi).at(-1);

const browser = await launch();
let done = 0;
let first; // milliseconds to the first result

/** Runs one test in a context of its own; what goes wrong on the page counts too. */
async function test(name, body, { quiet = false, ...options } = {}) {
  const made = await context(browser, site.origin, { viewport: { width: 390, height: 844 }, ...options }, (problem) => quiet || verdict.add(`${name}: ${problem}`));
  try {
    await body(await made.newPage(), made);
    done += 1;
  } catch (error) {
    verdict.add(`${name}: ${error.message}`);
  }
  await made.close();
}

const results = (page) => page.locator('#search-results a');
const settled = (page) => page.waitForFunction(() => !document.querySelector('#search-results').ariaBusy && document.querySelector('#search-count').textContent);
const count = (page) => page.locator('#search-count').textContent();
const open = async (page, query = '') => {
  await page.goto(search + query);
  await settled(page);
};

await test('a query in the address is answered, with the oldest post, and its words are marked', async (page) => {
  const before = Date.now();
  await page.goto(`${search}?q=${encodeURIComponent(word)}`);
  await results(page).first().waitFor();
  first = Date.now() - before;
  await settled(page);
  const expected = Math.min(20, holding(word).length);
  assert.equal(await results(page).count(), expected);
  assert.match(await count(page), new RegExp(`${expected}|1`));
  const marks = await page.locator('#search-results mark').allTextContents();
  assert.ok(marks.length >= 1 && marks.every((mark) => fold(mark).includes(fold(word))), `marks: ${marks}`);
  assert.equal(await page.inputValue('#q'), word);
});

await test('results come newest first, and a result leads to its post', async (page) => {
  await open(page, `?q=${common}`);
  const dates = await page.locator('#search-results time').evaluateAll((times) => times.map((time) => time.dateTime));
  assert.deepEqual(dates, [...dates].sort().reverse());
  const answer = await page.goto(await results(page).first().evaluate((link) => link.href));
  assert.equal(answer.status(), 200);
});

await test('typing searches, and puts the query into the address', async (page) => {
  await open(page);
  assert.equal(await count(page), index.words.waiting);
  await page.locator('#q').pressSequentially(word);
  await results(page).first().waitFor();
  await page.waitForURL(`**/search/?q=${word}`);
});

await test('every word must be there, and a phrase as it stands', async (page) => {
  await open(page, `?q=${word}+zzzzqqqq`);
  assert.equal(await count(page), index.words.none);
  const [phrase] = posts[0].text.match(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/i) ?? [word];
  await open(page, `?q=${encodeURIComponent(`"${phrase}"`)}`);
  assert.equal(await results(page).count(), Math.min(20, holding(phrase).length));
});

await test('of what was pasted no more counts than can be searched for, also in the address', async (page) => {
  await open(page);
  await page.fill('#q', `${word} ${word.toUpperCase()} `.repeat(20_000));
  await results(page).first().waitFor();
  await settled(page);
  assert.equal(await results(page).count(), Math.min(20, holding(word).length));
  assert.equal(new URLSearchParams(await page.evaluate(() => location.search)).get('q').length, 500);
  await open(page, `?q=${'x'.repeat(3000)}`);
  assert.equal((await page.inputValue('#q')).length, 500);
  const pieces = [...new Set(posts[0].haystack.match(/[a-z]{2}/g))].slice(0, 32);
  if (pieces.length < 32) return;
  await open(page, `?q=${pieces.join('+')}+zzzzqqqq`);
  assert.ok((await results(page).count()) > 0, 'the 33rd word is one too many');
});

await test('server, tag and year narrow the results', async (page) => {
  const post = posts.find((post) => post.servers.length && post.tags.length) ?? posts[0];
  const year = post.date.slice(0, 4);
  await open(page);
  await page.selectOption('select[name=year]', year);
  await settled(page);
  const dates = await page.locator('#search-results time').evaluateAll((times) => times.map((time) => time.dateTime.slice(0, 4)));
  assert.ok(dates.length > 0 && dates.every((date) => date === year));
  if (!post.servers.length || !post.tags.length) return;
  await page.selectOption('select[name=server]', post.servers[0]);
  await page.selectOption('select[name=tag]', post.tags[0]);
  await page.waitForFunction((post) => location.search === `?server=${post.servers[0]}&tag=${encodeURIComponent(post.tags[0])}&year=${post.date.slice(0, 4)}`, post);
  await settled(page);
  const fit = posts.filter((other) => other.date.startsWith(year) && other.servers.includes(post.servers[0]) && other.tags.includes(post.tags[0]));
  assert.equal(await results(page).count(), Math.min(20, fit.length));
  await page.goBack();
  await settled(page);
  assert.equal(await page.inputValue('select[name=tag]'), '');
  assert.equal(await page.inputValue('select[name=server]'), post.servers[0]);
});

await test('markup in a query stays text', async (page) => {
  const hostile = `<img src=x onerror="document.title='owned'"> ${word}</mark><script>document.title='owned'</script>`;
  await open(page, `?q=${encodeURIComponent(hostile)}`);
  assert.equal(await page.inputValue('#q'), hostile);
  assert.equal(await page.locator('main img, main script, #search-results img').count(), 0);
  assert.notEqual(await page.title(), 'owned');
});

await test('the arrow keys walk from the field through the results and back', async (page) => {
  await open(page, `?q=${common}`);
  await page.focus('#q');
  await page.keyboard.press('ArrowDown');
  assert.equal(await results(page).first().evaluate((link) => link === document.activeElement), true);
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.locator('#q').evaluate((field) => field === document.activeElement), true);
});

await test('more results come on demand, and the first new one is focused', async (page) => {
  if (holding(common).length <= 20) return;
  await open(page, `?q=${common}`);
  assert.equal(await results(page).count(), 20);
  await page.click('#search-more');
  await page.waitForFunction(() => document.querySelectorAll('#search-results a').length > 20);
  await settled(page);
  assert.equal(await results(page).nth(20).evaluate((link) => link === document.activeElement), true);
});

await test('an index that cannot be loaded is said', async (page) => {
  await page.route('**/search/*.json', (route) => route.abort());
  await page.goto(`${search}?q=${word}`);
  await page.locator('#search-failed').waitFor({ state: 'visible' });
}, { quiet: true });

await test('what was loaded once works without a network', async (page, context) => {
  await open(page, `?q=${word}`);
  await context.setOffline(true);
  await page.fill('#q', '');
  await page.waitForFunction((waiting) => document.querySelector('#search-count').textContent === waiting, index.words.waiting);
  await page.fill('#q', word);
  await results(page).first().waitFor();
}, { quiet: true });

await test('without a script there is a sentence and the archives', async (page) => {
  await page.goto(search);
  assert.ok(await page.locator('noscript').textContent());
  assert.ok(await page.locator("main a[href$='/archives/']").isVisible());
}, { javaScriptEnabled: false });

await browser.close();
site.close();
verdict.end(`${done} searches over ${posts.length} posts, the first result after ${first} ms`);

// The search page in a real browser: `BASE=http://127.0.0.1:4000 node tests/browser/search.mjs`.
//
// BASE serves a built site under its own headers; KIT_HOME holds node/ with playwright-core. What is expected is taken from
// the site's own index, so any site with posts will do.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const base = process.env.BASE.replace(/\/$/, "");
const require = createRequire(`${process.env.KIT_HOME ?? "/opt/status-site-kit"}/node/package.json`);
const { chromium } = require("playwright-core");

const index = await (await fetch(`${base}/search/index.json`)).json();
const origin = new URL(base).origin;
const posts = [];
for (const part of index.parts) posts.push(...(await (await fetch(origin + part.address)).json()).posts);
assert.ok(posts.length > 0, "the site has posts");

const names = new Map(index.servers.map(({ id, name }) => [id, name]));
const tags = new Map(index.tags.map(({ slug, name }) => [slug, name]));
const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "");
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

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const failures = [];

/// Runs one test in a browser of its own, and holds the page to its policy.
async function test(name, body, options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && !options.errors && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => request.url().startsWith(origin) || request.url().startsWith("data:") || wrong.push(`a request to ${request.url()}`));
  try {
    await body(page, context);
    assert.deepEqual(wrong, []);
    console.log(`ok   ${name}`);
  } catch (error) {
    failures.push(name);
    console.error(`FAIL ${name}\n${error.stack}`);
  }
  await context.close();
}

const results = (page) => page.locator("#search-results a");
const settled = (page) => page.waitForFunction(() => !document.querySelector("#search-results").ariaBusy && document.querySelector("#search-count").textContent);
const count = (page) => page.locator("#search-count").textContent();
const open = async (page, query = "") => {
  await page.goto(`${base}/search/${query}`);
  await settled(page);
};

await test("a query in the address is answered, with the oldest post, and its words are marked", async (page) => {
  const before = Date.now();
  await page.goto(`${base}/search/?q=${encodeURIComponent(word)}`);
  await results(page).first().waitFor();
  console.log(`     first result of ${posts.length} posts after ${Date.now() - before} ms`);
  await settled(page);
  const expected = Math.min(20, holding(word).length);
  assert.equal(await results(page).count(), expected);
  assert.match(await count(page), new RegExp(`${expected}|1`));
  const marks = await page.locator("#search-results mark").allTextContents();
  assert.ok(marks.length >= 1 && marks.every((mark) => fold(mark).includes(fold(word))), `marks: ${marks}`);
  assert.equal(await page.inputValue("#q"), word);
});

await test("results come newest first, and a result leads to its post", async (page) => {
  await open(page, `?q=${common}`);
  const dates = await page.locator("#search-results time").evaluateAll((times) => times.map((time) => time.dateTime));
  assert.deepEqual(dates, [...dates].sort().reverse());
  const answer = await page.goto(await results(page).first().evaluate((link) => link.href));
  assert.equal(answer.status(), 200);
});

await test("typing searches, and puts the query into the address", async (page) => {
  await open(page);
  assert.equal(await count(page), index.words.waiting);
  await page.locator("#q").pressSequentially(word);
  await results(page).first().waitFor();
  await page.waitForURL(`**/search/?q=${word}`);
});

await test("every word must be there, and a phrase as it stands", async (page) => {
  await open(page, `?q=${word}+zzzzqqqq`);
  assert.equal(await count(page), index.words.none);
  const [phrase] = posts[0].text.match(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/i) ?? [word];
  await open(page, `?q=${encodeURIComponent(`"${phrase}"`)}`);
  assert.ok((await results(page).count()) >= 1);
});

await test("server, tag and year narrow the results", async (page) => {
  const post = posts.find((post) => post.servers.length && post.tags.length) ?? posts[0];
  const year = post.date.slice(0, 4);
  await open(page);
  await page.selectOption("select[name=year]", year);
  await settled(page);
  const dates = await page.locator("#search-results time").evaluateAll((times) => times.map((time) => time.dateTime.slice(0, 4)));
  assert.ok(dates.length > 0 && dates.every((date) => date === year));
  if (!post.servers.length || !post.tags.length) return;
  await page.selectOption("select[name=server]", post.servers[0]);
  await page.selectOption("select[name=tag]", post.tags[0]);
  await page.waitForFunction((post) => location.search === `?server=${post.servers[0]}&tag=${encodeURIComponent(post.tags[0])}&year=${post.date.slice(0, 4)}`, post);
  await settled(page);
  const fit = posts.filter((other) => other.date.startsWith(year) && other.servers.includes(post.servers[0]) && other.tags.includes(post.tags[0]));
  assert.equal(await results(page).count(), Math.min(20, fit.length));
  await page.goBack();
  await settled(page);
  assert.equal(await page.inputValue("select[name=tag]"), "");
  assert.equal(await page.inputValue("select[name=server]"), post.servers[0]);
});

await test("markup in a query stays text", async (page) => {
  const hostile = `<img src=x onerror="document.title='owned'"> ${word}</mark><script>document.title='owned'</script>`;
  await open(page, `?q=${encodeURIComponent(hostile)}`);
  assert.equal(await page.inputValue("#q"), hostile);
  assert.equal(await page.locator("main img, main script, #search-results img").count(), 0);
  assert.notEqual(await page.title(), "owned");
});

await test("the arrow keys walk from the field through the results and back", async (page) => {
  await open(page, `?q=${common}`);
  await page.focus("#q");
  await page.keyboard.press("ArrowDown");
  assert.equal(await results(page).first().evaluate((link) => link === document.activeElement), true);
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#q").evaluate((field) => field === document.activeElement), true);
});

await test("more results come on demand, and the first new one is focused", async (page) => {
  if (holding(common).length <= 20) return console.log("     (too few posts)");
  await open(page, `?q=${common}`);
  assert.equal(await results(page).count(), 20);
  await page.click("#search-more");
  await page.waitForFunction(() => document.querySelectorAll("#search-results a").length > 20);
  await settled(page);
  assert.equal(await results(page).nth(20).evaluate((link) => link === document.activeElement), true);
});

await test("an index that cannot be loaded is said", async (page) => {
  await page.route("**/search/*.json", (route) => route.abort());
  await page.goto(`${base}/search/?q=${word}`);
  await page.locator("#search-failed").waitFor({ state: "visible" });
}, { errors: true });

await test("what was loaded once works without a network", async (page, context) => {
  await open(page, `?q=${word}`);
  await context.setOffline(true);
  await page.fill("#q", "");
  await page.waitForFunction((waiting) => document.querySelector("#search-count").textContent === waiting, index.words.waiting);
  await page.fill("#q", word);
  await results(page).first().waitFor();
});

await test("without a script there is a sentence and the archives", async (page) => {
  await page.goto(`${base}/search/`);
  assert.ok(await page.locator("noscript").textContent());
  assert.ok(await page.locator("main a[href$='/archives/']").isVisible());
}, { javaScriptEnabled: false });

await browser.close();
if (failures.length) {
  console.error(`${failures.length} failed`);
  process.exit(1);
}

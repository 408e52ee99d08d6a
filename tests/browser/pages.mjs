// Every kind of page in a real browser, wide and narrow, light, dark and with forced colours: no violation that axe-core can see, no
// sideways scroll, no complaint in the console, no request to another host, and the same words without JavaScript.
import { Verdict, axe, context, kinds, launch, serve } from './_browser.mjs';

const [folder, base, now] = process.argv.slice(2);
const site = await serve(folder, base);
const browser = await launch();
const verdict = new Verdict();
const pages = kinds(folder);
if (pages.length < 12) verdict.add(`only ${pages.length} kinds of page were found`);

// Every look for the site of today; for the others, which differ in what they tell and not in how, two.
const looks = [
  { look: 'light, 1280 px', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { look: 'dark, 1280 px', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { look: 'light, 320 px', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  { look: 'dark, 320 px', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
  { look: 'forced colours, 1280 px', viewport: { width: 1280, height: 900 }, forcedColors: 'active' },
].filter((_, n) => process.env.SIGNALPOST_THOROUGH || n === 0 || n === 3);
const rules = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }, resultTypes: ['violations'] };
const violations = (page) => page.evaluate(axe).then(() => page.evaluate((rules) => window.axe.run(document, rules), rules)).then((result) => result.violations);
// The words of a page, without what a script may say better than the page: times, states, counts.
const words = (page) => page.evaluate(() => {
  const copy = document.body.cloneNode(true);
  for (const live of copy.querySelectorAll('time, noscript, template, script, [data-status], [data-phase], [hidden]')) live.remove();
  return copy.textContent.match(/[\p{L}\p{N}]+/gu) ?? [];
});
const headings = (page) => page.evaluate(() => [...document.querySelectorAll('h1, h2, h3')].filter((heading) => heading.checkVisibility()).map((heading) => heading.innerText.trim()));

const withScript = new Map();
for (const { look, ...options } of looks) {
  let where = '';
  const made = await context(browser, site.origin, options, (problem) => verdict.add(`${where}: ${problem}`));
  // The browser's clock stands where the site's does: a page that is years old rightly says that it does not know.
  await made.clock.setFixedTime(new Date(now));
  const page = await made.newPage();
  for (const { kind, name } of pages) {
    where = `${kind} (/${name})`;
    await page.goto(`${site.origin}${site.below}/${name}`, { waitUntil: 'load' });
    await page.waitForTimeout(60);
    for (const violation of await violations(page)) {
      verdict.add(`${where}: axe, ${look}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 2).map((node) => node.target.join(' ')).join(' | ')}`);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) verdict.add(`${where}: scrolls sideways by ${overflow} px (${look})`);
    if (look === looks[0].look) withScript.set(name, { words: await words(page), headings: await headings(page) });
  }
  await made.close();
}

const plain = await context(browser, site.origin, { javaScriptEnabled: false, viewport: looks[0].viewport }, () => {});
const page = await plain.newPage();
for (const { kind, name } of pages) {
  const where = `${kind} (/${name})`;
  await page.goto(`${site.origin}${site.below}/${name}`, { waitUntil: 'load' });
  const without = new Set(await words(page));
  const missing = withScript.get(name).words.filter((word) => !without.has(word));
  if (without.size < 5) verdict.add(`${where}: has hardly a word without JavaScript`);
  if (missing.length > withScript.get(name).words.length / 10) verdict.add(`${where}: says more with JavaScript than without: ${missing.slice(0, 12).join(' ')}`);
  const lost = (await headings(page)).filter((heading) => !withScript.get(name).headings.includes(heading));
  if (lost.length > 0) verdict.add(`${where}: JavaScript takes headings away: ${lost.join(' | ')}`);
}

// The checker checks: a page that is known to be bad must have violations.
await page.context().close();
const bad = await (await browser.newContext()).newPage();
await bad.setContent('<html><body><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><input></body></html>');
if ((await violations(bad)).length < 2) verdict.add('axe-core saw nothing wrong with a page that is known to be bad');

await browser.close();
site.close();
verdict.end(`${pages.length} pages in ${looks.length} looks`);

// once
// The front page, all that it needs, compressed: under 14 kB and within 4 requests. What a script asks for once the page stands, and
// the browser's own wish for an icon, are told but not counted.
import { gzipSync } from 'node:zlib';
import { Verdict, context, launch, serve } from './_browser.mjs';

const [folder, base] = process.argv.slice(2);
const site = await serve(folder, base);
const browser = await launch();
const verdict = new Verdict();
const made = await context(browser, site.origin, { viewport: { width: 390, height: 844 } }, (problem) => verdict.add(problem));
const parts = [];
made.on('response', (response) => {
  const counts = !['fetch', 'xhr'].includes(response.request().resourceType()) && !/favicon/.test(response.url());
  parts.push(response.body().then((body) => ({ name: response.url().slice(site.origin.length), bytes: gzipSync(body, { level: 9 }).length, counts })));
});
const page = await made.newPage();
await page.goto(`${site.origin}${site.below}/`, { waitUntil: 'networkidle' });
const loaded = await Promise.all(parts);
for (const part of loaded) console.log(`${part.bytes} bytes compressed${part.counts ? '' : ', not counted'}: ${part.name}`);
const needed = loaded.filter((part) => part.counts);
const bytes = needed.reduce((sum, part) => sum + part.bytes, 0);
if (bytes >= 14_000) verdict.add(`${bytes} bytes are more than 14 kB`);
if (needed.length > 4) verdict.add(`${needed.length} requests are more than 4`);
await browser.close();
site.close();
verdict.end(`${bytes} bytes in ${needed.length} requests`);

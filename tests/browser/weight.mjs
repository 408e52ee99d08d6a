// once
// The front page, all that it needs, compressed: under 14 kB and within 4 requests.
import { gzipSync } from 'node:zlib';
import { Verdict, context, launch, serve } from './_browser.mjs';

const [folder, base] = process.argv.slice(2);
const site = await serve(folder, base);
const browser = await launch();
const verdict = new Verdict();
const made = await context(browser, site.origin, { viewport: { width: 390, height: 844 } }, (problem) => verdict.add(problem));
const parts = [];
made.on('response', async (response) => {
  parts.push(response.body().then((body) => ({ name: response.url().slice(site.origin.length), bytes: gzipSync(body, { level: 9 }).length })));
});
const page = await made.newPage();
await page.goto(`${site.origin}${site.below}/`, { waitUntil: 'networkidle' });
const loaded = await Promise.all(parts);
const bytes = loaded.reduce((sum, part) => sum + part.bytes, 0);
for (const part of loaded) console.log(`${part.bytes} bytes compressed: ${part.name}`);
if (bytes >= 14_000) verdict.add(`${bytes} bytes are more than 14 kB`);
if (loaded.length > 4) verdict.add(`${loaded.length} requests are more than 4`);
await browser.close();
site.close();
verdict.end(`${bytes} bytes in ${loaded.length} requests`);

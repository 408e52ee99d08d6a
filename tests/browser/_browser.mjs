// What the browser checks share: the built site on a loopback port, and Chromium that talks to nobody else.
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const require = createRequire(path.join(process.env.SIGNALPOST_TEST_TOOLS, 'node', 'package.json'));
const { chromium } = require('playwright-core');

/** The module of a package of the test tools. */
export const load = (name) => import(require.resolve(name));

/** The source of axe-core, to be evaluated in a page. */
export const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const TYPES = {
  css: 'text/css', csv: 'text/csv', html: 'text/html; charset=utf-8', ics: 'text/calendar', js: 'text/javascript', json: 'application/json',
  png: 'image/png', svg: 'image/svg+xml', txt: 'text/plain; charset=utf-8', xml: 'application/xml', webmanifest: 'application/manifest+json',
};

/**
 * Serves a folder as a static host does, below the path of `base`. Gives `{ origin, below, close() }`. `hosted`: also compressed, and
 * with the headers that the site asks for in `_headers`; else nothing is cached, so that each page of a check stands for itself.
 */
export async function serve(folder, base, { hosted = false } = {}) {
  const below = new URL(base).pathname.replace(/\/$/, '');
  const rules = hosted ? headers(fs.readFileSync(path.join(folder, '_headers'), 'utf8')) : [];
  const compressed = new Map();
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    let file = path.join(folder, path.normalize(name.startsWith(below) ? name.slice(below.length) : '/none'));
    if (name.endsWith('/')) file = path.join(file, 'index.html');
    const found = file.startsWith(folder) && fs.existsSync(file) && fs.statSync(file).isFile();
    if (!found) file = path.join(folder, '404.html');
    const type = TYPES[path.extname(file).slice(1)] ?? 'application/octet-stream';
    const fields = { 'content-type': type, 'cache-control': hosted ? 'no-cache' : 'no-store' };
    for (const { pattern, name: field, value } of rules) if (pattern.test(name)) fields[field] = field in fields && field === 'content-security-policy' ? `${fields[field]}, ${value}` : value;
    let body = fs.readFileSync(file);
    if (hosted && /^(text|application)\/|svg/.test(type)) {
      if (!compressed.has(file)) compressed.set(file, gzipSync(body, { level: 9 }));
      body = compressed.get(file);
      fields['content-encoding'] = 'gzip';
    }
    response.writeHead(found ? 200 : 404, fields);
    response.end(body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, below, close: () => server.close() };
}

/** The rules of a `_headers` file: a line with a path, then its headers, indented; `*` stands for anything, `:name` for one part. */
function headers(text) {
  const rules = [];
  let pattern;
  for (const line of text.split('\n').filter((line) => line && !line.startsWith('#'))) {
    if (/^\s/.test(line)) {
      const [, name, value] = line.match(/^\s+([^:]+):\s*(.*)$/);
      rules.push({ pattern, name: name.toLowerCase(), value });
    } else {
      const escaped = line.trim().replace(/[.+?^${}()|[\]\\]/g, '\\$&');
      pattern = new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/:[a-z]+/g, '[^/]+')}$`);
    }
  }
  return rules;
}

/** Chromium from Debian's package, or what `CHROMIUM` names. */
export const launch = (...more) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium chromium-browser google-chrome | head -n 1'], { encoding: 'utf8' }).trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
});

/**
 * A context whose requests to other hosts are refused. What goes wrong on a page is handed to `report`: foreign and failed requests,
 * complaints of the console (which include breaches of the Content-Security-Policy), errors of scripts.
 */
export async function context(browser, origin, options, report) {
  const made = await browser.newContext({ serviceWorkers: 'block', ...options });
  await made.route('**/*', (route) => {
    const url = route.request().url();
    if (url.startsWith(`${origin}/`) || url.startsWith('data:')) return route.continue();
    report(`a request to another host: ${url}`);
    return route.abort();
  });
  made.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) report(`${response.status()} for ${response.url().slice(origin.length)}`);
  });
  made.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/status of 404/.test(message.text())) report(`the console says: ${message.text()}`);
  });
  made.on('weberror', (error) => report(`a script fails: ${error.error()}`));
  return made;
}

/** One page of every kind that a built site has, by its address below the base: the largest of each, where there are several. */
export function kinds(folder) {
  // An old address has a page that leads on at once.
  const stays = (name) => !/http-equiv="?refresh/i.test(fs.readFileSync(path.join(folder, name), 'utf8'));
  const all = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html') && stays(name)).map((name) => name.replace(/(^|\/)index\.html$/, '$1')).sort();
  const size = (name) => fs.statSync(path.join(folder, name === '' || name.endsWith('/') ? `${name}index.html` : name)).size;
  const patterns = {
    'front page': /^$/, post: /^\d{4}\/\d\d\/\d\d\/[^/]+\/$/, list: /^page\/\d+\/$/, year: /^\d{4}\/$/, month: /^\d{4}\/\d\d\/$/, archives: /^archives\/$/,
    tags: /^tags\/$/, tag: /^tag\/[^/]+\/$/, 'list of a tag': /^tag\/[^/]+\/page\/\d+\/$/, categories: /^categories\/$/, category: /^category\/[^/]+\/$/,
    servers: /^servers\/$/, server: /^server\/[^/]+\/$/, search: /^search\/$/, subscribe: /^subscribe\/$/, 'plain page': /^(about|support|terms)\/$/, 'not found': /^404\.html$/,
  };
  const pages = [];
  for (const [kind, pattern] of Object.entries(patterns)) {
    const found = all.filter((name) => pattern.test(name));
    if (kind === 'post' && found.length > 1) {
      // Every look that a post can have matters: the newest, the largest, the smallest.
      const bySize = [...found].sort((a, b) => size(a) - size(b));
      for (const name of new Set([found.at(-1), bySize.at(-1), bySize[0]])) pages.push({ kind, name });
    } else if (found.length > 0) {
      pages.push({ kind, name: found.reduce((a, b) => (size(b) > size(a) ? b : a)) });
    }
  }
  return pages;
}

/**
 * A small site of a check's own: `write(name, text)` makes a file of it, `build(now, name)` gives the folder with what it is at a moment,
 * and `remove()` takes all of it away.
 */
export function smallSite(base) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'signalpost-browser-'));
  return {
    write(name, text) {
      const file = path.join(work, 'site', name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    },
    build(now, name) {
      const output = path.join(work, name);
      const program = process.env.SIGNALPOST ?? 'signalpost';
      execFileSync(program, ['build', '--root', path.join(work, 'site'), '--output', output, '--base-url', base, '--now', now, '-q'], { stdio: ['ignore', 'inherit', 'inherit'] });
      return output;
    },
    remove: () => fs.rmSync(work, { recursive: true }),
  };
}

/** Collects problems, each once, and ends the program with what they amount to. */
export class Verdict {
  #problems = new Set();
  add(problem) { this.#problems.add(problem); }
  end(summary) {
    for (const problem of this.#problems) console.log(problem);
    console.log(`${summary}, ${this.#problems.size} problems`);
    process.exitCode = this.#problems.size > 0 ? 1 : 0;
  }
}

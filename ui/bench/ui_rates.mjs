// Measures the page in a real Chromium, drawing in software, on generated consignments: `cargo xtask bench ui`.
// One row of JSON a line on standard output; words for people on standard error. The server is a small one of its own, so that what is
// measured is the page: it serves `ui/dist` compressed, and a corridor of as many moving consignments as asked.
import { createServer } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { createServer as vite } from 'vite';

const executablePath = process.env.KERVAN_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const dist = new URL('../dist/', import.meta.url).pathname;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' };
/** What belongs to the map: its code, its worker, the land. */
const MAP = /CorridorMap|maplibre|countries-50m/;
/** Each consignment tells its position this often; some of them tell more. */
const STEP_MS = 2000;
const BEAT_MS = 100;
const CLOCK = { now: '2026-12-10T12:00:00Z', mode: 'wall' };
/** Who reports at the board. */
const CARRIER = { id: 'ktz', name: 'KTZ Express', country: 'KZ', roles: [{ role: 'carrier' }] };

const say = (text) => process.stderr.write(`${text}\n`);
const row = (name, size, unit, value, bar = null, better = null) => {
  const met = bar === null ? null : better === 'lower' ? value <= bar : value >= bar;
  process.stdout.write(`${JSON.stringify({ case: name, size, unit, value: Math.round(value * 1000) / 1000, bar, better, met })}\n`);
};

async function readNetwork() {
  const server = await vite({ root: new URL('..', import.meta.url).pathname, configFile: false, logLevel: 'error', server: { middlewareMode: true }, appType: 'custom' });
  const { network } = await server.ssrLoadModule('/mock/network.ts');
  await server.close();
  return network;
}

const files = new Map(readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => TYPES[extname(name)] !== undefined).map((name) => {
  const whole = readFileSync(join(dist, name));
  return [`/${name}`, { type: TYPES[extname(name)], zipped: extname(name) === '.woff2' ? undefined : gzipSync(whole), whole }];
}));

/** A corridor of `count` consignments under way: the same for the same count. */
function makeWorld(network, count) {
  const lines = network.links.filter((link) => link.course.length > 1);
  const names = new Map(network.places.map((place) => [place.code, place.name]));
  const goods = ['Household appliances', 'Ferroalloys', 'Cotton yarn', 'Car parts', 'Laptop computers'];
  const at = (i, beat) => {
    const { course } = lines[(i * 7) % lines.length];
    const share = ((i * 0.618 + beat * 0.004) % 1) * (course.length - 1);
    const [a, b] = [course[Math.floor(share)], course[Math.min(course.length - 1, Math.floor(share) + 1)]];
    const part = share - Math.floor(share);
    return { lon: a[0] + (b[0] - a[0]) * part, lat: a[1] + (b[1] - a[1]) * part, at: '2026-12-10T12:00:00Z' };
  };
  const one = (i, beat) => {
    const link = lines[(i * 7) % lines.length];
    return {
      id: `KRV-${String(100000 + i)}`, reference: `KRV-${String(100000 + i)}`, forwarder: 'f', from: link.from, from_name: names.get(link.from), to: link.to, to_name: names.get(link.to),
      goods: goods[i % goods.length], equipment: [`MSKU${String(1000000 + i)}`], state: i % 50 === 0 ? 'held' : 'in_transit', ready: '2026-12-01T08:00:00Z', planned_arrival: '2026-12-20T08:00:00Z',
      eta: { p10: '2026-12-18T00:00:00Z', p50: '2026-12-21T00:00:00Z', p90: '2026-12-25T00:00:00Z' }, delivered: null, position: at(i, beat), progress: (i % 100) / 100,
      last_event: `departed ${String(beat)}`, attention: i % 50 === 0 ? 'Gross weight differs between the note and the invoice' : null, mode: 'rail',
    };
  };
  const hour = (hours) => new Date(Date.parse(CLOCK.now) + hours * 3_600_000).toISOString();
  /** A line of the board for each consignment, two of them on one train. */
  const call = (i) => {
    const train = Math.floor(i / 2);
    const link = lines[(train * 7) % lines.length];
    const at = (train * 0.618 * 7) % 47;
    return {
      consignment: `KRV-${String(100000 + i)}`, containers: [`MSKU${String(1000000 + i)}`], code: train % 2 === 0 ? 'arrived' : 'departed', place: link.to, place_name: names.get(link.to), zone: 'Asia/Almaty',
      planned: hour(at), expected: { p10: hour(at - 1), p50: hour(at + 1), p90: hour(at + 6) }, unseen: false, next: true, yours: true, service: `S${String(train % 97)}`, service_name: 'Block train', operator: 'KTZ',
      class: 'block_train', mode: 'rail', means: String(1000 + train), from: link.from, from_name: names.get(link.from), to: link.to, to_name: names.get(link.to),
    };
  };
  return { count, at, one, call };
}

function serve(network, world) {
  const answers = { '/api/network': network, '/api/movements': [], '/api/clock': CLOCK, '/api/alarms': { digests: [], alarms: [] }, '/api/session': CARRIER };
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://x');
    const send = (type, body, zipped) => response.writeHead(200, { 'content-type': type, ...(zipped === undefined ? {} : { 'content-encoding': 'gzip' }) }).end(zipped ?? body);
    if (url.pathname === '/api/stream') return follow(world, request, response);
    if (url.pathname === '/api/consignments') {
      const from = Number(url.searchParams.get('after') ?? 0);
      const limit = Number(url.searchParams.get('limit') ?? 100);
      const items = Array.from({ length: Math.min(limit, world.count - from) }, (_, i) => world.one(from + i, 0));
      const next = from + limit < world.count ? String(from + limit) : undefined;
      return send('application/json', undefined, gzipSync(JSON.stringify({ items, next }), { level: 1 }));
    }
    if (url.pathname === '/api/board') {
      const board = Array.from({ length: world.count }, (_, i) => world.call(i));
      return send('application/json', undefined, gzipSync(JSON.stringify(board), { level: 1 }));
    }
    if (url.pathname === '/epcis/capture') return request.resume().on('end', () => response.writeHead(202).end('{}'));
    if (answers[url.pathname] !== undefined) return send('application/json', undefined, gzipSync(JSON.stringify(answers[url.pathname]), { level: 1 }));
    const file = files.get(url.pathname === '/' ? '/index.html' : url.pathname);
    if (file === undefined) return response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"title":"none","status":404,"type":"about:blank"}');
    return send(file.type, file.whole, file.zipped);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ base: `http://127.0.0.1:${String(server.address().port)}`, stop: () => { server.closeAllConnections(); server.close(); } })));
}

/** Everybody moves every two seconds, and one in a hundred of them changes. */
function follow({ count, at, one }, request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let beat = 0;
  const parts = STEP_MS / BEAT_MS;
  const timer = setInterval(() => {
    beat += 1;
    let text = beat % 10 === 0 ? `event: clock\ndata: ${JSON.stringify(CLOCK)}\n\n` : '';
    for (let i = beat % parts; i < count; i += parts) {
      text += `event: position\ndata: ${JSON.stringify({ consignment: `KRV-${String(100000 + i)}`, ...at(i, beat) })}\n\n`;
      if (i % 100 === 0) text += `event: consignment\ndata: ${JSON.stringify(one(i, beat))}\n\n`;
    }
    response.write(text);
  }, BEAT_MS);
  request.on('close', () => clearInterval(timer));
}

/** Runs in the page before anything else: what shifts, what takes long, how often the map paints. */
function watch() {
  const seen = { shift: 0, long: 0, events: [], paint: 0, paints: 0, below: 0, rows: 0 };
  globalThis.seen = seen;
  localStorage.setItem('kervan.tour', JSON.stringify({ away: true }));
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value; }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.long += one.duration; }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.interactionId > 0) seen.events.push({ took: one.duration, what: `${one.name} at ${String(Math.round(one.startTime))}, worked ${String(Math.round(one.processingEnd - one.processingStart))}, waited ${String(Math.round(one.processingStart - one.startTime))}` }); }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => { seen.paint = list.getEntries().at(-1).startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
  // The moment at which the first row is on the screen, told by the page itself: asking from outside waits for the map.
  const rows = new MutationObserver(() => {
    if (document.querySelector('main [data-testid^="consignment-KRV"]') === null) return;
    rows.disconnect();
    requestAnimationFrame((now) => { seen.rows = now; });
  });
  rows.observe(document, { childList: true, subtree: true });
  // A frame of the map is one in which the markers were drawn anew; what lies below them is painted only when it moves.
  const drawn = { markers: false, below: false };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...all) { drawn.markers ||= this.canvas.className === 'markers'; return clear.apply(this, all); };
  const draw = WebGL2RenderingContext.prototype.drawElements;
  WebGL2RenderingContext.prototype.drawElements = function (...all) { drawn.below = true; return draw.apply(this, all); };
  requestAnimationFrame(function tick() {
    if (drawn.markers) seen.paints += 1;
    if (drawn.below) seen.below += 1;
    drawn.markers = drawn.below = false;
    requestAnimationFrame(tick);
  });
}

async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  await context.addInitScript(watch);
  return context.newPage();
}
const rows = (page) => page.locator('main [data-testid^="consignment-KRV"]').first();

async function firstScreen(browser, base, size) {
  const page = await open(browser);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const urls = new Map();
  const bytes = { page: 0, data: 0, map: 0 };
  session.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, new URL(response.url).pathname));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = urls.get(requestId) ?? '';
    bytes[MAP.test(path) ? 'map' : path.startsWith('/api/') ? 'data' : 'page'] += encodedDataLength;
  });
  await page.goto(`${base}/`);
  await rows(page).waitFor();
  await page.waitForTimeout(2500);
  const { shift, paint, rows: shown } = await page.evaluate(() => globalThis.seen);
  row('first screen: rows are there', size, 'ms', shown, 1500, 'lower');
  row('first screen: largest paint', size, 'ms', paint, 1500, 'lower');
  row('first screen: compressed without the map', size, 'kB', bytes.page / 1000, 400, 'lower');
  row('first screen: data', size, 'kB', bytes.data / 1000);
  row('layout shift: corridor', size, 'score', shift, 0.1, 'lower');
  await page.context().close();
}

async function interactions(browser, base, size) {
  const page = await open(browser);
  await page.goto(`${base}/`);
  await rows(page).waitFor();
  await page.waitForTimeout(1500);
  const list = page.locator('main [data-testid^="consignment-KRV"]');
  for (let i = 0; i < 4; i += 1) {
    await list.nth(i).click();
    await page.waitForTimeout(300);
  }
  await page.keyboard.press('ArrowDown');
  await page.evaluate(() => { location.hash = '#/consignments'; });
  const search = page.locator('main input[type="search"]');
  await search.waitFor();
  await page.waitForTimeout(800);
  await search.pressSequentially('ferro', { delay: 150 });
  await page.waitForTimeout(600);
  const { events, shift } = await page.evaluate(() => globalThis.seen);
  const sorted = events.map((one) => one.took).sort((a, b) => a - b);
  for (const { took, what } of events.filter((one) => one.took > 100)) say(`  ${String(took)} ms: ${what}`);
  row('interaction to next paint, worst', size, 'ms', sorted.at(-1) ?? 0, 200, 'lower');
  row('interaction to next paint, median', size, 'ms', sorted[Math.floor(sorted.length / 2)] ?? 0);
  row('layout shift: with use', size, 'score', shift, 0.1, 'lower');
  await page.context().close();
}

async function movingMap(browser, base, size) {
  const page = await open(browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${base}/`);
  await page.waitForFunction(() => globalThis.seen.paints > 3, undefined, { timeout: 90_000 });
  await page.waitForTimeout(3000);
  const SPAN_MS = 8000;
  const before = await page.evaluate(() => globalThis.seen.paints);
  await page.waitForTimeout(SPAN_MS);
  const after = await page.evaluate(() => globalThis.seen.paints);
  row('map in software: moving consignments', size, 'frames/s', ((after - before) * 1000) / SPAN_MS, 10, 'higher');
  await page.context().close();
}

async function scrolling(browser, base, size) {
  const page = await open(browser);
  await page.goto(`${base}/#/consignments`);
  await page.waitForFunction((count) => document.documentElement.scrollHeight > Math.min(count, 2000) * 20, size, { timeout: 60_000 });
  await page.waitForTimeout(1000);
  await scroll(page, 'scrolling', size);
  await page.context().close();
}

/** Scrolls the page for a few seconds and tells how its frames came. */
async function scroll(page, name, size) {
  const frames = await page.evaluate(() => new Promise((resolve) => {
    const gaps = [];
    let last = performance.now();
    const until = last + 4000;
    requestAnimationFrame(function step(now) {
      gaps.push(now - last);
      last = now;
      scrollBy(0, 160);
      if (now < until) requestAnimationFrame(step);
      else resolve(gaps);
    });
  }));
  const sorted = [...frames].sort((a, b) => a - b);
  row(`${name}: frames`, size, 'frames/s', (frames.length * 1000) / frames.reduce((sum, gap) => sum + gap, 0), 30, 'higher');
  row(`${name}: 95th gap between frames`, size, 'ms', sorted[Math.floor(sorted.length * 0.95)] ?? 0, 50, 'lower');
  row(`${name}: frames later than 50 ms`, size, '%', (100 * frames.filter((gap) => gap > 50).length) / frames.length);
}

/** The arrivals board: how soon it stands, how it scrolls, and how it answers whoever reports what happened. */
async function board(browser, base, size) {
  const page = await open(browser);
  await page.context().addInitScript(() => localStorage.setItem('kervan.signed', '1'));
  await page.goto(`${base}/#/desk`);
  await page.locator('main h1').first().waitFor();
  await page.waitForTimeout(1500);
  const took = await page.evaluate(() => new Promise((resolve) => {
    const begun = performance.now();
    globalThis.seen.long = 0;
    new MutationObserver((_, watcher) => {
      if (document.querySelector('[data-testid="call"]') === null) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
    }).observe(document, { childList: true, subtree: true });
    location.hash = '#/board?hours=48';
  }));
  row('board: opened', size, 'ms', took, 1500, 'lower');
  await page.waitForTimeout(1000);
  row('board: long tasks while it opens', size, 'ms', await page.evaluate(() => globalThis.seen.long));
  await page.evaluate(() => { globalThis.seen.events = []; });
  for (let i = 0; i < 3; i += 1) {
    await page.getByTestId('report').nth(i).click();
    const sheet = page.getByTestId('report-sheet');
    await sheet.getByRole('button').nth(1).click();
    await sheet.waitFor({ state: 'detached' });
    await page.waitForTimeout(2500);
  }
  const { events } = await page.evaluate(() => globalThis.seen);
  for (const { took: ms, what } of events.filter((one) => one.took > 100)) say(`  ${String(ms)} ms: ${what}`);
  row('board: report to next paint, worst', size, 'ms', Math.max(0, ...events.map((one) => one.took)), 200, 'lower');
  await scroll(page, 'board: scrolling', size);
  await page.context().close();
}

const network = await readNetwork();
const browser = await chromium.launch({ executablePath, args: FLAGS });
const only = process.argv[2] ?? '';
try {
  for (const [name, sizes, measure] of [['first', [50, 500, 5000], firstScreen], ['inp', [50, 500, 5000], interactions], ['map', [50, 500, 5000], movingMap], ['scroll', [100, 1000, 10_000], scrolling], ['board', [50, 500, 5000], board]]) {
    if (!name.startsWith(only)) continue;
    for (const size of sizes) {
      say(`${name} at ${String(size)} consignments`);
      const { base, stop } = await serve(network, makeWorld(network, size));
      try {
        await measure(browser, base, size);
      } finally {
        stop();
      }
    }
  }
} finally {
  await browser.close();
}

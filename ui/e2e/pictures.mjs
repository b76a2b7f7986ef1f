// The pictures of docs/design.md: every page in both themes on a phone and a desk, and every kind of list in each of its states. They are made
// from the fixtures of `npm run mock` on a clock that stands still, so that the same page gives the same picture; or from the node at KERVAN_URL,
// which has pages that the fixtures lack (a play of the demo is stopped meanwhile).
//   npm run pictures [-- FOLDER [NAME]]      all of them into FOLDER (target/pictures), or those whose name holds NAME
//   npm run pictures -- --docs               the few that the document shows, small, into docs/pictures
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer } from 'vite';

const root = new URL('..', import.meta.url).pathname;
const forDocs = process.argv[2] === '--docs';
const folder = forDocs ? join(root, '../docs/pictures') : (process.argv[2] ?? join(root, '../target/pictures'));
const only = forDocs ? '' : (process.argv[3] ?? '');

/** Lists and the request that fills them, for the page of states. */
const LISTS = [
  ['corridor', '', '**/api/consignments?*'], ['consignments', 'consignments', '**/api/consignments?*'], ['clearance', 'clearance', '**/api/movements'],
  ['board', 'board', '**/api/board*'], ['state', 'corridor/state', '**/api/corridor/**'], ['dossier', 'dossier', '**/dossier'],
];
/** Nothing yet; nothing there; a refusal; no line. */
const EMPTY = { corridor: { items: [] }, consignments: { items: [] }, clearance: [], board: [], state: [], dossier: { id: '', heads: [], entries: [], findings: [] } };
const ANSWERS = {
  loading: () => undefined,
  empty: (route, name) => route.fulfill({ json: EMPTY[name] }),
  error: (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'The store is being moved', status: 503, detail: 'Try again in a minute; nothing is lost.' } }),
  offline: (route) => route.abort('internetdisconnected'),
};
const LOOKS = [['light', 1440], ['dark', 1440], ['light', 360], ['dark', 360]];
/** What the document shows: few and small. */
const SHOWN = new Set(['corridor-light-1440', 'journey-dark-1440', 'plan-light-1440', 'board-light-360', 'clearance-of-one-dark-360']);

process.env.MOCK_SPEED = '0';
const server = process.env.KERVAN_URL === undefined ? await createServer({ root, mode: 'mock', server: { port: 0, host: '127.0.0.1' }, logLevel: 'error' }) : undefined;
if (server !== undefined) {
  await server.listen();
  process.env.KERVAN_URL = `http://127.0.0.1:${String(server.httpServer.address().port)}`;
}
const { base, settled, visit, withBrowser } = await import('./browser.mjs');
const { idToLookAt } = await import('./pages.mjs');
const id = await idToLookAt();
const PAGES = [
  ['corridor', ''], ['corridor-chosen', `corridor?consignment=${id}`], ['state', 'corridor/state'], ['flows', 'corridor/flows'], ['consignments', 'consignments'], ['journey', `consignments/${id}`],
  ['clearance-of-one', `consignments/${id}/clearance`], ['documents', `consignments/${id}/documents`], ['dossier', `consignments/${id}/dossier`], ['clearance', 'clearance'], ['desk', 'desk'],
  ['board', 'board?hours=720'], ['new', 'new'], ['plan', 'plan?from=CNXIA&to=TRIST&ready=2026-12-01T08:00&equipment=1x45G1'], ['verify', 'verify'],
];

async function picture(page, name) {
  await settled(page);
  // The map comes after the page, and its labels after its land.
  if (/^(corridor|plan)-/.test(name)) await page.locator('[data-testid="map"][data-drawn]').first().waitFor().then(() => page.waitForTimeout(1500), () => undefined);
  await page.screenshot({ path: join(folder, `${name}.${forDocs ? 'jpg' : 'png'}`), animations: 'disabled', caret: 'hide', ...(forDocs ? { type: 'jpeg', quality: 72 } : {}) });
  console.log(name);
}

await mkdir(folder, { recursive: true });
try {
  await withBrowser(async (browser) => {
    for (const [theme, width] of LOOKS) {
      const page = await visit(browser, { theme, width, reducedMotion: 'reduce', timezoneId: 'Asia/Tashkent' });
      await page.goto(`${base}/`);
      for (const [name, path] of PAGES) {
        const file = `${name}-${theme}-${String(width)}`;
        if (!file.includes(only) || (forDocs && !SHOWN.has(file))) continue;
        await page.evaluate((hash) => { location.hash = hash; }, `#/${path}`);
        await picture(page, file);
      }
      await page.context().close();
    }
    if (forDocs) return;
    for (const [name, path, request] of LISTS) {
      for (const [state, answer] of Object.entries(ANSWERS)) {
        const file = `states-${name}-${state}`;
        if (!file.includes(only)) continue;
        const page = await visit(browser, { width: 720, height: 560, reducedMotion: 'reduce' });
        await page.route(request, (route) => answer(route, name));
        if (state === 'offline') await page.route('**/api/stream', (route) => route.abort('internetdisconnected'));
        await page.goto(`${base}/#/${path === 'dossier' ? `consignments/${id}/dossier` : path}`);
        await page.waitForTimeout(1500);
        await page.screenshot({ path: join(folder, `${file}.png`), animations: 'disabled' });
        console.log(file);
        await page.context().close();
      }
    }
  });
} finally {
  await server?.close();
}

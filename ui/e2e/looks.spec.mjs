// A short journey of each of the five people in English, Russian, Georgian and Chinese, on a phone and on a desk, light and dark: what they
// come for is there, in their words, within the page, and nothing of it is told in English. Nothing is signed, so that it can run on any play.
// KERVAN_FULL runs all sixteen looks; without it each language, theme and width is seen at least once.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { base, runSteps, settled, tokenOf, visit, withBrowser } from './browser.mjs';
import { idToLookAt } from './pages.mjs';

const LANGUAGES = { en: /\p{Script=Latin}{3}/u, ru: /\p{Script=Cyrillic}{3}/u, ka: /\p{Script=Georgian}{3}/u, zh: /\p{Script=Han}{2}/u };
const FEW = [['en', 'dark', 360], ['ru', 'light', 1440], ['ka', 'light', 360], ['zh', 'dark', 1440]];
const ALL = Object.keys(LANGUAGES).flatMap((language) => ['light', 'dark'].flatMap((theme) => [360, 1440].map((width) => [language, theme, width])));

const id = await idToLookAt();
const cast = await (await fetch(`${base}/api/play/cast`)).json();
const partyWith = (role) => cast.find((one) => one.officer === undefined && one.roles.some((grant) => grant.role === role))?.id;
const tokens = new Map();
async function tokenFor(whose) {
  if (whose === undefined) return undefined;
  if (!tokens.has(whose)) tokens.set(whose, await tokenOf(whose === 'officer' ? (one) => one.officer !== undefined : (one) => one.id === partyWith(whose) && one.officer === undefined));
  return tokens.get(whose);
}

/** What a person comes for; each begins on a page of its own and ends where the answer stands. */
const PEOPLE = [
  ['a forwarder plans a way and sees why', 'forwarder', 'plan?from=CNXIA&to=TRIST&ready=2026-12-01T08:00&equipment=1x45G1', async (page) => {
    await page.getByTestId('alternatives').locator('button').nth(1).click();
    await page.getByTestId('plan-steps').waitFor();
    assert.equal(await page.getByTestId('plan-ready').inputValue(), '2026-12-01T16:00', 'the time is asked for on the clock of Xi\'an');
  }],
  ['an officer looks through the desk', 'officer', 'desk', async (page) => {
    await page.locator('main h1').first().waitFor();
    await page.locator('main a[href*="rules"]').first().click();
    await page.getByTestId('rules-pack').waitFor();
  }],
  ['a carrier finds the next call', 'carrier', 'board?hours=2000', async (page) => {
    await page.getByTestId('board').waitFor();
    const report = page.getByTestId('report').first();
    // Whoever has nothing to report sees the board all the same.
    if ((await report.count()) === 0) return;
    await report.click();
    await page.getByTestId('report-sheet').locator('summary').click();
    await page.getByTestId('report-time').waitFor();
  }],
  ['a consignee proves a dossier', 'consignee', `consignments/${id}/dossier`, async (page) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').first().click()]);
    const file = await readFile(await download.path());
    await page.evaluate(() => { location.hash = '#/verify'; });
    await page.getByTestId('verify-file').setInputFiles({ name: 'a.dossier.json', mimeType: 'application/json', buffer: file });
    await page.getByTestId('verify-report').waitFor();
    assert.match((await page.getByTestId('verify-report').getAttribute('class')) ?? '', /good/);
  }],
  ['a planner sees the corridor over time', undefined, 'corridor/state', async (page) => {
    await page.getByTestId('state-trend').click();
    await page.evaluate(() => { location.hash = '#/corridor/flows'; });
    await page.getByTestId('flow-close').waitFor();
  }],
];

async function walk(browser, language, theme, width) {
  for (const [name, whose, path, act] of PEOPLE) {
    const page = await visit(browser, { language, theme, width, reducedMotion: 'reduce', token: await tokenFor(whose) });
    await page.route('**/CorridorMap-*.js', (route) => route.abort());
    await page.goto(`${base}/#/${path}`);
    await settled(page);
    await act(page);
    await settled(page);
    const { title, wide } = await page.evaluate(() => ({ title: document.querySelector('main h1')?.textContent ?? '', wide: document.documentElement.scrollWidth - document.documentElement.clientWidth }));
    assert.match(title, LANGUAGES[language], `${name}: the heading "${title}" is told in ${language}`);
    assert.ok(wide <= 0, `${name}: scrolls ${String(wide)} px sideways`);
    await page.context().close();
  }
}

/** What stands beside what, at the home page's edges: the bar's parts, and what lies on the map. Each pair is apart. */
const APART = [['header nav', 'header .right'], ['.corridor .map details', '[data-testid="credits"]'], ['.corridor .map details', '.maplibregl-ctrl-scale'], ['.maplibregl-ctrl-scale', '[data-testid="credits"]']];

async function staysApart(browser) {
  const page = await visit(browser, { language: 'ru', reducedMotion: 'reduce' });
  await page.addInitScript(() => localStorage.removeItem('kervan.tour'));
  for (const width of [1440, 1024, 768, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${base}/?${String(width)}`);
    await page.locator('.maplibregl-ctrl-scale').waitFor();
    const found = await page.evaluate((pairs) => {
      const boxes = (one) => [...document.querySelectorAll(one)].map((part) => part.getBoundingClientRect()).filter((box) => box.width > 0);
      const over = pairs.filter(([a, b]) => boxes(a).some((x) => boxes(b).some((y) => x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1)));
      return { over: over.map((pair) => pair.join(' and ')), beyond: [...document.querySelectorAll('header .right *')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth).length };
    }, APART);
    assert.deepEqual(found, { over: [], beyond: 0 }, `${String(width)} px`);
  }
  await page.context().close();
}

await withBrowser((browser) => runSteps([...(process.env.KERVAN_FULL === undefined ? FEW : ALL).map(([language, theme, width]) => [
  `five people in ${language}, ${theme}, ${String(width)} px`, () => walk(browser, language, theme, width),
]), ['nothing lies over its neighbour at any width', () => staysApart(browser)]]));

// Accessibility in a real Chromium: axe over every page in both themes, on a phone and a desk, in every language in turn; narrow and
// enlarged pages without sideways scrolling; the main journeys with the keyboard alone.
import assert from 'node:assert/strict';
import { faultsOf, sideways } from './axe.mjs';
import { base, eventually, runSteps, settled, visit, withBrowser } from './browser.mjs';
import { idToLookAt, pagesOf } from './pages.mjs';

/** The languages by which the page is judged, and on request the others. */
const LOOKS = [['light', 1440, 'en'], ['dark', 360, 'ka'], ['light', 360, 'ru'], ['dark', 1440, 'zh']];
if (process.env.KERVAN_FULL !== undefined) LOOKS.push(['light', 360, 'kk'], ['dark', 360, 'uz'], ['light', 360, 'az'], ['light', 360, 'tr'], ['light', 320, 'tg'], ['dark', 720, 'tk'], ['light', 720, 'ky']);

const PAGES = await pagesOf();
const id = await idToLookAt();

/** A map of one colour packs into far less; a painted one into far more. */
const PAINTED_BYTES = 60_000;

/** WCAG 1.4.12: nothing is cut off or pushed aside when a reader spreads the text. */
const SPREAD = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }';

async function look(browser, theme, width, language) {
  const faults = [];
  const page = await visit(browser, { theme, width, language, bypassCSP: true, reducedMotion: 'reduce' });
  // Painting the map in software takes most of the time; it is there in the first looks.
  if (language !== 'en' && language !== 'ka') await page.route('**/CorridorMap-*.js', (route) => route.abort());
  let whose;
  await page.goto(`${base}/`);
  for (const [name, path, token] of PAGES) {
    if (token !== whose) {
      await page.evaluate((key) => sessionStorage.setItem('kervan.token', key), token);
      await page.goto(`${base}/#/verify`);
      await page.reload();
      whose = token;
    }
    await page.evaluate((hash) => { location.hash = hash; }, `#/${path}`);
    await settled(page);
    faults.push(...(await faultsOf(page)).map((one) => `${name}: ${one}`));
    const wide = await sideways(page);
    if (wide > 0) faults.push(`${name}: scrolls ${String(wide)} px sideways`);
    if (width === 360) {
      const style = await page.addStyleTag({ content: SPREAD });
      const spread = await sideways(page);
      if (spread > 0) faults.push(`${name}: spread text scrolls ${String(spread)} px sideways`);
      await style.evaluate((node) => node.remove());
    }
  }
  await page.context().close();
  assert.deepEqual(faults, [], `\n  ${faults.join('\n  ')}`);
}

/** Walks with the tab key until `holds`; the focus never falls out of the page on the way. */
async function tabTo(page, holds, most = 80) {
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press('Tab');
    const { text, lost } = await page.evaluate(() => {
      const one = document.activeElement;
      return { lost: one === null || one === document.body, text: `${one?.getAttribute('data-testid') ?? ''} ${one?.getAttribute('href') ?? ''} ${one?.className ?? ''} ${one?.getAttribute('popovertarget') ?? ''}` };
    });
    if (!lost && holds.test(text)) return;
  }
  throw new Error(`the tab key does not reach ${String(holds)}`);
}
const focused = (page) => page.evaluate(() => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid') ?? document.activeElement?.id ?? '');
const outlined = (page) => page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none');

async function keyboardOnly(browser) {
  const page = await visit(browser, { language: 'en' });
  await page.goto(`${base}/`);
  await page.getByTestId('consignment-list').locator('button').first().waitFor();
  // Past the bar by the link, then into the list: one stop, arrows inside.
  await page.keyboard.press('Tab');
  assert.ok(await outlined(page), 'the focus is seen');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'main');
  await tabTo(page, /^consignment-/);
  const before = await focused(page);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await focused(page), before, 'the arrow goes on');
  await page.keyboard.press('Enter');
  await page.getByTestId('panel').waitFor();
  await tabTo(page, /close/);
  await page.keyboard.press('Escape');
  await page.getByTestId('panel').waitFor({ state: 'hidden' });
  assert.match(await focused(page), /^consignment-/, 'the focus is back where the panel was opened');
  await page.keyboard.press('Enter');
  await tabTo(page, /open-consignment/);
  await page.keyboard.press('Enter');
  await page.getByTestId('consignment-head').waitFor();
  assert.equal(await focused(page), 'main', 'after a change of page the keyboard starts at its beginning');
  await tabTo(page, /figure/);
  await page.keyboard.press('Enter');
  await page.getByTestId('origin').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('origin').waitFor({ state: 'hidden' });
  assert.ok(await page.evaluate(() => document.activeElement?.classList.contains('figure')), 'the focus is back at the figure');
  // The list of keys, the sections by keys, and all of it switched off.
  await page.keyboard.press('?');
  await page.getByTestId('shortcuts').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('shortcuts').waitFor({ state: 'hidden' });
  await page.keyboard.press('g');
  await page.keyboard.press('2');
  await page.waitForURL(/#\/consignments$/);
  await page.locator('main input[type=search]').waitFor();
  await page.keyboard.press('/');
  assert.ok(await page.evaluate(() => document.activeElement?.matches('input[type=search]')), 'the search has the focus');
  await page.goto(`${base}/#/plan`);
  await page.getByTestId('plan-from').waitFor();
  for (const [field, code] of [['plan-from', 'CNXIA'], ['plan-to', 'TRIST']]) {
    await tabTo(page, new RegExp(field));
    await page.keyboard.type(code);
    await page.getByRole('option').filter({ hasText: code }).first().waitFor();
    await page.keyboard.press('Enter');
  }
  await tabTo(page, /plan-submit/);
  await page.keyboard.press('Enter');
  await page.getByTestId('alternative').first().waitFor();
  await page.context().close();
}

async function keyboardOfAnOfficer(browser) {
  const page = await visit(browser, { language: 'en' });
  await page.goto(`${base}/#/desk`);
  await tabTo(page, / session$/);
  await page.keyboard.press('Enter');
  await page.locator('[data-testid^="act-as-customs-"]').first().waitFor();
  await tabTo(page, /act-as-customs-/, 120);
  await page.keyboard.press('Enter');
  await eventually(async () => (await page.getByTestId('session').getAttribute('aria-label')) !== 'Sign in', 'the officer is signed in');
  await page.context().close();
}

async function forcedColours(browser) {
  const page = await visit(browser, { forcedColors: 'active', theme: 'dark', width: 720 });
  await page.goto(`${base}/#/consignments/${id}`);
  await settled(page);
  assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches));
  await page.keyboard.press('Tab');
  assert.ok(await outlined(page), 'the focus is seen in forced colours');
  assert.ok((await sideways(page)) <= 0);
  await page.context().close();
}

async function calm(browser) {
  const page = await visit(browser, { reducedMotion: 'reduce' });
  await page.goto(`${base}/`);
  await settled(page);
  const moving = await page.evaluate(() => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration) > 50).length);
  assert.equal(moving, 0, 'nothing moves for whoever asked for calm');
  // Its map is drawn in colours of its own: one colour for everything packs into far less.
  await page.locator('[data-testid=map][data-drawn]').waitFor();
  await eventually(async () => (await page.getByTestId('map').screenshot()).length > PAINTED_BYTES, 'the map is painted in its colours');
  await page.context().close();
}

/** A look and its neighbour go side by side: much of each is waiting. What one of them throws is kept until it is asked for. */
function besides(browser) {
  const begun = [];
  return async (index) => {
    for (const at of [index, index ^ 1]) {
      if (LOOKS[at] !== undefined) begun[at] ??= look(browser, ...LOOKS[at]).then(() => undefined, (error) => error);
    }
    const error = await begun[index];
    if (error !== undefined) throw error;
  };
}

await withBrowser((browser) => {
  const sideBySide = besides(browser);
  return runSteps([
    ...LOOKS.map(([theme, width, language], index) => [`axe finds nothing on any page: ${theme}, ${String(width)} px, ${language}`, () => sideBySide(index)]),
    ['the main journeys with the keyboard alone', () => keyboardOnly(browser)],
    ['an officer signs in with the keyboard alone', () => keyboardOfAnOfficer(browser)],
    ['forced colours keep the focus', () => forcedColours(browser)],
    ['reduced motion is still', () => calm(browser)],
  ]);
});

// Drives the page in a real Chromium: KERVAN_URL (the running server) and KERVAN_CHROMIUM (the browser) say where; KERVAN_STEP
// runs only the steps whose names hold its words.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { addJourneys } from './people.mjs';

const base = process.env.KERVAN_URL ?? 'http://127.0.0.1:8080';
const executablePath = process.env.KERVAN_CHROMIUM ?? '/usr/bin/chromium';
/** Where pictures of the visited pages go, if anywhere. */
const pictures = process.env.KERVAN_PICTURES;
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
/** A map painted in software and a play that has yet to reach its first decision both need their time. */
const PATIENCE_MS = 60_000;
const FIRST_DECISION_MS = 180_000;
/** A canvas of one colour packs into far less; a painted map into far more. */
const PAINTED_BYTES = 20_000;

// The demo has to run with a list of denied parties that names the consignor of KRV-2026-0001.
const steps = [];
const step = (name, act) => steps.push([name, act]);
const byId = (page, id) => page.getByTestId(id);

async function picture(page, name) {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A consignment an authority has decided about; waits for the play to bring one. */
async function decidedConsignment() {
  const until = Date.now() + FIRST_DECISION_MS;
  while (Date.now() < until) {
    const movements = await (await fetch(`${base}/api/movements`)).json();
    const decided = movements.find((movement) => movement.decision);
    if (decided !== undefined) return decided.consignment;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error('no movement was decided in time');
}

step('shows the map and the consignments', async (page) => {
  await page.goto(`${base}/`);
  await byId(page, 'consignment-list').locator('button').first().waitFor();
  const { items } = await (await fetch(`${base}/api/consignments`)).json();
  assert.ok(items.length > 0, 'the server has consignments');
  const canvas = byId(page, 'map').locator('canvas.maplibregl-canvas');
  await canvas.waitFor();
  await assertEventually(async () => (await canvas.screenshot()).length > PAINTED_BYTES, 'the map is painted');
  await picture(page, 'corridor');
});

step('opens a consignment from the list', async (page) => {
  const id = await decidedConsignment();
  await byId(page, `consignment-${id}`).click();
  await byId(page, 'panel').waitFor();
  await byId(page, 'open-consignment').click();
  await byId(page, 'consignment-head').waitFor();
});

step('shows its itinerary', async (page) => {
  const itinerary = byId(page, 'itinerary');
  await itinerary.waitFor();
  assert.ok((await itinerary.locator('li').count()) >= 3, 'at least a stay, a leg and a stay');
  await picture(page, 'consignment');
});

step('says where a figure comes from', async (page) => {
  await byId(page, 'itinerary').locator('button.figure').first().click();
  const origin = byId(page, 'origin');
  await origin.waitFor();
  assert.ok((await origin.innerText()).length > 20, 'the card holds a source');
  await page.keyboard.press('Escape');
  await origin.waitFor({ state: 'hidden' });
});

step('shows its dossier', async (page) => {
  await byId(page, 'tab-dossier').click();
  const entries = byId(page, 'entry');
  await entries.first().waitFor();
  assert.ok((await entries.count()) >= 2, 'entries linked to one another');
  await entries.nth(1).locator('summary').click();
  await picture(page, 'dossier');
});

step('shows a decision with its reasons', async (page) => {
  await byId(page, 'tab-clearance').click();
  const movement = byId(page, 'movement').filter({ has: byId(page, 'decision') }).first();
  await movement.waitFor();
  const decision = movement.getByTestId('decision');
  if (!(await decision.isVisible())) await movement.locator('summary').first().click();
  await decision.waitFor();
  assert.ok((await decision.innerText()).trim() !== '', 'the decision is told');
  await picture(page, 'clearance');
});

step('plans a journey and compares the alternatives', async (page) => {
  await byId(page, 'nav-plan').click();
  for (const [field, code] of [['plan-from', 'CNXIA'], ['plan-to', 'TRIST']]) {
    await byId(page, field).fill(code);
    await page.getByRole('option').filter({ hasText: code }).first().waitFor();
    await page.keyboard.press('Enter');
  }
  await byId(page, 'plan-submit').click();
  await byId(page, 'alternatives').getByTestId('alternative').first().waitFor();
  const count = await byId(page, 'alternative').count();
  assert.ok(count >= 1, 'at least one alternative');
  assert.equal(await byId(page, 'compare').locator('tbody tr').count(), count, 'each alternative has its row');
  assert.ok((await byId(page, 'plan-steps').locator('li').count()) >= 3, 'the chosen one is told step by step');
  await picture(page, 'plan');
});

step('lets an officer of the cast come to the desk', async (page) => {
  await page.goto(`${base}/#/desk`);
  await byId(page, 'session').click();
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/api/play/sign-in'));
  await page.locator('[data-testid^="act-as-customs-"]').first().click();
  const member = await (await answered).json();
  assert.match(member.party.name, /^Customs of /);
  assert.ok(member.party.officer.id !== '', 'an officer is a person');
  assert.ok((await byId(page, 'session').getAttribute('aria-label')).includes(member.party.officer.name), 'who acts is named');
  await assertEventually(async () => (await page.locator('main').innerText()).includes(member.party.name), 'the desk is that of the officer');
  const lines = await (await fetch(`${base}/api/worklist?territory=${member.party.roles[0].territory}`)).json();
  if (lines.length > 0) await byId(page, 'case').waitFor();
  await picture(page, 'desk');
  await byId(page, 'session').click();
  await byId(page, 'sign-out').click();
});

/** The case that the list of denied parties of the run (`xtask/src/test/end_to_end.rs`) holds until officers decide. */
const HELD = 'KRV-2026-0001/1';

async function caseAtDesk() {
  const lines = await (await fetch(`${base}/api/worklist?territory=CN`)).json();
  return lines.find((line) => line.movement === HELD && line.goods_wait);
}

/** Signs an officer of the cast in at the desk, in the place of whoever was. */
async function comeAs(page, officer) {
  const open = async () => {
    if (!(await page.locator('#session').isVisible())) await byId(page, 'session').click();
  };
  await open();
  const out = byId(page, 'sign-out');
  if (await out.isVisible()) {
    await out.click();
    await open();
  }
  await byId(page, `act-as-customs-cn-${officer}`).click();
  await byId(page, 'case').waitFor();
}

/** Acts of the officers that stand in the dossier as signed entries: the message and who stands behind it. */
async function signedActs() {
  const { entries } = await (await fetch(`${base}/api/consignments/${HELD.split('/')[0]}/dossier`)).json();
  const decisions = entries.map((entry) => entry.groups.find((group) => group.name === 'decision')?.content);
  return decisions.filter((one) => one?.movement === HELD && one.officers?.length > 0).map((one) => `${one.message} ${one.officers.join('+')}`);
}

/** Presses what can be pressed until `holds`: whoever is told that the case has changed meanwhile looks, and presses again. */
async function pressUntil(holds, buttons, message) {
  await assertEventually(async () => {
    if (await holds()) return true;
    for (const button of buttons) {
      if ((await button.isVisible()) && (await button.isEnabled())) {
        await button.click({ timeout: 2_000 }).catch(() => undefined);
        break;
      }
    }
    return false;
  }, message);
}

/** Takes an act with the words that stand there. Those of the next are written while the answer is still on its way: none is lost. */
async function act(page, key, count, next) {
  let pass;
  const told = new Promise((resolve) => { pass = resolve; });
  const hold = async (route) => {
    const response = await route.fetch();
    if (response.ok()) await told;
    await route.fulfill({ response });
  };
  await page.route('**/messages', hold);
  await pressUntil(async () => (await signedActs()).length === count, [byId(page, `act-${key}`)], `act ${key} is an entry`);
  await byId(page, 'officer').locator('textarea').fill(next);
  pass();
  await byId(page, 'done').waitFor();
  await page.unroute('**/messages', hold);
}

step('takes a case of an officer to release, every act an entry', async (page) => {
  await assertEventually(async () => (await caseAtDesk()) !== undefined, 'the case is at the desk');
  await page.goto(`${base}/#/desk?case=${encodeURIComponent(HELD)}`);
  await comeAs(page, '101');
  // The guide of the first visit looks on, beside the page: it sees the case cleared, and nothing before that.
  await page.locator('[popovertarget="settings"]').first().click();
  await byId(page, 'guide-open').click();
  const cleared = () => byId(page, 'guide-clear').getAttribute('data-done');
  assert.equal(await cleared(), 'false');
  const [guide, desk] = await Promise.all([byId(page, 'guide').boundingBox(), page.locator('[data-case]').boundingBox()]);
  assert.ok(desk.x + desk.width <= guide.x, 'the guide covers nothing of the case');
  await page.locator(`#work-${HELD.replace('/', '\\/')}`).click();
  const release = byId(page, 'act-r');
  await byId(page, 'undecided').waitFor();
  assert.ok(await release.isDisabled(), 'nothing is released while a hit holds it');
  await byId(page, 'officer').locator('textarea').fill('Weighing certificate of the terminal');
  await act(page, 'w', 1, 'To be opened at gate 3');
  await assertEventually(async () => (await cleared()) === 'true', 'the guide saw an act of the officer');
  await byId(page, 'guide-leave').click();
  assert.equal(await byId(page, 'guide').count(), 0, 'the guide goes when it is told to');
  await act(page, 'c', 2, 'Opened, counted, as declared');
  await act(page, 'a', 3, '');
  await byId(page, 'hits').locator('input').fill('Another address and another register number');
  await byId(page, 'hit-clear').click();
  await assertEventually(async () => byId(page, 'hit-clear').isDisabled(), 'an officer does not confirm alone');
  await picture(page, 'officer-day');
  await comeAs(page, '102');
  await byId(page, 'hits').locator('input').fill('Both register extracts looked at');
  await byId(page, 'hit-clear').click();
  await assertEventually(async () => release.isEnabled(), 'the hit is decided');
  await pressUntil(async () => (await caseAtDesk()) === undefined, [byId(page, 'sure-yes'), release], 'the case has left the desk');
  assert.match(await byId(page, 'done').innerText(), /KRV-2026-0001/);
  const movement = await (await fetch(`${base}/api/movements/${HELD}`)).json();
  assert.equal(movement.state, 'released');
  const expected = ['control_decision 101', 'control_decision 101', 'control_result 101', 'examination 101', 'examination 101+102', 'release 102'];
  assert.deepEqual(await signedActs(), expected);
  await picture(page, 'officer-released');
  await byId(page, 'session').click();
  await byId(page, 'sign-out').click();
});

step('shows the state of the corridor and takes a closure', async (page) => {
  const cast = await (await fetch(`${base}/api/play/cast`)).json();
  const carrier = cast.find((member) => member.roles.some((role) => role.role === 'carrier'));
  const body = JSON.stringify({ party: carrier.id });
  const signedIn = await fetch(`${base}/api/play/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { token } = await signedIn.json();
  await page.evaluate((value) => sessionStorage.setItem('kervan.token', value), token);
  await page.goto(`${base}/#/corridor/state`);
  await page.reload();
  const rows = byId(page, 'state-table').locator('tbody tr');
  await rows.first().waitFor();
  await byId(page, 'closure-open').click();
  await byId(page, 'closure-submit').click();
  await byId(page, 'closure-form').getByRole('alert').waitFor();
  await byId(page, 'closure-place').fill('Kuryk');
  await byId(page, 'closure-place').press('Enter');
  await byId(page, 'closure-reason').fill('Wind');
  await byId(page, 'closure-agree').check();
  await byId(page, 'closure-submit').click();
  await byId(page, 'closure-lift').first().waitFor();
  await picture(page, 'state');
  await byId(page, 'closure-lift').first().click();
  await assertEventually(async () => (await byId(page, 'closure-lift').count()) === 0, 'it is open again');
});

addJourneys({ step, byId, base, picture, assertEventually });

step('turns dark and back', async (page) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await byId(page, 'theme-toggle').click();
  await assertEventually(async () => (await paper()) !== light, 'the page turns dark');
  await picture(page, 'dark');
  await byId(page, 'theme-toggle').click();
  await assertEventually(async () => (await paper()) === light, 'and light again');
});

async function assertEventually(holds, message) {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail(message);
}

const profile = await mkdtemp(join(tmpdir(), 'kervan-e2e-'));
if (pictures !== undefined) await mkdir(pictures, { recursive: true });
const browser = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS, viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-GB' });
const chosen = steps.filter(([name]) => name.includes(process.env.KERVAN_STEP ?? ''));
let failed = 0;
try {
  // The tour is a test of its own.
  await browser.addInitScript(() => localStorage.setItem('kervan.tour', JSON.stringify({ away: true })));
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) wrong.push(message.text());
  });
  for (const [name, act] of chosen) {
    try {
      await act(page);
      console.log(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      await picture(page, 'failed');
      console.error(`FAIL ${name}\n     at ${page.url()}\n`, error);
      break;
    }
  }
  if (wrong.length > 0) {
    failed += 1;
    console.error('FAIL the page ran without errors\n', wrong.join('\n'));
  }
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
console.log(`${String(chosen.length - failed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;

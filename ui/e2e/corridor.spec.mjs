// Drives the page in a real Chromium: KERVAN_URL (the running server) and KERVAN_CHROMIUM (the browser) say where.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

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
  const canvas = byId(page, 'map').locator('canvas');
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
let failed = 0;
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) wrong.push(message.text());
  });
  for (const [name, act] of steps) {
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
console.log(`${String(steps.length - failed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;

// Who runs a node keeps its people in the page: on a node of its own, since a play has nobody who runs it. KERVAN_PROGRAM is the built
// binary. What is waited for is what the page says; nothing is waited for by time.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { faultsOf, sideways } from './axe.mjs';
import { eventually, runSteps, settled, visit, withBrowser } from './browser.mjs';

const program = process.env.KERVAN_PROGRAM ?? new URL('../../target/debug/kervan', import.meta.url).pathname;
const pictures = process.env.KERVAN_PICTURES;
const LOOKS = [['en', 'light', 1440], ['ka', 'dark', 360], ['ru', 'light', 360], ['zh', 'dark', 1440]];

const folder = await mkdtemp(join(tmpdir(), 'kervan-operator-'));
const data = join(folder, 'data');
const run = async (...words) => (await promisify(execFile)(program, [...words, '--data', data])).stdout;
const tokenIn = (said) => /^token: (\S+)/m.exec(said)?.[1];

await run('party', 'add', 'silkline', '--name', 'Silkline', '--country', 'KZ', '--role', 'forwarder');
const personOf = async (name, duty) => tokenIn(await run('people', 'add', name, '--called', `${name} of the node`, '--duty', duty, '--key'));
const operator = await personOf('aygul', 'operator');
const auditor = await personOf('vera', 'auditor');
const node = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const base = await new Promise((resolve, reject) => {
  node.once('error', reject);
  node.once('exit', (code) => reject(new Error(`the node ended with ${String(code)}`)));
  createInterface({ input: node.stdout }).on('line', (line) => {
    const found = /http:\/\/\S+/.exec(line);
    if (found !== null) resolve(found[0].replace(/\/$/, ''));
  });
});

const ask = (path, token) => fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
async function open(browser, options) {
  const page = await visit(browser, options);
  await page.goto(`${base}/#/people`);
  return page;
}
async function picture(page, name) {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true, animations: 'disabled' });
}
/** Goes on with the tab key until what has the focus is `testid`. */
async function tabTo(page, testid) {
  for (let i = 0; i < 120; i += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))) === testid) return;
  }
  throw new Error(`the tab key does not reach ${testid}`);
}

async function strangers(browser) {
  const page = await open(browser, {});
  await page.locator('main h1').waitFor();
  await page.locator('main [popovertarget="session"]').waitFor();
  assert.equal(await page.getByTestId('nav-people').count(), 0, 'nobody is shown the way');
  assert.equal(await page.getByTestId('people').count(), 0, 'nobody is shown anybody');
  await page.context().close();
}

async function auditors(browser) {
  const page = await open(browser, { token: auditor });
  await page.getByTestId('person-aygul').waitFor();
  await page.getByTestId('audit').waitFor();
  for (const form of ['person-form', 'key-form', 'person-end', 'key-end']) assert.equal(await page.getByTestId(form).count(), 0, `${form} is for who runs the node`);
  await page.context().close();
}

async function operators(browser) {
  const page = await open(browser, { token: operator });
  await page.getByTestId('nav-people').waitFor();
  await page.getByTestId('person-form').waitFor();
  // A person, by the keyboard alone.
  await tabTo(page, 'person-name');
  await page.keyboard.type('bek@silkline');
  await tabTo(page, 'person-called');
  await page.keyboard.type('Bek');
  await page.keyboard.press('Enter');
  const bek = page.getByTestId('person-bek@silkline');
  await bek.waitFor();
  // The same name once more is refused in words.
  await page.getByTestId('person-name').fill('bek@silkline');
  await page.getByTestId('person-called').fill('Bek');
  await page.getByTestId('person-add').click();
  await page.getByTestId('person-form').getByRole('alert').waitFor();
  // A key, whose secret is shown once and works.
  await page.getByTestId('key-owner').selectOption('@bek@silkline');
  await page.getByTestId('key-label').fill('gate scanner');
  await page.getByTestId('key-make').click();
  const secret = await page.getByTestId('key-secret').inputValue();
  assert.equal((await ask('/api/session', secret)).status, 200, 'the key is taken');
  await picture(page, 'people-key');
  await page.getByTestId('key-kept').click();
  await page.getByTestId('key-made').waitFor({ state: 'detached' });
  await page.reload();
  const key = page.getByTestId('keys').locator('li', { hasText: 'gate scanner' });
  await key.waitFor();
  assert.ok(!(await page.content()).includes(secret), 'the secret is shown once');
  // Taken back, after a question that can be declined.
  await key.getByTestId('key-end').click();
  await eventually(() => page.evaluate(() => document.activeElement?.closest('.sure') != null), 'the focus is at the question');
  await page.keyboard.press('Enter');
  await key.getByTestId('key-end').waitFor();
  assert.equal((await ask('/api/session', secret)).status, 200, 'nothing was taken back');
  await key.getByTestId('key-end').click();
  await key.getByTestId('key-end-sure').click();
  await eventually(async () => (await key.getAttribute('class'))?.includes('ended') === true, 'the key is taken back');
  assert.equal((await ask('/api/session', secret)).status, 401, 'the key is refused');
  // The person leaves; the last who runs the node does not.
  await bek.getByTestId('person-end').click();
  await bek.getByTestId('person-end-sure').click();
  await eventually(async () => (await bek.getAttribute('class'))?.includes('ended') === true, 'the person has left');
  const own = page.getByTestId('person-aygul');
  await own.getByTestId('person-end').click();
  await own.getByTestId('person-end-sure').click();
  await own.getByRole('alert').waitFor();
  // All of it is on record, and the record is whole.
  await eventually(async () => (await page.getByTestId('audit').locator('tbody tr', { hasText: 'bek@silkline' }).count()) >= 2, 'it is on record');
  await page.getByTestId('audit-check').click();
  await eventually(async () => (await page.getByTestId('audit-verdict').getAttribute('data-whole')) === 'true', 'the record is whole');
  await page.context().close();
}

async function looks(browser, language, theme, width) {
  const page = await open(browser, { token: operator, language, theme, width, bypassCSP: true, reducedMotion: 'reduce' });
  await page.getByTestId('person-form').waitFor();
  await page.getByTestId('audit').waitFor();
  await page.getByTestId('keys').waitFor();
  await settled(page);
  await picture(page, `people-${language}-${theme}-${String(width)}`);
  assert.deepEqual(await faultsOf(page), []);
  assert.equal(await sideways(page), 0, 'nothing scrolls sideways');
  await page.context().close();
}

try {
  await withBrowser((browser) => runSteps([
    ['nobody else is shown the people of a node', () => strangers(browser)],
    ['who audits a node looks and changes nothing', () => auditors(browser)],
    ['who runs a node keeps its people and keys, and all of it is on record', () => operators(browser)],
    ...LOOKS.map(([language, theme, width]) => [`people in ${language}, ${theme}, ${String(width)} px`, () => looks(browser, language, theme, width)]),
  ]));
} finally {
  node.removeAllListeners('exit');
  node.kill();
  await rm(folder, { recursive: true, force: true });
}

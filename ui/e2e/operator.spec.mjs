// Who runs a node keeps its people in the page: on a node of its own, since a play has nobody who runs it. KERVAN_PROGRAM is the built
// binary. What is waited for is what the page says; nothing is waited for by time.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { faultsOf, sideways } from './axe.mjs';
import { eventually, runSteps, settled, visit, withBrowser } from './browser.mjs';
import { openLine } from './line.mjs';

const program = process.env.KERVAN_PROGRAM ?? new URL('../../target/debug/kervan', import.meta.url).pathname;
const pictures = process.env.KERVAN_PICTURES;
const LOOKS = [['en', 'light', 1440], ['ka', 'dark', 360], ['ru', 'light', 360], ['zh', 'dark', 1440]];

const folder = await mkdtemp(join(tmpdir(), 'kervan-operator-'));
const data = join(folder, 'data');
const run = async (...words) => (await promisify(execFile)(program, [...words, '--data', data])).stdout;
const tokenIn = (said) => /^token: (\S+)/m.exec(said)?.[1];

const forwarder = tokenIn(await run('party', 'add', 'silkline', '--name', 'Silkline', '--country', 'KZ', '--role', 'forwarder'));
const FILE = await readFile(new URL('../../scenarios/demo/consignments/KRV-2026-0001.yaml', import.meta.url), 'utf8');
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

/** Who comes back from a provider without having signed in is told so at once; who has not signed in is told in the words of people. */
async function unsigned(browser) {
  const page = await visit(browser);
  for (const [end, says] of [['unknown', 'Ask whoever runs it'], ['away', 'cannot be used at the moment'], ['late', 'Begin it again here'], ['refused', 'try again']]) {
    await page.goto(`${base}/?sign-in=${end}`);
    await page.getByTestId('sign-in-ended').filter({ hasText: says }).waitFor();
    assert.equal(new URL(page.url()).search, '', 'a page that is loaded again does not say it again');
  }
  // Who went there from a page is on that page again; who asks for another one gets that.
  const leave = () => page.evaluate(() => sessionStorage.setItem('kervan.way-back', '#/plan'));
  for (const [to, lands] of [['?sign-in=late', '#/plan'], ['?sign-in=late#/verify', '#/verify'], ['?sign-in=late', '']]) {
    if (lands !== '') await leave();
    await page.goto('about:blank');
    await page.goto(`${base}/${to}`);
    await page.getByTestId('sign-in-ended').waitFor();
    assert.equal(new URL(page.url()).hash, lands);
  }
  await page.goto(`${base}/#/consignments`);
  await page.locator('main').getByText('Sign in to see this').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /Bearer|unauthorized/, 'of tokens is told who calls the API');
  await page.locator('main [popovertarget="session"]').click();
  await page.getByTestId('sign-in-name').waitFor();
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
  const refused = [];
  page.on('response', (response) => { if (response.status() === 403) refused.push(new URL(response.url()).pathname); });
  const asked = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/stream')) asked.push(request.url()); });
  await page.reload();
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
  // Who runs the node is let into no goods: the page asks for nothing that would be refused, and shows no line that is not there.
  assert.deepEqual(asked, [], 'no stream is asked for');
  assert.deepEqual(refused, [], 'nothing is asked for that is refused');
  assert.equal(await page.getByTestId('connection').count(), 0, 'no line is spoken of');
  await page.context().close();
}

/** A password and an account at a provider for somebody who is there already. */
async function credentials(browser) {
  const page = await open(browser, { token: operator });
  await page.getByTestId('person-form').waitFor();
  await page.getByTestId('person-name').fill('dana@silkline');
  await page.getByTestId('person-called').fill('Dana');
  await page.getByTestId('person-add').click();
  const dana = page.getByTestId('person-dana@silkline');
  await dana.waitFor();
  // One's own is not given here: it is changed with the one until now.
  assert.equal(await page.getByTestId('person-aygul').getByTestId('person-password').count(), 0, 'not one\'s own');
  // What is too short is not sent; who gives up stands where they began.
  await dana.getByTestId('person-password').click();
  await dana.getByTestId('password-new').fill('short');
  assert.ok(await dana.getByTestId('password-send').isDisabled(), 'too short');
  await dana.getByTestId('person-cancel').click();
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'person-password'), 'the focus is where it was');
  await dana.getByTestId('person-password').click();
  await dana.getByTestId('password-make').click();
  const password = await dana.getByTestId('password-new').inputValue();
  assert.match(password, /^(\w{4}-){4}\w{4}$/);
  await picture(page, 'people-password');
  await dana.getByTestId('password-send').click();
  await dana.getByTestId('password-form').waitFor({ state: 'detached' });
  await page.getByTestId('people-told').getByText('dana@silkline').waitFor();
  // An account: an address that is none is refused in words, and what was typed stays.
  await dana.getByTestId('person-link').click();
  await dana.getByTestId('link-issuer').fill('http://login.example');
  await dana.getByTestId('link-subject').fill('248289761001');
  await dana.getByTestId('link-send').click();
  await dana.getByRole('alert').waitFor();
  await dana.getByTestId('link-issuer').fill('https://login.example');
  await picture(page, 'people-link');
  await dana.getByTestId('link-send').click();
  await dana.getByText('https://login.example').waitFor();
  const listed = await (await ask('/api/people/dana@silkline', operator)).json();
  assert.deepEqual([listed.password, listed.links], [true, [{ issuer: 'https://login.example', subject: '248289761001', by_rule: false }]]);
  for (const what of ['set a password', 'linked a person to a provider']) await page.getByTestId('audit').locator('tbody tr', { hasText: what }).filter({ hasText: 'dana@silkline' }).waitFor();
  assert.ok(!(await page.content()).includes(password), 'the password is nowhere any more');
  await page.context().close();
  await ownPassword(browser, password);
}

/** Whoever was given a password gives themselves another, which nobody else knows. */
async function ownPassword(browser, given) {
  const page = await visit(browser);
  await page.goto(`${base}/#/consignments`);
  const enter = async (password) => {
    await page.getByTestId('sign-in-name').fill('dana@silkline');
    await page.getByTestId('sign-in-password').fill(password);
    await page.getByTestId('sign-in-send').click();
    await page.getByTestId('session').getByText('Dana').waitFor();
  };
  await page.getByTestId('session').click();
  await enter(given);
  await page.locator('[data-testid="connection"][data-connection="open"]').waitFor();
  await page.getByTestId('session').click();
  await page.getByTestId('own-password').locator('summary').click();
  await page.getByTestId('own-password-old').fill('not the one until now');
  await page.getByTestId('own-password-new').fill('seven gulls over Aktau');
  await page.getByTestId('own-password-send').click();
  await page.getByTestId('own-password').getByRole('alert').waitFor();
  await page.getByTestId('own-password-old').fill(given);
  await page.getByTestId('own-password-send').click();
  await eventually(async () => (await page.getByTestId('own-password').getByRole('status').innerText()) !== '', 'it is changed');
  await picture(page, 'people-own-password');
  await page.getByTestId('sign-out').click();
  await page.locator('[data-testid="connection"][data-connection="refused"]').waitFor();
  // The menu is still open, and asks who comes next.
  await enter('seven gulls over Aktau');
  // Who comes back from a provider signed in, as the cookie of the session tells, is where they were, and from no page in particular at home.
  for (const [left, lands] of [['#/plan', '#/plan'], ['', '#/desk']]) {
    await page.evaluate((hash) => sessionStorage.setItem('kervan.way-back', hash), left);
    await page.goto('about:blank');
    await page.goto(`${base}/`);
    await page.waitForFunction((hash) => location.hash === hash, lands);
  }
  await page.context().close();
}

/** Declares a consignment as the forwarder's own system does: not through the page, which hears of it. */
async function declare(reference) {
  const body = FILE.replace(/^reference: .*$/m, `reference: ${reference}`);
  const headers = { authorization: `Bearer ${forwarder}`, 'content-type': 'application/yaml', 'idempotency-key': `declare-${reference}` };
  assert.equal((await fetch(`${base}/api/consignments`, { method: 'POST', headers, body })).status, 201);
}

async function followers(browser) {
  const line = await openLine(base);
  const page = await visit(browser);
  const asked = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/stream')) asked.push(request); });
  const connection = (state) => page.locator(`[data-testid="connection"][data-connection="${state}"]`).waitFor();
  const row = (reference) => page.locator('main').getByText(reference, { exact: true }).first();
  const ended = new Set();
  for (const how of ['requestfailed', 'requestfinished']) page.on(how, (request) => ended.add(request));

  // Who is nobody is told so, not that there is no line.
  await page.goto(`${line.base}/#/consignments`);
  await connection('refused');
  // By a key: live, and what happens elsewhere comes by itself.
  await page.getByTestId('session').click();
  await page.locator('#session input.code').fill(forwarder);
  await page.locator('#session form').last().locator('button[type="submit"]').click();
  await connection('open');
  await page.getByTestId('session').getByText('Silkline').waitFor();
  await declare('KRV-L-0001');
  await row('KRV-L-0001').waitFor();
  // What happens while the line is cut comes when it is mended, after what has come.
  line.cut();
  await connection('lost');
  await declare('KRV-L-0002');
  assert.equal(await row('KRV-L-0002').count(), 0, 'nothing comes without a line');
  line.mend();
  await row('KRV-L-0002').waitFor();
  await connection('open');
  assert.ok(asked.some((request) => /^\d+$/.test(request.headers()['last-event-id'] ?? '')), 'it goes on after what it has');
  // Who signs out ends the line and leaves nothing on the screen.
  const last = asked.at(-1);
  await page.getByTestId('session').click();
  await page.getByTestId('sign-out').click();
  await connection('refused');
  await eventually(() => ended.has(last), 'the line is closed');
  await row('KRV-L-0001').waitFor({ state: 'detached' });
  await page.context().close();
  line.close();
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
    ['who did not sign in at a provider is told why, and asked to sign in', () => unsigned(browser)],
    ['who signs in by a key follows what happens, over a line that breaks', () => followers(browser)],
    ['who audits a node looks and changes nothing', () => auditors(browser)],
    ['who runs a node keeps its people and keys, and all of it is on record', () => operators(browser)],
    ['who runs a node gives a password and links an account, and whoever has one changes it', () => credentials(browser)],
    ...LOOKS.map(([language, theme, width]) => [`people in ${language}, ${theme}, ${String(width)} px`, () => looks(browser, language, theme, width)]),
  ]));
} finally {
  node.removeAllListeners('exit');
  node.kill();
  await rm(folder, { recursive: true, force: true });
}

// Journeys of the people who work with Kervan, as steps of `corridor.spec.mjs`; each leaves the page signed out.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { openLine } from './line.mjs';

/** Places of the page that a matrix of themes, widths and languages may visit: name, address, and what must be there. */
export const PLACES = [
  ['verify', '#/verify', 'proof-scope'],
  ['board', '#/board?hours=720', 'board'],
  ['rules', '#/rules?pack=cn', 'rules'],
  // Of somebody: the party whose place it is stands fourth.
  ['desk-forwarder', '#/desk', 'watchlist', 'silkline'],
  ['new', '#/new', 'new-form', 'silkline'],
  ['desk-consignee', '#/desk', 'waiting', 'bogazici-beyaz'],
];

/** Signs somebody of the cast in, in this tab. */
export async function signIn(page, base, party) {
  const body = JSON.stringify({ party });
  const answer = await (await fetch(`${base}/api/play/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
  await page.evaluate((token) => sessionStorage.setItem('kervan.token', token), answer.token);
  await page.reload();
  return answer.token;
}

async function signOut(page) {
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
}

/** A consignment that nobody has yet, in the words of the file; its first container has a wrong check digit. */
const FILE = (reference, ready) => `reference: ${reference}
from: CNXIA
to: TRIST
ready: ${ready}
terms: { incoterm: FCA, place: Xi'an }
parties:
  - { role: consignor, id: weihe-tools, name: Weihe Machine Tools, address: 6 Fengcheng Road, country: CN }
  - { role: consignee, id: marmara-makina, name: Marmara Makina, address: Istanbul, country: TR }
  - { role: forwarder, id: silkline, name: Silkline Forwarding LLP, address: Astana, country: KZ }
goods: []
equipment: [{ number: CSQU3054384, size_type: 45G1 }]
invoice: { number: INV-1, date: 2026-11-20, currency: USD }
`;

function provesDossiers({ step, byId, base, picture, assertEventually }) {
  step('proves a dossier in the browser, and finds the forged one out', async (page) => {
    const { items } = await (await fetch(`${base}/api/consignments`)).json();
    await page.goto(`${base}/#/consignments/${items[0].id}/dossier`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').first().click()]);
    const file = await readFile(await download.path());
    const asked = [];
    page.on('request', (request) => { if (request.method() !== 'GET') asked.push(request.url()); });
    await byId(page, 'check-here').click();
    const report = byId(page, 'verify-report');
    const verdict = (good) => assertEventually(async () => (await report.getAttribute('class')).includes('good') === good, good ? 'it verifies' : 'it does not verify');
    await report.waitFor();
    await verdict(true);
    await picture(page, 'proof');
    const at = file.indexOf('"gross_mass":') + '"gross_mass":'.length;
    const forged = Buffer.from(file);
    forged[at] = forged[at] === 0x39 ? 0x38 : forged[at] + 1;
    await byId(page, 'verify-file').setInputFiles({ name: 'forged.json', mimeType: 'application/json', buffer: forged });
    await verdict(false);
    assert.match(await report.innerText(), /dossier\.body-mismatch/);
    await picture(page, 'proof-forged');
    // Somebody else's trust list knows nobody of this dossier.
    await byId(page, 'verify-file').setInputFiles({ name: 'true.json', mimeType: 'application/json', buffer: file });
    await verdict(true);
    await byId(page, 'trust').locator('summary').click();
    const key = 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';
    await byId(page, 'trust-text').fill(`did,party,role,territory,key_id,key\n${key},somebody,carrier,,,\n`);
    await verdict(false);
    await byId(page, 'trust-text').fill('');
    await verdict(true);
    assert.deepEqual(asked, [], 'no server is asked whether the file is right');
    const stop = await fetch(`${base}/api/dossiers/verify`, { method: 'POST', body: forged });
    assert.equal((await stop.json()).verified, false, 'the server says the same');
  });
}

function declaresAndPacks({ step, byId, base, picture, assertEventually }) {
  step('takes a forwarder from a pasted file to the whole package', async (page) => {
    await page.goto(`${base}/#/new`);
    await signIn(page, base, 'silkline');
    await byId(page, 'new-form').waitFor();
    const { now } = await (await fetch(`${base}/api/clock`)).json();
    await byId(page, 'new-paste').fill(FILE('KRV-E2E-1', new Date(Date.parse(now) + 5 * 86_400_000).toISOString()));
    await byId(page, 'new-take').click();
    const field = (path) => page.locator(`[data-path="${path}"]`);
    await assertEventually(async () => (await field('/equipment/0/number').inputValue()) === 'CSQU3054384', 'the file is taken over');
    assert.equal(await field('/equipment/0/number').getAttribute('aria-invalid'), 'true', 'what is wrong is shown at its field');
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.querySelector('[data-path="/goods/0/hs"]').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, 'Bench drilling machines\t8459.29\tCN\t96\tCS\t18 420\t17 280\t61440,00');
    await assertEventually(async () => (await field('/goods/0/gross_mass_kg').inputValue()) === '18420', 'rows of a spreadsheet are items');
    // A session that ends while the form is half filled loses nothing.
    await page.reload();
    await assertEventually(async () => (await field('/goods/0/hs').inputValue()) === '845929', 'the draft was kept');
    await field('/equipment/0/number').fill('CSQU3054383');
    await picture(page, 'new-consignment');
    await byId(page, 'new-declare').click();
    await byId(page, 'accept-alternatives').getByTestId('alternative').first().click();
    await byId(page, 'accept').click();
    await byId(page, 'package-ready').waitFor();
    await picture(page, 'package-ready');
    const [download] = await Promise.all([page.waitForEvent('download'), byId(page, 'package-zip').click()]);
    const packed = await readFile(await download.path());
    assert.equal(packed.subarray(0, 2).toString(), 'PK', 'one file with everything');
    await page.goto(`${base}/#/verify`);
    await byId(page, 'verify-file').setInputFiles({ name: 'package.zip', mimeType: 'application/zip', buffer: packed });
    await assertEventually(async () => (await byId(page, 'verify-report').getAttribute('class')).includes('good'), 'the package proves itself');
    await page.goto(`${base}/#/desk`);
    await byId(page, 'waiting').waitFor();
    await byId(page, 'watchlist').getByText('KRV-E2E-1').waitFor();
    await picture(page, 'desk-forwarder');
    await signOut(page);
  });
}

function reportsOffline({ step, byId, base, picture, assertEventually }) {
  step('keeps what a carrier reports without a line, and sends it once', async (page) => {
    const board = await (await fetch(`${base}/api/board?hours=2000`)).json();
    // Nobody plays this one, so it waits for us.
    const first = board.find((line) => line.next && line.consignment === 'KRV-E2E-1');
    const detail = await (await fetch(`${base}/api/consignments/${first.consignment}/dossier`)).json();
    const cast = await (await fetch(`${base}/api/play/cast`)).json();
    const takes = new Set(detail.entries.flatMap((entry) => entry.groups.find((group) => group.name === 'participants')?.content ?? []).map((one) => one.party));
    const carrier = cast.find((one) => takes.has(one.id) && one.roles.some((role) => role.role === 'carrier'));
    const line = await openLine(base);
    // The board was asked for before the worker stood between, and answers after: it is kept all the same.
    await page.route('**/api/board*', async (route) => {
      await page.evaluate(() => navigator.serviceWorker.ready).catch(() => undefined);
      await route.continue().catch(() => undefined);
    });
    await page.goto(`${line.base}/#/board?place=${first.place}&hours=2000`);
    await signIn(page, line.base, carrier.id);
    const row = byId(page, 'call').filter({ hasText: first.consignment }).first();
    await row.getByTestId('report').waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await assertEventually(() => page.evaluate(async () => {
      const kept = await (await caches.open('kervan-data')).keys();
      const files = await (await caches.open('kervan-shell')).keys();
      return navigator.serviceWorker.controller !== null && kept.some((one) => one.url.includes('/api/board')) && files.some((one) => one.url.endsWith('.css'));
    }), 'the page is kept for later');
    await page.unroute('**/api/board*');
    const before = (await (await fetch(`${base}/api/consignments/${first.consignment}`)).json()).events.length;
    line.cut();
    await page.context().setOffline(true);
    await row.getByTestId('report').click();
    await byId(page, 'report-sheet').locator('.choices button').first().click();
    await byId(page, 'outbox-waiting').waitFor();
    // The page opens without a network, and what was reported is still there.
    await page.reload();
    await byId(page, 'board-kept').waitFor();
    await byId(page, 'outbox-waiting').waitFor();
    await picture(page, 'board-offline');
    line.mend();
    await page.context().setOffline(false);
    await byId(page, 'outbox-sent').first().waitFor();
    const after = (await (await fetch(`${base}/api/consignments/${first.consignment}`)).json()).events.length;
    assert.ok(after > before, 'the event is captured');
    await picture(page, 'board-sent');
    await page.goto(`${base}/`);
    line.close();
    await signOut(page);
  });
}

function triesRules({ step, byId, base, picture, assertEventually }) {
  step('tries a changed rule on its cases and on past declarations', async (page) => {
    await page.goto(`${base}/#/desk`);
    await signIn(page, base, 'customs-cn');
    await byId(page, 'rules-link').click();
    await byId(page, 'rules-pack').selectOption('cn');
    await assertEventually(async () => /[1-9]/.test(await byId(page, 'trial-cases').innerText()), 'the cases ran');
    const own = byId(page, 'rules').locator('[data-testid^="rule-cn-"]').first();
    await own.click();
    const text = byId(page, 'rule-text');
    const was = await text.inputValue();
    await text.fill(was.replace(/when: .*/, 'when: "true"').replace(/outcome: \w+/, 'outcome: control'));
    await text.blur();
    await byId(page, 'trial-findings').waitFor();
    await byId(page, 'trial-run').click();
    await byId(page, 'trial-effect').waitFor();
    assert.ok((await byId(page, 'trial-effect').locator('tbody tr').count()) > 0, 'some past declarations would be decided otherwise');
    await picture(page, 'rules');
    const [file] = await Promise.all([page.waitForEvent('download'), byId(page, 'trial-export').click()]);
    assert.match(await readFile(await file.path(), 'utf8'), /when: "true"/);
    const packs = await (await fetch(`${base}/api/rules/cn/files`)).json();
    assert.ok(!packs.pack.includes('when: "true"\n'), 'nothing took effect');
    await signOut(page);
  });
}

function followsAndProves({ step, byId, base }) {
  step('shows a consignee what is on the way and leads to the proof', async (page) => {
    await page.goto(`${base}/#/corridor`);
    await signIn(page, base, 'bogazici-beyaz');
    await page.goto(`${base}/#/desk`);
    await byId(page, 'waiting').waitFor();
    await byId(page, 'watchlist').locator('li').first().waitFor();
    await page.locator('main a[href="#/verify"]').first().click();
    await byId(page, 'proof-scope').waitFor();
    await signOut(page);
  });
}

/** Adds the steps. `tools`: `step`, `byId`, `base`, `picture`, `assertEventually`. */
export function addJourneys(tools) {
  for (const add of [provesDossiers, declaresAndPacks, reportsOffline, triesRules, followsAndProves]) add(tools);
}

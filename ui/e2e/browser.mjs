// What the specs that look at pages share: the browser, where the server is, and how pages are visited.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const base = process.env.KERVAN_URL ?? 'http://127.0.0.1:8080';
const executablePath = process.env.KERVAN_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
export const PATIENCE_MS = 60_000;

/** A browser of its own for `act`; it ends with it. */
export async function withBrowser(act) {
  const profile = await mkdtemp(join(tmpdir(), 'kervan-e2e-'));
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, `--disk-cache-dir=${profile}`] });
  try {
    return await act(browser);
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** A visitor: language, theme and width are theirs from the first paint on. */
export async function visit(browser, { language = 'en', theme = 'light', width = 1440, height = width < 500 ? 780 : 900, token, ...more } = {}) {
  // What a worker keeps for use offline would answer in the place of what a test puts into an answer.
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: 'en-GB', serviceWorkers: 'block', ...more });
  await context.addInitScript(([code, key]) => {
    localStorage.setItem('kervan.language', code);
    // The tour is a test of its own.
    if (localStorage.getItem('kervan.tour') === null) localStorage.setItem('kervan.tour', JSON.stringify({ away: true }));
    // What is absent comes as null: a visitor would show the word as their token.
    if (key !== null) sessionStorage.setItem('kervan.token', key);
  }, [language, token ?? null]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** Signs a member of the play's cast in; answers its token. */
export async function tokenOf(choose) {
  const cast = await (await fetch(`${base}/api/play/cast`)).json();
  const member = cast.find(choose);
  const body = JSON.stringify({ party: member.id, officer: member.officer?.id });
  const answer = await fetch(`${base}/api/play/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await answer.json()).token;
}

/** Waits until nothing of the page is loading and its network has been still for a moment; the live stream never is. */
export async function settled(page) {
  // A change of address takes effect after this turn; until then the page before would pass for the next one.
  await page.evaluate(() => new Promise((resolve) => {
    globalThis.kervanLength = undefined;
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  }));
  await page.waitForFunction(() => document.querySelector('main') !== null && document.querySelector('main [aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForFunction(() => {
    const now = document.querySelector('main')?.innerText.length ?? 0;
    const before = globalThis.kervanLength;
    globalThis.kervanLength = now;
    return now > 0 && now === before;
  }, undefined, { polling: 200 });
}

export async function eventually(holds, message, patience = PATIENCE_MS) {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(message);
}

/** Runs named steps, those whose name has the words of KERVAN_STEP in it, says how each went, and sets the exit code. */
export async function runSteps(all) {
  const steps = all.filter(([name]) => name.includes(process.env.KERVAN_STEP ?? ''));
  let failed = 0;
  for (const [name, act] of steps) {
    try {
      await act();
      console.log(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      console.error(`FAIL ${name}\n`, error);
    }
  }
  console.log(`${String(steps.length - failed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

// Every figure answers: walks every page, finds every text that holds a figure, and asks each where it comes from. A text with a digit is a
// figure unless it is one of the kinds below; a new figure that nobody made answer fails here.
import assert from 'node:assert/strict';
import { runSteps, settled, visit, withBrowser, base } from './browser.mjs';
import { pagesOf } from './pages.mjs';

/**
 * What holds a digit and is no figure of ours. Codes and names of things; controls, which lead to where their figures answer; what stands in a
 * field; words of others (`bdi`), sentences of the server that give a reason and its source; the scale of a chart; how many rows a list has.
 */
const NO_FIGURE = '.code, a, button:not(.figure), summary, label, select, textarea, option, bdi, code, .sentence, svg, .unseen, [data-says]';
/** The kinds that a component may name by itself, each for one reason. */
const KINDS = new Set(['entry', 'count', 'code', 'rule', 'law', 'help', 'source']);

/** In the page: the texts with a digit that nothing answers for. */
function unanswered(noFigure) {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const out = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!/\p{Nd}/u.test(node.data) || element.closest('.figure') !== null || element.closest('[data-answers]') !== null || element.closest(noFigure) !== null) continue;
    if (!element.checkVisibility()) continue;
    out.push(`"${node.data.trim().slice(0, 60)}" in <${element.tagName.toLowerCase()} class="${element.className}"> of ${element.closest('[data-testid]')?.getAttribute('data-testid') ?? 'main'}`);
  }
  return [...new Set(out)];
}

/**
 * In the page: clicks every figure and reads its card. Answers what is wrong, and how many there were. The page lives while it is asked: a figure
 * that a newer state took away is left, and the one in its place is asked like any other.
 */
async function ask() {
  const nextFrame = () => new Promise((resolve) => { requestAnimationFrame(() => resolve()); });
  const told = new Set();
  const faults = [];
  const untold = () => [...document.querySelectorAll('main button.figure')].find((one) => !told.has(one) && one.checkVisibility());
  for (let figure = untold(); figure !== undefined && told.size < 4000; figure = untold()) {
    told.add(figure);
    const group = figure.closest('[data-figures]');
    const reachable = figure.tabIndex >= 0 || (group !== null && group.querySelector('button.figure[tabindex="0"]') !== null);
    figure.click();
    await nextFrame();
    if (!figure.isConnected) continue;
    if (!reachable) faults.push(`"${figure.textContent}" cannot be reached with the keyboard`);
    const card = document.querySelector('[data-testid="origin"]');
    const open = card !== null && card.matches(':popover-open');
    const said = open ? (card.querySelector('[data-answer]')?.textContent ?? '').trim() : '';
    if (!open) faults.push(`"${figure.textContent}" opens no card`);
    else if (said.length < 12) faults.push(`"${figure.textContent}" is not answered: "${said}"`);
    if (open) card.hidePopover();
  }
  // Where a part of the page answers for all its figures, each of them is clicked as a hand would.
  let clicked = 0;
  for (const part of document.querySelectorAll('main [data-answers]')) {
    if (part.querySelector(':scope > p > button.figure') === null) faults.push('a part that answers has no control for the keyboard');
    for (const one of part.querySelectorAll('td, span, b, li, p, em')) {
      const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\p{Nd}/u.test(node.data));
      if (!own || one.closest('button, a, summary, label') !== null || !one.checkVisibility() || clicked > 400) continue;
      clicked += 1;
      one.click();
      await nextFrame();
      if (!one.isConnected) continue;
      const card = document.querySelector('[data-testid="origin"]');
      if (!card.matches(':popover-open') || (card.querySelector('[data-answer]')?.textContent ?? '').trim().length < 12) faults.push(`"${one.textContent.trim().slice(0, 60)}" is not answered by its part`);
      if (card.matches(':popover-open')) card.hidePopover();
    }
  }
  return { faults: [...new Set(faults)], asked: told.size + clicked };
}

async function walk(browser, whose, pages) {
  const page = await visit(browser, { token: whose });
  // Nothing on the map's canvas is text; its figures stand in the panel and in the list.
  await page.route('**/CorridorMap-*.js', (route) => route.abort());
  const faults = [];
  let asked = 0;
  await page.goto(`${base}/`);
  for (const [name, path] of pages) {
    await page.evaluate((hash) => { location.hash = hash; }, `#/${path}`);
    await settled(page);
    await page.evaluate(() => document.querySelectorAll('main details').forEach((one) => { one.open = true; }));
    await settled(page);
    for (const kind of await page.evaluate(() => [...document.querySelectorAll('main [data-says]')].map((one) => one.dataset.says))) assert.ok(KINDS.has(kind), `${name}: ${kind} is no kind`);
    faults.push(...(await page.evaluate(unanswered, NO_FIGURE)).map((one) => `${name}: ${one}`));
    const answered = await page.evaluate(ask);
    asked += answered.asked;
    if (process.env.KERVAN_TELL !== undefined) console.error(`  ${name}: ${String(answered.asked)}`);
    faults.push(...answered.faults.map((one) => `${name}: ${one}`));
  }
  await page.context().close();
  assert.deepEqual(faults, [], `\n  ${faults.join('\n  ')}`);
  return asked;
}

/** Which visitor's pages have what can only be seen there; the rest of the pages are everybody's. */
const visits = new Map();
for (const one of await pagesOf()) visits.set(one[2], [...(visits.get(one[2]) ?? []), one]);
let asked = 0;
await withBrowser((browser) => runSteps([
  ...[...visits].map(([whose, pages]) => [
    `every figure answers: ${whose === undefined ? 'pages of everybody' : pages.map(([name]) => name).join(', ')}`, async () => { asked += await walk(browser, whose, pages); },
  ]),
  ['there were figures to ask', () => assert.ok(asked > 100, `${String(asked)} figures were asked`)],
]));

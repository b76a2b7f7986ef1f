import { loadNameWords } from '../api/client';
import type { NameWords } from '../api/types';
import { sayNamesBy, sayText, spokenNow } from './findings.svelte';
import { country, duration, moment } from './format';

/** A sentence of the server held against the English it was made from. */
interface Pattern { readonly english: RegExp; readonly holes: readonly string[]; readonly told: string; readonly weight: number }
interface Names { readonly exact: ReadonlyMap<string, string>; readonly patterns: readonly Pattern[] }
/** How what stands in a hole is told: spans of time, instants, countries, and what a finding says. */
interface Voice {
  readonly span: (hours: number) => string; readonly moment: (instant: string) => string; readonly country: (code: string) => string;
  readonly finding: (text: string) => string | undefined;
}

const HOLE = /\{(\d+)(?::(span))?\}/g;
const SPAN = String.raw`(?:\d+[dhms] ?)*\d+[dhms]`;
const WHOLE_SPAN = new RegExp(`^${SPAN}$`);
/** The name of an office is followed by its code. */
const OFFICE = /^(.+) \(([A-Z]{2}:[A-Z-]+)\)$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z?$/;
const HOURS = { d: 24, h: 1, m: 1 / 60, s: 1 / 3600 } as const;
/** A hole in a hole in a hole: no sentence of the server goes deeper. */
const DEEPEST = 5;
/** Texts that are remembered; a page of 10,000 rows has fewer different ones. */
const MOST_REMEMBERED = 20_000;

const NONE: Names = { exact: new Map(), patterns: [] };
let names = $state.raw<Names>(NONE);
const VOICE: Voice = { span: duration, moment, country, finding: sayText };
// What was said already: never rendered itself, so it need not be reactive.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const remembered = new Map<string, string>();
/** The findings' patterns by which they were said. */
let rememberedBy: unknown;
let wish = 0;

/** Loads the names of a language; until they are there, and without them, they are English. */
export async function followNames(language: string): Promise<void> {
  const turn = ++wish;
  const words = language === 'en' ? [] : await loadNameWords(language).catch(() => []);
  if (turn !== wish) return;
  remembered.clear();
  names = words.length === 0 ? NONE : readNames(words);
}

/** The names that are told by now: another value once others are. Reading it in a component makes the component follow them. */
export const namesNow = (): unknown => names;

sayNamesBy((text) => (names === NONE ? undefined : sayNameBy(text, names, VOICE)));

/** What stands in brackets or after a slash is for a place's own page. */
export const cut = (name: string): string => name.replace(/\s*[(（/].*$/, '') || name;

/** The rows, names by themselves and sentences by how much of them is plain. */
export function readNames(words: readonly NameWords[]): Names {
  // Made once and replaced as a whole: it need not be reactive itself.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  const exact = new Map<string, string>();
  const patterns: Pattern[] = [];
  for (const { english, told } of words) {
    if (/\{\d+/.test(english)) patterns.push(patternOf(english, told));
    else exact.set(english, told);
  }
  // Services and offices name a place by the short of its name.
  for (const [english, told] of [...exact]) if (cut(english) !== english && !exact.has(cut(english))) exact.set(cut(english), cut(told));
  return { exact, patterns: patterns.sort((a, b) => b.weight - a.weight) };
}

function patternOf(english: string, told: string): Pattern {
  const holes = [...english.matchAll(HOLE)];
  const plain = english.replace(HOLE, '\0').split('\0');
  const body = plain.map((part, i) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + (i < holes.length ? (holes[i]?.[2] === 'span' ? `(${SPAN})` : '(.+?)') : '')).join('');
  return { english: new RegExp(`^${body}$`, 's'), holes: holes.map((hole) => hole[1] ?? ''), told, weight: plain.join('').length };
}

function spanOf(text: string, by: Voice): string {
  const hours = [...text.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * HOURS[unit as keyof typeof HOURS], 0);
  return by.span(hours);
}

/** What a text of the server is by rows; nothing if none knows it. Parts between semicolons are sentences of their own. */
export function sayNameBy(text: string, by: Names, spoken: Voice, depth = 0): string | undefined {
  const exact = by.exact.get(text);
  if (exact !== undefined || depth > DEEPEST) return exact;
  if (WHOLE_SPAN.test(text)) return spanOf(text, spoken);
  const at = INSTANT.exec(text);
  if (at !== null) return spoken.moment(`${at[1] ?? ''}T${at[2] ?? ''}:00Z`);
  if (depth > 0 && /^[A-Z]{2}$/.test(text)) return spoken.country(text);
  const office = OFFICE.exec(text);
  if (office !== null) {
    const name = sayNameBy(office[1] ?? '', by, spoken, depth + 1);
    return name === undefined ? undefined : `${name} (${office[2] ?? ''})`;
  }
  const inner = (part: string): string => sayNameBy(part, by, spoken, depth + 1) ?? part;
  const finding = depth > 0 ? spoken.finding(text) : undefined;
  if (finding !== undefined) return finding;
  for (const pattern of by.patterns) {
    const found = pattern.english.exec(text);
    if (found === null) continue;
    return pattern.told.replace(HOLE, (hole, number: string) => {
      const place = pattern.holes.indexOf(number);
      return place < 0 ? hole : inner(found[place + 1] ?? '');
    });
  }
  for (const mark of ['; ', ', ', ' / ']) {
    if (!text.includes(mark)) continue;
    const parts = text.split(mark);
    const told = parts.map((part) => sayNameBy(part, by, spoken, depth + 1));
    if (told.some((part) => part !== undefined)) return told.map((part, i) => part ?? parts[i]).join(mark);
  }
  return undefined;
}

/**
 * A name, or a sentence of the server's own making, in the language shown; as it came where nobody has translated it.
 * Not for words of others: goods, parties, what somebody wrote. Reading it in a component makes the component follow the language.
 */
export function said(text: string): string {
  const now = names;
  if (now === NONE) return text;
  const spoken = spokenNow();
  if (spoken !== rememberedBy) remembered.clear();
  rememberedBy = spoken;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const told = sayNameBy(text, now, VOICE) ?? text;
  if (remembered.size < MOST_REMEMBERED) remembered.set(text, told);
  return told;
}

/** Stands for the words of a declarant while the rest of a sentence is told; no name of ours has it. */
const THEIRS = '\uE000';

/** What is declared, in the declarant's own words; only that there is more, which the node adds, is told. */
export function sayGoodsBy(text: string, tell: (sentence: string) => string): string {
  const found = /^(.+) and (\d+) more$/s.exec(text);
  return found === null ? text : tell(`${THEIRS} and ${found[2] ?? ''} more`).replace(THEIRS, () => found[1] ?? '');
}

/** The goods of a summary in the language shown. */
export const saidGoods = (text: string): string => sayGoodsBy(text, said);

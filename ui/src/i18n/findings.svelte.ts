import { loadFindingWords } from '../api/client';
import type { Finding, FindingWords } from '../api/types';

/** What a finding says, in the language shown as far as its words are known. */
export interface Said { readonly message: string; readonly remedy: string | undefined }

/** A text of the server held against the English it was made from. */
interface Pattern { readonly rule: string | undefined; readonly english: RegExp; readonly plain: number; readonly told: string }
type Among = ReadonlyMap<string, readonly Pattern[]>;
interface Patterns { readonly messages: Among; readonly remedies: Among }

/** What the tables of names make of a text; told by whoever loads them, for they know findings and findings know not of them. */
let named: (text: string) => string | undefined = () => undefined;
export function sayNamesBy(names: (text: string) => string | undefined): void {
  named = names;
}

const HOLE = /\{(\d+)\}/g;
const NONE: Patterns = { messages: new Map(), remedies: new Map() };
let patterns = $state.raw<Patterns>(NONE);
let wish = 0;

/** Loads what findings say in a language; until it is there, and without it, they speak English. */
export async function followFindings(language: string): Promise<void> {
  const turn = ++wish;
  if (language === 'en') {
    patterns = NONE;
    return;
  }
  const words = await loadFindingWords(language).catch(() => undefined);
  if (turn === wish) patterns = words === undefined ? NONE : readPatterns(words);
}

/** The patterns of messages and of remedies by the code of their finding. */
export function readPatterns(words: readonly FindingWords[]): Patterns {
  const by = (english: (row: FindingWords) => string, told: (row: FindingWords) => string): Map<string, Pattern[]> => {
    // Made once and replaced as a whole: it need not be reactive itself.
    // eslint-disable-next-line svelte/prefer-svelte-reactivity
    const all = new Map<string, Pattern[]>();
    for (const row of words) {
      if (english(row) === '' || told(row) === '') continue;
      const known = all.get(row.code) ?? [];
      known.push({ rule: row.rule, english: expressionOf(english(row)), plain: english(row).replace(HOLE, '').length, told: told(row) });
      all.set(row.code, known);
    }
    return all;
  };
  return { messages: by((row) => row.message, (row) => row.message_told), remedies: by((row) => row.remedy, (row) => row.remedy_told) };
}

/** The English text with its holes open: each takes as little as it can, and the whole text must fit. */
function expressionOf(english: string): RegExp {
  const plain = english.split(HOLE).filter((_, index) => index % 2 === 0);
  return new RegExp(`^${plain.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*?)')}$`, 's');
}

function say(text: string, code: string, rule: string | undefined, among: Among): string | undefined {
  for (const pattern of among.get(code) ?? []) {
    if (pattern.rule !== undefined && rule !== undefined && pattern.rule !== rule) continue;
    const holes = pattern.english.exec(text);
    if (holes !== null) return pattern.told.replace(HOLE, (hole, number: string) => {
      const found = holes[Number(number)];
      return found === undefined ? hole : (named(found) ?? found);
    });
  }
  return undefined;
}

/** Meaning of a code whose findings say each something of their own. */
const SEE_MESSAGE = 'see the message';

/** A text that its pattern does not give: what its code means in general, and then what the server says of this case. */
function sayMeaning(text: string, code: string, among: Among): string {
  const general = among.get(code)?.find((one) => one.rule === undefined && !one.told.includes('{1}') && !one.english.test(SEE_MESSAGE));
  return general === undefined ? text : `${general.told}: ${text}`;
}

/** What a finding says by patterns. A text that fits none stays as the server sent it, after what its code means. */
export function sayBy(finding: Pick<Finding, 'code' | 'message' | 'rule' | 'remedy'>, by: Patterns): Said {
  const { code, message, rule, remedy } = finding;
  return {
    message: sayParts(message, code, by.messages) ?? say(message, code, rule, by.messages) ?? named(message) ?? sayMeaning(message, code, by.messages),
    remedy: remedy === undefined ? undefined : (say(remedy, code, rule, by.remedies) ?? named(remedy) ?? sayAny(remedy, by.messages) ?? remedy),
  };
}

/** A message with what follows from it behind a semicolon: both are told, or neither. */
function sayParts(text: string, code: string, among: Among): string | undefined {
  const at = text.lastIndexOf('; ');
  if (at < 0) return undefined;
  const [cause, effect] = [say(text.slice(0, at), code, undefined, among), sayAny(text.slice(at + 2), among)];
  return cause === undefined || effect === undefined ? undefined : `${cause}; ${effect}`;
}

/** How much of a pattern has to be plain for a text to be known by it alone, without its code. */
const PLAIN_ENOUGH = 12;

/** The patterns that are spoken by now: another value once others are. Reading it in a component makes the component follow them. */
export const spokenNow = (): unknown => patterns;

/** What a finding's message says whose code is not told; nothing if it fits no pattern that says enough. */
function sayAny(text: string, all: Among): string | undefined {
  for (const [code, among] of all) {
    for (const pattern of among) {
      if (pattern.plain < PLAIN_ENOUGH || !pattern.english.test(text)) continue;
      return say(text, code, pattern.rule, all);
    }
  }
  return undefined;
}

/** As `sayAny`, in the language shown. */
export const sayText = (text: string): string | undefined => sayAny(text, patterns.messages);

/** What a finding says in the language shown. Reading it in a component makes the component follow the language. */
export function sayFinding(finding: Pick<Finding, 'code' | 'message' | 'rule' | 'remedy'>): Said {
  return sayBy(finding, patterns);
}

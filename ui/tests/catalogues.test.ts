import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../src/i18n/languages';
import { describeMessage, parseMessage } from '../src/i18n/message';
import { readCatalogue, readRows } from './catalogue-files';

const root = new URL('../src/', import.meta.url).pathname;
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(svelte|ts)$/.test(path));
const english = readCatalogue('en');
const others = LANGUAGES.filter((language) => language.code !== 'en').map(({ code, complete }) => ({ code, complete, catalogue: readCatalogue(code) }));
/** Keys that have come in English, Russian and Turkish and whose other languages follow: what `npm run i18n` prints. */
const awaiting = new Set(JSON.parse(readFileSync(join(root, 'i18n/messages/awaiting.json'), 'utf8')) as string[]);
const FIRST = new Set(['ru', 'tr']);

describe.each(others)('catalogue $code', ({ code, complete, catalogue }) => {
  const rules = Intl.PluralRules.supportedLocalesOf([code]).length > 0 ? code : 'en';
  const wanted = new Intl.PluralRules(rules).resolvedOptions().pluralCategories;

  it('has no message that English lacks', () => {
    expect(Object.keys(catalogue).filter((key) => !Object.hasOwn(english, key))).toEqual([]);
  });

  it.runIf(complete)('has every message', () => {
    const missing = Object.keys(english).filter((key) => !Object.hasOwn(catalogue, key) && (FIRST.has(code) || !awaiting.has(key)));
    expect(missing, `translate them, or list their keys in src/i18n/messages/awaiting.json`).toEqual([]);
  });

  it('reads the same arguments, of the same types, as English', () => {
    for (const [key, text] of Object.entries(catalogue)) {
      const names = (source: string): string[] => [...describeMessage(parseMessage(source)).names].sort();
      expect(names(text), key).toEqual(names(english[key] ?? ''));
    }
  });

  it('gives every plural case its language has, and no other', () => {
    for (const [key, text] of Object.entries(catalogue)) {
      for (const cases of describeMessage(parseMessage(text)).plurals) {
        expect([...cases].filter((one) => !one.startsWith('=')).sort(), key).toEqual([...wanted].sort());
      }
    }
  });
});

describe('the order of the work', () => {
  it('awaits only messages that are there and lack a language', () => {
    const lacking = (key: string): boolean => others.some(({ complete, catalogue }) => complete && !Object.hasOwn(catalogue, key));
    expect([...awaiting].filter((key) => !Object.hasOwn(english, key) || !lacking(key))).toEqual([]);
  });
});

/** Abbreviations, names and code words that are written in Latin letters everywhere. */
const LATIN = new Set(readRows('i18n/same.csv').filter((row) => row['kind'] === 'word').map((row) => row['what'] ?? ''));
const SAME_KEYS = new Map(readRows('i18n/same.csv').filter((row) => row['kind'] === 'key').map((row) => [row['what'] ?? '', (row['languages'] ?? '').split(' ')]));
/** The words of a message without its arguments and their syntax. */
const wordsOf = (text: string): string => text.replace(/\{\w+(, number)?\}/g, ' ').replace(/\{\w+, (plural|select),/g, ' ').replace(/(=\d+|zero|one|two|few|many|other) \{/g, ' ').replace(/\.dossier\.json|api\/|fix\.json/g, ' ');
const SCRIPTS: Partial<Record<string, true>> = { ru: true, kk: true, ky: true, tg: true, ka: true, zh: true };

describe.each(others)('no English is left in $code', ({ code, catalogue }) => {
  it.runIf(SCRIPTS[code] === true)('holds no Latin word that is not written so everywhere', () => {
    const left = Object.entries(catalogue).flatMap(([key, text]) => (wordsOf(text).match(/[A-Za-z]{2,}/g) ?? []).filter((word) => !LATIN.has(word)).map((word) => `${key}: ${word}`));
    expect(left).toEqual([]);
  });

  it('differs from English where it is not the same on purpose', () => {
    const same = Object.entries(catalogue).filter(([key, text]) => {
      const words = (wordsOf(text).match(/\p{L}{2,}/gu) ?? []).filter((word) => !LATIN.has(word));
      return text === english[key] && words.length > 0 && SAME_KEYS.get(key)?.some((one) => one === code || one === '*') !== true;
    });
    expect(same.map(([key]) => key)).toEqual([]);
  });
});

const glossary = readRows('i18n/glossary.csv');

describe('the glossary', () => {
  it('has every term in every complete language, with its source', () => {
    for (const row of glossary) {
      for (const { code, complete } of others) if (complete) expect(row[code], `${row['term'] ?? ''} ${code}`).toBeTruthy();
      expect(row['source'], row['term']).toBeTruthy();
    }
  });

  it.each(others.filter(({ complete }) => complete))('is kept in $code', ({ code, catalogue }) => {
    const off: string[] = [];
    for (const row of glossary) {
      const pattern = new RegExp(row['pattern'] ?? '', 'i');
      const except = (row['except'] ?? '').split(' ');
      const stems = (row[code] ?? '').split('|').map((stem) => stem.toLocaleLowerCase(code));
      for (const [key, text] of Object.entries(catalogue)) {
        if (!pattern.test(wordsOf(english[key] ?? '')) || except.includes(key)) continue;
        if (!stems.some((stem) => text.toLocaleLowerCase(code).includes(stem))) off.push(`${row['term'] ?? ''}: ${key} = ${text}`);
      }
    }
    expect(off).toEqual([]);
  });
});

describe('the screen', () => {
  it('uses every message', () => {
    const text = sources.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
    const groups = new Set([...text.matchAll(/tCode\('(\w+)'/g)].map((found) => found[1]));
    const unused = Object.keys(english).filter((key) => !text.includes(`'${key}'`) && !groups.has(key.split('.')[0]));
    expect(unused).toEqual([]);
  });

  /** Names and symbols that are the same in every language. */
  const SAME = /^(Kervan|UTC|CO₂e|SHA-256|[^\p{L}]*)$/u;
  const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt'];

  it.each(sources.filter((path) => path.endsWith('.svelte')))('%s holds no words of its own', (path) => {
    const words: string[] = [];
    const walk = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(walk);
      if (typeof node !== 'object' || node === null) return;
      const one = node as AST.BaseNode & { data?: string; name?: string; value?: unknown };
      if (one.type === 'Text' && !SAME.test((one.data ?? '').trim())) words.push((one.data ?? '').trim());
      if (one.type === 'StyleDirective' || (one.type === 'Attribute' && !SPOKEN.includes(one.name ?? ''))) return;
      for (const value of Object.values(one)) walk(value);
    };
    walk(parse(readFileSync(join(root, path), 'utf8'), { modern: true }).fragment);
    expect(words).toEqual([]);
  });
});

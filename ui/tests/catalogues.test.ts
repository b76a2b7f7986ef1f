import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { describeMessage, parseMessage } from '../src/i18n/message';
import english from '../src/i18n/messages/en.json';
import russian from '../src/i18n/messages/ru.json';
import turkish from '../src/i18n/messages/tr.json';

const catalogues: [string, Record<string, string>][] = [['en', english], ['ru', russian], ['tr', turkish]];
const root = new URL('../src/', import.meta.url).pathname;
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(svelte|ts)$/.test(path));

describe.each(catalogues)('catalogue %s', (language, catalogue) => {
  it('has every message, and no other', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
  });

  it('reads the same arguments as English', () => {
    for (const [key, source] of Object.entries(english)) {
      const names = (text: string): string[] => [...describeMessage(parseMessage(text)).names].sort();
      expect(names(catalogue[key] ?? ''), key).toEqual(names(source));
    }
  });

  it('gives every plural case its language has', () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, source] of Object.entries(catalogue)) {
      for (const cases of describeMessage(parseMessage(source)).plurals) expect([...cases], key).toEqual(expect.arrayContaining(wanted));
    }
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

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHeadings } from '../src/pages/new/headings';

const text = readFileSync(new URL('../../data/goods/headings.csv', import.meta.url), 'utf8');
const headings = readHeadings(text);

describe('chapters and headings', () => {
  it('are all read', () => expect(headings.length).toBe(text.trim().split('\n').length - 1));
  it('stand once, in order', () => {
    const codes = headings.map((one) => one.hs);
    expect(codes).toEqual([...new Set(codes)].sort());
  });
  it.each(headings.map((one) => [one.hs, one.name] as const))('%s %s', (hs, name) => {
    expect(hs).toMatch(/^(0[1-9]|[1-8]\d|9[0-7])(\d\d)?$/);
    expect(name.length).toBeGreaterThan(2);
    expect(headings.some((one) => one.hs === hs.slice(0, 2))).toBe(true);
  });
});

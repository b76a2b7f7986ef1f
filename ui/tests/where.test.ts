import { describe, expect, it } from 'vitest';
import { sayPath } from '../src/parts/where';

describe('a place in the data', () => {
  it.each([
    ['/goods/0/gross_mass_kg', 'goods no. 1 › gross mass'],
    ['/attachments/0/facts/gross_mass', 'attachments no. 1 › gross mass'],
    ['/goods/*/gross_mass', 'goods › gross mass'],
    ['/goods/1/hs', 'goods no. 2 › commodity code'],
    ['/entries/3/header/parents', 'entry no. 4 › entries before it'],
    ['/equipment/0/seals', 'equipment no. 1 › seals'],
    ['/ready', 'ready'],
    ['/', 'the whole'],
    // No pointer: a rule in its pack, a file with its line.
    ['cn/cn-code-of-ten-digits', 'cn/cn-code-of-ten-digits'],
    ['links.csv:12', 'links.csv:12'],
  ])('%s is told in words', (path, words) => {
    expect(sayPath(path)).toBe(words);
  });
});

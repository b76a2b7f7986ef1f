import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../src/', import.meta.url).pathname;
const tokens = readFileSync(join(root, 'design/tokens.css'), 'utf8');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
type Rgb = readonly [number, number, number];

/** The colour of a token in a theme. */
function colour(name: string, theme: Theme): Rgb {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  const hex = found?.[theme === 'light' ? 1 : 2];
  if (hex === undefined) throw new Error(`no colour ${name}`);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

const linear = (channel: number): number => (channel <= 10.31475 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (rgb: Rgb): number => 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
/** WCAG 2.2, contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

describe.each(THEMES)('contrast, %s', (theme) => {
  const grounds = ['paper', 'surface', 'surface-sunk', 'surface-hover', 'surface-chosen'];
  it.each(['ink', 'ink-soft', 'ink-faint', 'accent', 'accent-strong'].flatMap((ink) => grounds.map((ground) => [ink, ground] as const)))('%s on %s can be read', (ink, ground) => {
    expect(contrast(colour(ink, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
  it.each([
    ['state-held', 'surface'], ['state-held', 'held-wash'], ['state-done', 'surface'], ['state-done', 'done-wash'], ['state-moving', 'surface'], ['state-planned', 'surface'], ['state-draft', 'surface'],
    ['warn', 'surface'], ['warn', 'warn-wash'], ['ink', 'held-wash'], ['ink', 'warn-wash'], ['ink', 'info-wash'], ['ink', 'done-wash'], ['on-accent', 'accent'],
  ] as const)('%s on %s can be read', (ink, ground) => {
    expect(contrast(colour(ink, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['control-edge', 'focus', 'mode-rail', 'mode-road', 'mode-sea', 'mode-ferry', 'mode-water'].flatMap((line) => ['paper', 'surface'].map((ground) => [line, ground] as const)))('%s on %s is seen', (line, ground) => {
    expect(contrast(colour(line, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
  });
  it.each(['mode-rail', 'mode-road', 'mode-sea', 'mode-ferry'])('%s is seen on the land of the map', (line) => {
    expect(contrast(colour(line, theme), colour('map-land', theme))).toBeGreaterThanOrEqual(3);
  });
});

/** How colours look without one kind of cones. Source: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
const SIGHTS: Record<string, readonly (readonly number[])[]> = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** OKLab: a distance of about 0.02 is just seen. Source: Ottosson 2020. */
function lab(rgb: Rgb, sight: string): Rgb {
  const seen = rgb.map(linear);
  const [r, g, b] = (SIGHTS[sight] ?? []).map((row) => Math.min(1, Math.max(0, row.reduce((sum, share, i) => sum + share * (seen[i] ?? 0), 0)))) as unknown as Rgb;
  const [l, m, s] = [0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b].map(Math.cbrt) as unknown as Rgb;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}
const apart = (a: Rgb, b: Rgb, sight: string): number => Math.hypot(...lab(a, sight).map((one, i) => one - (lab(b, sight)[i] ?? 0)));

/** What has to be told apart by colour beside its shape or pattern; far more than just seen. */
const FAR = 0.05;
const GROUPS = [['mode-rail', 'mode-road', 'mode-sea', 'mode-ferry'], ['state-held', 'state-moving', 'state-done']];
const pairs = GROUPS.flatMap((group) => group.flatMap((one, i) => group.slice(i + 1).map((other) => [one, other] as const)));

describe.each(Object.keys(SIGHTS))('told apart with %s sight', (sight) => {
  it.each(THEMES.flatMap((theme) => pairs.map(([one, other]) => [theme, one, other] as const)))('%s: %s and %s', (theme, one, other) => {
    expect(apart(colour(one, theme), colour(other, theme), sight)).toBeGreaterThan(FAR);
  });
});

const styles = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(svelte|css)$/.test(path) && !/design\/(tokens|fonts)\.css$/.test(path));
const styleOf = (path: string): string => {
  const text = readFileSync(join(root, path), 'utf8');
  return (path.endsWith('.css') ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '')).replace(/\/\*[\s\S]*?\*\//g, '');
};
/** One type scale, one scale of space: tokens, zero, hairlines, and what follows the text's own size. */
const SIZE = /^(-?0|auto|inherit|1em|var\(--[\w-]+\)|calc\(.*var\(--.*\)|-?[1-4](\.5)?px|-?[\d.]+em|[\d.]+%|env\(.*\)|min\(.*\)|max\(.*\)|clamp\(.*\))$/;
const split = (value: string): string[] => value.replace(/\s*!important/, '').match(/[\w-]*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\S+/g) ?? [];

describe.each(styles)('%s', (path) => {
  const rules = [...styleOf(path).matchAll(/([\w-]+):\s*([^;{}]+)[;}]/g)].map((found) => [found[1] ?? '', (found[2] ?? '').trim()] as const);
  it('takes its colours from the tokens', () => {
    const raw = rules.filter(([name, value]) => !name.startsWith('--') && /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|lab)a?\(|\b(white|black|red|green|blue|gray|grey)\b/i.test(value.replace(/var\([^)]*\)/g, '')));
    expect(raw).toEqual([]);
  });
  it('takes its sizes from the scales', () => {
    const raw = rules.filter(([name, value]) => /^(font-size|gap|row-gap|column-gap|(padding|margin)(-(block|inline))?(-(start|end))?)$/.test(name) && !split(value).every((part) => SIZE.test(part)));
    expect(raw).toEqual([]);
  });
});

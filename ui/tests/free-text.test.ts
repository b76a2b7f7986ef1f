import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

/**
 * What people write (names, goods, reasons) may hold right-to-left marks that turn the rest of a line around. So each such text stands
 * alone in its element, and `base.css` isolates elements; where it stands among other text it is in a `bdi`.
 */
const FREE = /\.(goods|description|address|cause_name|attention|issuer|holder_name|remark|party_name|forwarder_name)\b|\b(party|member|one\.officer|consignor|consignee)\.name\b/;
const root = new URL('../src/', import.meta.url).pathname;
const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.svelte'));

interface Found extends AST.BaseNode { expression?: { type: string; start: number; end: number }; fragment?: { nodes: Found[] }; data?: string; name?: string; body?: unknown }

function offences(source: string): string[] {
  const found: string[] = [];
  const look = (nodes: readonly Found[], element: string): void => {
    const told = nodes.filter((node) => node.type === 'ExpressionTag' || (node.type === 'Text' && (node.data ?? '').trim() !== ''));
    for (const node of told) {
      const text = source.slice(node.start, node.end);
      if (node.type !== 'ExpressionTag' || element === 'bdi' || !FREE.test(text) || /^\{(t|tCode|tonnes|kilograms|plain)\(/.test(text)) continue;
      if (/=== (undefined|null)|!== null/.test(text) && !/\?/.test(text)) continue;
      if (nodes.filter((other) => !(other.type === 'Text' && (other.data ?? '').trim() === '')).length > 1) found.push(`${element}: ${text}`);
    }
  };
  const walk = (node: unknown, element: string): void => {
    if (Array.isArray(node)) return node.forEach((one) => walk(one, element));
    if (typeof node !== 'object' || node === null) return;
    const one = node as Found & { nodes?: Found[] };
    if (one.type === 'Attribute') return;
    if (Array.isArray(one.nodes)) look(one.nodes, element);
    const inner = one.type === 'RegularElement' ? (one.name ?? element) : element;
    for (const value of Object.values(one)) walk(value, inner);
  };
  walk(parse(source, { modern: true }).fragment, '');
  return found;
}

describe('what people write', () => {
  it.each(pages)('stands alone in %s', (path) => {
    expect(offences(readFileSync(join(root, path), 'utf8'))).toEqual([]);
  });

  it('is found where it does not', () => {
    expect(offences('<p>{one.goods} and more</p>')).toEqual(['p: {one.goods}']);
    expect(offences('<p><bdi>{one.goods}</bdi> and more</p>')).toEqual([]);
    expect(offences('<span>{one.goods}</span>')).toEqual([]);
  });
});

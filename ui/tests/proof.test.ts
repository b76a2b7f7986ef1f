import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCanonical } from '../src/proof/canonical';
import { readAuthority, readCsv, readTrust } from '../src/proof/tables';
import { verify, type Reader, type Report } from '../src/proof/verify';

/** What `kervan verify` says, written by `crates/dossier/tests/dossier/shared.rs`, which fails when it says something else. */
interface Case {
  name: string; file?: string; splice?: [number, number, string]; trust?: string; known: string[];
  verified: boolean; entries: number; heads: string[]; findings: [string, string, string][];
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const cases = JSON.parse(read('proof/cases.json')) as Case[];
const authority = readAuthority(read('../../data/authority/authority.csv'));
const base = new TextEncoder().encode(cases.find((one) => one.name === 'nearly every kind')?.file ?? '');

/** Remarks on what the facts mean together, which the browser leaves to `kervan verify`. None of them refuses a file. */
const MEANING = new Set([
  'dossier.withheld', 'dossier.fork', 'dossier.duplicate-fact', 'dossier.stale-amendment', 'dossier.amendment-invalid', 'dossier.amendment-refused', 'dossier.answer-not-asked',
  'dossier.too-many-amendments', 'dossier.movement-undeclared', 'dossier.other-territory', 'dossier.stale-decision', 'dossier.document-fork', 'dossier.not-current', 'dossier.reference-lost',
  'dossier.malformed-fact', 'dossier.amendment-pending',
]);

function fileOf({ file, splice }: Case): Uint8Array {
  if (splice === undefined) return new TextEncoder().encode(file ?? '');
  const [from, to, digits] = splice;
  return new Uint8Array([...base.subarray(0, from), ...(digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)), ...base.subarray(to)]);
}

const check = (one: Case): Promise<Report> => verify(fileOf(one), { authority, heads: one.known, ...(one.trust === undefined ? {} : { trust: readTrust(one.trust) }) } satisfies Reader);
/** What it says: codes, severities and places, in any order. Where a frame cannot be read only readers of the same kind count alike. */
const told = (findings: readonly (readonly [string, string, string])[]): string[] =>
  findings.filter(([code]) => !MEANING.has(code)).map(([code, severity, path]) => (code === 'dossier.malformed-file' ? code : `${severity} ${code} ${path}`)).sort();

describe('the proof in the browser', () => {
  it('has cases of every sort', () => {
    expect(cases.length).toBeGreaterThan(80);
    expect(cases.filter((one) => one.verified).length).toBeGreaterThan(15);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s: says what kervan verify says', async (_, one) => {
    const report = await check(one);
    expect(told(report.findings.map(({ code, severity, path }) => [code, severity, path ?? '']))).toEqual(told(one.findings));
    expect([report.verified, report.entries, report.heads]).toEqual([one.verified, one.entries, one.heads]);
  });

  it('refuses a file in which any byte was changed', async () => {
    const held: number[] = [];
    for (let at = 0; at < base.length; at += 31) {
      const changed = base.slice();
      changed[at] = (changed[at] ?? 0) ^ (at % 2 === 0 ? 0x01 : 0x20);
      if ((await verify(changed, { authority })).verified) held.push(at);
    }
    expect(held).toEqual([]);
  }, 60_000);

  it('needs no row of a trust list to be perfect to name the ones that are not', () => {
    const list = readTrust('did,party,role,territory,key_id,key\nnobody,x,carrier,,,\ndid:web:a.example,"a",king,,,\n');
    expect(list.findings.map((finding) => finding.path)).toEqual(['trust list:2', 'trust list:3']);
    expect(readTrust('').findings).toHaveLength(1);
  });
});

describe('reading', () => {
  it('reads CSV as others write it', () => {
    expect(readCsv('a,b\r\n"x, ""y""",\n\n1,2')).toEqual([{ a: 'x, "y"', b: '' }, { a: '1', b: '2' }]);
  });

  it('names the first byte that is wrong', () => {
    const faults: [string, number, string][] = [
      ['', 0, 'dossier.not-json'], ['{"a":1', 6, 'dossier.not-json'], ['[1, 2]', 3, 'dossier.not-canonical'], ['1x', 1, 'dossier.not-json'],
      ['{"b":1,"a":2}', 7, 'dossier.not-canonical'], ['{"ж":1,"ж":1}', 8, 'dossier.duplicate-member'], ['"\\u0061"', 1, 'dossier.not-canonical'],
      ['"\\u000a"', 1, 'dossier.not-canonical'], ['[1e3]', 1, 'dossier.not-an-integer'], ['-0', 0, 'dossier.not-an-integer'], ['[007]', 1, 'dossier.not-an-integer'],
      ['9007199254740992', 0, 'dossier.not-an-integer'], [`${'['.repeat(100)}`, 65, 'dossier.too-deep'], ['\ufeff{}', 0, 'dossier.not-canonical'],
    ];
    for (const [text, offset, code] of faults) expect(readCanonical(new TextEncoder().encode(text)), text).toMatchObject({ offset, code });
    expect(readCanonical(new TextEncoder().encode('{"10":1,"2":[true,null,"\\u0007é"]}'))).toHaveProperty('text');
  });
});

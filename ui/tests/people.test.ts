import { describe, expect, it } from 'vitest';
import type { BoardLine, CorridorRow, Member } from '../src/api/types';
import { containersOf, groupCalls } from '../src/pages/board/calls';
import { makeReport, offsetOf, REPORTS } from '../src/pages/board/report';
import { comparePapers, type Paper, type Said } from '../src/pages/desk/papers';
import { changeOf, lineOf, periodsTo, seriesOf } from '../src/pages/corridor/state/trend';
import { blankDraft, isWholeFile, plainNumber, readDraft, readRows, toFile, type Column } from '../src/pages/new/draft';
import { listBlocks, raiseVersion, replaceBlock, versionOf } from '../src/pages/rules/text';
import { homeOf, SECTIONS, sectionsFor } from '../src/shell/sections';

const NAMES: Record<Column, string> = {
  description: 'Наименование', hs: 'Код ТН ВЭД', origin: 'Страна', packages: 'Мест', package_kind: 'Упаковка', gross_mass_kg: 'Брутто, кг', net_mass_kg: 'Нетто, кг', value: 'Стоимость', marks: 'Маркировка',
};

describe('a consignment that is pasted', () => {
  it('reads numbers as spreadsheets of the corridor write them', () => {
    const cases: [string, string][] = [
      ['18420', '18420'], ['18 420,5', '18420.5'], ['18\u00a0420,50', '18420.50'], ['1.234,5', '1234.5'], ['1,234.5', '1234.5'], ['12,5', '12.5'], ['1,234', '1,234'], ["1'234.5", '1234.5'], ['n/a', 'n/a'], ['-5', '-5'],
    ];
    for (const [cell, plain] of cases) expect(plainNumber(cell), cell).toBe(plain);
  });

  it('reads rows in the usual order, and by their names in the reader\'s language or the file\'s', () => {
    const usual = readRows('Drills\t8459.29\tCN\t96\tCS\t18 420\t17280\t61440,00\tWMT 1-96\n\nBits\t820750\tCN\t4\tCT\t40\t38\t900', NAMES);
    expect(usual).toMatchObject([{ description: 'Drills', hs: '845929', packages: '96', gross_mass_kg: '18420', value: '61440.00', marks: 'WMT 1-96' }, { hs: '820750', value: '900' }]);
    const named = readRows('Код ТН ВЭД\tМест\tнаименование\tпрочее\n845011\t320\t"Стиральные ""машины"""\tx', NAMES);
    expect(named).toMatchObject([{ hs: '845011', packages: '320', description: 'Стиральные "машины"', origin: '' }]);
    expect(readRows('hs;gross_mass_kg\n845011;12,5', NAMES)).toMatchObject([{ hs: '845011', gross_mass_kg: '12.5' }]);
  });

  it('tells a file from rows', () => {
    expect(['{"reference": 1}', 'reference: A-1\nfrom: CNXIA', 'goods:\n - hs: 1', 'a\tb\tc'].map(isWholeFile)).toEqual([true, true, true, false]);
  });

  it('keeps what the form does not show, and survives anything', () => {
    const draft = readDraft({ reference: 'A-1', wagons: [{ number: '1' }], goods: [{ hs: 845011, dangerous: { un_number: 1263 } }], parties: [{ role: 'notify', id: 'x' }] });
    const file = toFile(draft);
    expect(file).toMatchObject({ reference: 'A-1', wagons: [{ number: '1' }], goods: [{ hs: '845011', dangerous: { un_number: 1263 }, packages: 0 }] });
    expect(draft.parties.map((one) => one.role)).toEqual(['notify', 'consignor', 'consignee', 'forwarder']);
    for (const odd of [null, 1, 'x', [], { goods: 1, parties: {}, terms: [] }]) expect(toFile(readDraft(odd))).toMatchObject({ reference: '', goods: [{ packages: 0 }] });
  });

  it('sends times with their zone, counts as numbers, and no empty fields', () => {
    const draft = blankDraft();
    draft.ready = '2026-12-01T08:00';
    draft.goods[0] = { ...draft.goods[0], packages: '12', marks: '' } as (typeof draft.goods)[number];
    expect(toFile(draft)).toMatchObject({ ready: '2026-12-01T08:00:00Z', goods: [{ packages: 12 }] });
    expect(Object.keys((toFile(draft).goods as object[])[0] ?? {})).not.toContain('marks');
    expect(toFile({ ...draft, ready: '2026-12-01T08:00:00+05:00' }).ready).toBe('2026-12-01T08:00:00+05:00');
  });
});

const line = (more: Partial<BoardLine>): BoardLine => ({
  consignment: 'A-1', containers: ['CSQU3054383'], code: 'arrived', place: 'KZAAU', place_name: 'Aktau', zone: 'Asia/Aqtau', planned: '2026-12-09T10:00:00Z', unseen: false, next: true, yours: true,
  service: 'S1', service_name: 'Train', operator: 'KTZ', class: 'block_train', mode: 'rail', from: 'KZ-ALTYN', from_name: 'Altynkol', to: 'KZAAU', to_name: 'Aktau', ...more,
});

describe('the board', () => {
  it('puts what calls together on one train, and nothing else', () => {
    const calls = groupCalls([
      line({ consignment: 'A-2', containers: ['TEMU0000009'], expected: { p10: '2026-12-09T09:00:00Z', p50: '2026-12-09T12:00:00Z', p90: '2026-12-10T00:00:00Z' } }),
      line({}), line({ consignment: 'A-3', planned: '2026-12-11T10:00:00Z' }), line({ consignment: 'A-4', means: '1402' }), line({ consignment: 'A-5', actual: '2026-12-09T09:30:00Z', next: false }),
    ]);
    expect(calls.map((call) => call.lines.map((one) => one.consignment).join('+'))).toEqual(['A-5', 'A-1+A-2', 'A-4', 'A-3']);
    expect(calls[1]).toMatchObject({ at: '2026-12-09T10:00:00Z', early: '2026-12-09T09:00:00Z', late: '2026-12-10T00:00:00Z', done: false });
    expect(calls.map(containersOf)[1]).toEqual(['CSQU3054383', 'TEMU0000009']);
  });

  it('writes what the standard and the node read', () => {
    const call = groupCalls([line({}), line({ consignment: 'A-2', containers: ['TEMU0000009', 'TEMU0000014'] })])[0];
    expect(call).toBeDefined();
    if (call === undefined) return;
    const at = new Date('2026-12-09T10:05:00Z');
    const kinds = REPORTS.map((kind) => (makeReport(kind, call, at, kind === 'sealed' ? 'TEMU0000014' : undefined, 'KZ-1') as { epcisBody: { eventList: Record<string, unknown>[] } }).epcisBody.eventList);
    expect(kinds.map((events) => events.length)).toEqual([2, 2, 2, 2, 1]);
    expect(kinds[0]?.[0]).toMatchObject({ bizStep: 'arriving', readPoint: { id: 'https://id.kervan.example/place/KZAAU' }, eventTime: '2026-12-09T10:05:00.000Z', eventTimeZoneOffset: '+05:00', epcList: ['urn:epc:id:bic:CSQU3054383'] });
    expect(kinds[4]?.[0]).toMatchObject({ type: 'AssociationEvent', parentID: 'urn:epc:id:bic:TEMU0000014', childEPCs: ['https://id.kervan.example/seal/KZ-1'] });
    expect([offsetOf('Asia/Tbilisi', at), offsetOf('nowhere', at)]).toEqual(['+04:00', '+00:00']);
  });
});

describe('the way in', () => {
  it('puts everybody\'s own place first and loses none', () => {
    const member = (role: string): Member => ({ id: 'x', name: 'x', country: 'KZ', roles: [{ role }] });
    expect(['customs', 'forwarder', 'carrier', 'bank', 'nobody'].map((role) => homeOf(member(role)))).toEqual(['desk', 'desk', 'board', 'verify', 'corridor']);
    for (const role of ['customs', 'terminal', 'king']) expect(new Set(sectionsFor(member(role)))).toEqual(new Set(SECTIONS));
  });
});

describe('who keeps the people of a node', () => {
  const person = (duty: string): Member => ({ id: 'node', name: 'node', country: '', roles: [], person: { name: 'aygul', called: 'Aygul', duty } });

  it.each([['operator', 'people', true], ['auditor', 'people', true], ['member', 'corridor', false]] as const)('shows %s the way to %s', (duty, home, way) => {
    expect(homeOf(person(duty))).toBe(home);
    expect(sectionsFor(person(duty)).some((section) => section.id === 'people')).toBe(way);
    const others = sectionsFor(person(duty)).filter((section) => section.id !== 'people').map((section) => section.id);
    // Who keeps the node is let into no goods by that, and is shown no way to them.
    expect(others).toEqual(way ? ['corridor', 'plan', 'verify'] : SECTIONS.map((section) => section.id));
  });

  it('shows nobody else the way', () => expect(sectionsFor(undefined)).toEqual(SECTIONS));
});

describe('papers side by side', () => {
  it('marks what says otherwise, and nothing else', () => {
    const declared = { gross_mass: ['1000'], packages: ['12'], commodities: ['845011', '845090'], containers: ['A', 'B'], consignee_name: ['Boğaziçi A.Ş.'], seals: [] };
    const paper = (says: Said): Paper => ({ title: 'x', number: '1', issuer: 'y', withheld: false, says });
    const rows = comparePapers(declared, [paper({ gross_mass: ['1000'], containers: ['B', 'A'], consignee_name: ['BOGAZICI A.S.'], commodities: ['8450'] }), paper({ gross_mass: ['1100'], packages: ['12'], commodities: ['010121'], seals: ['7'] })]);
    expect(rows.map((row) => [row.fact, row.cells.map((cell) => cell?.differs)])).toEqual([
      ['gross_mass', [false, true]], ['packages', [undefined, false]], ['containers', [false, undefined]], ['seals', [undefined, false]], ['commodities', [false, true]], ['consignee_name', [false, undefined]],
    ]);
  });
});

describe('the text of a rule pack', () => {
  const text = 'pack: uz\nversion: "2026.11.4" # v\nrules:\n  # first\n  - id: uz-a\n    when: "true"\n\n  - id: "uz-b"\n    when: it.x\n    each: goods\nprofiles:\n  - id: p-1\n    parts:\n      - id: inner\n        points: 3\nend: 1\n';
  it('is cut into rules and put together again', () => {
    expect(listBlocks(text).map((one) => [one.id, one.text.split('\n').length])).toEqual([['uz-a', 2], ['uz-b', 3], ['p-1', 4], ['inner', 2]]);
    for (const block of listBlocks(text)) expect(replaceBlock(text, block.id, `${block.text}\n\n`)).toBe(text);
    const changed = replaceBlock(text, 'uz-a', '  - id: uz-a\n    when: "false"\n    confidence: low');
    expect(changed).toContain('# first\n  - id: uz-a\n    when: "false"\n    confidence: low\n\n  - id: "uz-b"');
    expect(replaceBlock(text, 'none', 'x')).toBe(text);
  });
  it('raises its version', () => {
    expect(versionOf(raiseVersion(text))).toBe('2026.11.5');
    expect([raiseVersion('version: beta'), raiseVersion('version: 9\nx: 1'), versionOf('pack: x')]).toEqual(['version: beta.1', 'version: 10\nx: 1', '']);
  });
});

describe('windows beside each other', () => {
  const row = (id: string, p50: number | null, count = 1): CorridorRow => ({ kind: 'place', id, name: id, count, per_day: count / 30, p10_h: p50 === null ? null : p50 / 2, p50_h: p50, p90_h: p50 === null ? null : p50 * 2 });
  it('follow one another to the hour', () => {
    const periods = periodsTo(Date.parse('2026-12-31T00:00:00Z'), 30);
    expect(periods.every((one, at) => at === 0 || periods[at - 1]?.to === one.from)).toBe(true);
    expect([periods.length, periods.at(-1)?.to]).toEqual([6, '2026-12-31T00:00:00.000Z']);
  });
  it('show what was measured most, and gaps as gaps', () => {
    const series = seriesOf([[row('a', 10), row('b', 20, 9)], [row('b', null)], [row('a', 12), row('b', 30)], [row('never', null)]], 'place');
    expect(series.map((one) => one.id)).toEqual(['b', 'a']);
    expect(series[1]?.points.map((point) => point?.middle)).toEqual([10, undefined, 12, undefined]);
    expect(series.map(changeOf)).toEqual([undefined, undefined]);
    expect(lineOf(series[1]?.points ?? [], (at) => at, (point) => point.middle)).toBe('M0.0 10.0M2.0 12.0');
  });
});

import { describe, expect, it } from 'vitest';
import type { Swing, CorridorRow, LegStep, Member, Place, StayStep } from '../src/api/types';
import { dayTicks, spaced } from '../src/pages/consignment/timespace';
import { faultsOf, makeClosure, mayClose, proposed } from '../src/pages/corridor/state/closure';
import { marksOf, nextOrder, readOrder, scaleOf, sortRows, writeOrder, type Column } from '../src/pages/corridor/state/rows';
import { nextMorning, readRequest, requestQuery } from '../src/pages/plan/request';
import { matrixRequest, readWish, shadeOf, step, wishQuery } from '../src/pages/plan/matrix/matrix';
import { bars, effectKey, isCaution, reasonKey, topRisks } from '../src/pages/plan/why';
import { plain, searchPlaces, shortName } from '../src/parts/places';
import { stripOf } from '../src/parts/strip';

const stay = (name: string, arrives_p50: string, leaves_p50: string): StayStep => ({ kind: 'stay', place: name, name, arrives_p50, leaves_p50, processes: [] });
const leg = (departs_p50: string, arrives_p50: string): LegStep => ({ kind: 'leg', name: 'train', mode: 'rail', departs_p50, arrives_p50 }) as LegStep;

describe('strip', () => {
  it('counts the time between two steps as waiting', () => {
    const strip = stripOf([stay('A', '2026-12-01T00:00Z', '2026-12-01T06:00Z'), leg('2026-12-01T10:00Z', '2026-12-02T00:00Z'), stay('B', '2026-12-02T00:00Z', '2026-12-02T02:00Z')]);
    expect([strip.hours, strip.moving, strip.waiting]).toEqual([26, 14, 12]);
    expect(strip.pieces.map((piece) => piece.hours)).toEqual([6, 4, 14, 2]);
  });
});

describe('charts', () => {
  it('keep the last name and drop those that touch', () => {
    expect(spaced([0, 5, 20, 29, 30].map((y) => ({ y })), 10).map((one) => one.y)).toEqual([0, 20, 30]);
  });
  it('tick at midnights', () => {
    const day = 86_400_000;
    expect(dayTicks(0.5 * day, 10.5 * day, 5).map((at) => at / day)).toEqual([1, 3, 5, 7, 9]);
  });
});

const place = (code: string, name: string): Place => ({ code, name }) as Place;
const places = [place('TRIST', 'Istanbul (Halkalı, Ambarlı)'), place('KZAAU', 'Aktau'), place('KZALA', 'Almaty-1'), place('AZALA', 'Alat')];

describe('places', () => {
  const cases: [string, string[]][] = [['halkali', ['TRIST']], ['AZALA', ['AZALA']], ['al', ['AZALA', 'KZALA']], ['kz', ['KZAAU', 'KZALA']], ['zzz', []]];
  it.each(cases)('answer "%s"', (wish, codes) => expect(searchPlaces(places, wish).map((one) => one.code).slice(0, codes.length || 9)).toEqual(codes));
  it('shorten', () => expect(['Istanbul (Halkalı)', 'Sarpi / Sarp', 'Aktau', '(x)'].map(shortName)).toEqual(['Istanbul', 'Sarpi', 'Aktau', '(x)']));
  it('forget marks', () => expect(plain('Ağdam İstanbul ışık')).toBe('agdam istanbul isik'));
});

describe('plan request', () => {
  it('survives the address', () => {
    const request = { from: 'CNXIA', to: 'TRIST', ready: '2026-12-01T08:00:00Z', equipment: [{ count: 2, size_type: '45G1' }], gross_mass_kg: 36_000, allow_planned: true, deadline: '2026-12-28T00:00:00Z', value_of_day: 0 };
    const given = Object.entries(requestQuery(request)).filter((pair): pair is [string, string] => pair[1] !== undefined);
    expect(readRequest(new URLSearchParams(given))).toEqual(request);
  });
  it.each(['', 'from=A&to=B', 'from=A&to=B&ready=yesterday'])('is not read from "%s"', (query) => expect(readRequest(new URLSearchParams(query))).toBeUndefined());
  it('proposes the next morning', () => expect(nextMorning(Date.parse('2026-12-31T20:00:00Z'))).toBe('2027-01-01T08:00:00Z'));
});

const row = (id: string, more: Partial<CorridorRow>): CorridorRow => ({ kind: 'place', id, name: id, count: 1, per_day: 1, ...more });

describe('state of the corridor', () => {
  const rows = [row('A', { p50_h: 5, queue: 2 }), row('B', {}), row('C', { p50_h: 9, queue: 2 }), row('D', { p50_h: 1 })];
  const ids = (column: Column, down: boolean): string => sortRows(rows, { column, down }, 'en').map((one) => one.id).join('');
  it('sorts, with what is not known last either way', () => {
    expect([ids('p50_h', true), ids('p50_h', false), ids('queue', true), ids('name', true)]).toEqual(['CADB', 'DACB', 'ACBD', 'DCBA']);
  });
  it('keeps its order in the address', () => {
    for (const text of ['name', '-p90_h', '-buffer_index']) expect(writeOrder(readOrder(text))).toBe(text);
    expect(readOrder('-nonsense')).toEqual({ column: 'per_day', down: true });
  });
  it('begins with the greatest number and the first name, and turns round', () => {
    const first = nextOrder({ column: 'name', down: false }, 'p95_h');
    expect([first, nextOrder(first, 'p95_h'), nextOrder(first, 'name')]).toEqual([{ column: 'p95_h', down: true }, { column: 'p95_h', down: false }, { column: 'name', down: false }]);
  });
  it('draws within its scale, and nothing of what is not known', () => {
    const all = Array.from({ length: 40 }, (_, i) => row(String(i), { p10_h: 1, p50_h: 2, p90_h: 4, p95_h: i === 39 ? 1000 : 5 }));
    expect(scaleOf(all)).toBe(5);
    expect(marksOf(all[39] ?? row('x', {}), 5)).toEqual({ low: 20, middle: 40, high: 80, rare: 100 });
    expect([marksOf(row('x', {}), 5), scaleOf([]), marksOf(all[0] ?? row('x', {}), 0)]).toEqual([undefined, 0, undefined]);
  });
});

describe('a closure', () => {
  const draft = { ...proposed(Date.parse('2026-12-31T20:10:00Z')), place: 'KZAAU', reason: ' wind ' };
  it('is proposed for a day or two, and made as it is written', () => {
    expect(faultsOf(draft)).toEqual([]);
    expect(makeClosure(draft)).toEqual({
      place: 'KZAAU', from: '2026-12-31T20:10:00Z', until_min: '2027-01-01T09:00:00Z', until_typ: '2027-01-01T21:00:00Z', until_max: '2027-01-02T21:00:00Z', reason: 'wind',
    });
  });
  it('says everything that is missing at once', () => {
    expect(faultsOf({ ...draft, kind: 'link', max: draft.min.replace('2027', '2026'), reason: ' ' })).toEqual(['link', 'times', 'reason']);
  });
  it('is offered to those who run something', () => {
    const member = (role: string): Member => ({ id: 'x', name: 'x', country: 'KZ', roles: [{ role }] });
    expect([mayClose(undefined), mayClose(member('consignee')), mayClose(member('terminal'))]).toEqual([false, false, true]);
  });
});

describe('why a way', () => {
  const usd = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'USD' });
  const risk = (share: number, step: number): { step: number; kind: string; name: string; share: number } => ({ step, kind: 'leg', name: 'x', share });
  const swing = (of: string, least: [number, string], most: [number, string]): Swing => ({
    of, name: 'x', least: { value: 1, arrival_h: least[0], cost: usd(least[1]) }, most: { value: 2, arrival_h: most[0], cost: usd(most[1]) },
    provenance: { source: 's', period: '2026', confidence: 'low' },
  });
  it('shows the whole of the risk', () => {
    const { shown, rest } = topRisks([risk(0.5, 0), risk(0.3, 1), risk(0.15, 2), risk(0.05, 3)], 2);
    expect([shown.length, shown.reduce((sum, one) => sum + one.share, rest)]).toEqual([2, 1]);
    expect(topRisks([], 2).rest).toBe(0);
  });
  it('says what a fallback does', () => {
    const cases: [number, string][] = [[5, '10'], [5, '-10'], [-5, '-10'], [-5, '10']];
    expect(cases.map(([gains_h, amount]) => effectKey({ gains_h, costs: usd(amount) }))).toEqual(['why.fallback_effect', 'why.fallback_effect_saves', 'why.fallback_effect_later', 'why.fallback_effect_worse']);
  });
  it('keeps swings within their scale, prices and hours apart', () => {
    expect(bars([swing('ride', [-10, '0'], [20, '0']), swing('price', [0, '-50'], [0, '100'])])).toEqual([{ from: 25, to: 100 }, { from: 25, to: 100 }]);
  });
  it('tells cautions from reasons, and nothing of what it does not know', () => {
    expect([isCaution({ code: 'not_robust' }), isCaution({ code: 'earlier' }), reasonKey({ code: 'earlier' }), reasonKey({ code: 'moon' })]).toEqual([true, false, 'why.earlier', undefined]);
  });
});

describe('a matrix', () => {
  const address = 'from=CNXIA,UZTAS,CNXIA,<b>&to=TRIST,UZTAS&ready=2026-12-01T08:00&equipment=2x45G1&by=cost&within=20&around=UZTAS';
  it('stands in the address, whole', () => {
    const wish = readWish(new URLSearchParams(address), '');
    expect(wish).toEqual({ from: ['CNXIA', 'UZTAS'], to: ['TRIST', 'UZTAS'], ready: '2026-12-01T08:00:00Z', count: 2, size_type: '45G1', by: 'cost', within: 20, around: 'UZTAS' });
    const again = Object.entries(wishQuery(wish)).filter((pair): pair is [string, string] => pair[1] !== undefined);
    expect(readWish(new URLSearchParams(again), '')).toEqual(wish);
    expect(matrixRequest(wish)?.plan).toMatchObject({ from: 'CNXIA', to: 'TRIST', ready: '2026-12-01T08:00:00Z' });
  });
  it('asks for nothing that has no pair', () => {
    for (const query of ['', 'from=CNXIA', 'from=CNXIA&to=CNXIA', 'to=CNXIA']) expect(matrixRequest(readWish(new URLSearchParams(query), '2026-12-01T08:00'))).toBeUndefined();
  });
  it('shades from the least to the most', () => {
    expect([10, 14, 22, 30].map((value) => shadeOf(value, [10, 14, 22, 30]))).toEqual([1, 2, 4, 5]);
    expect(shadeOf(3, [3])).toBe(1);
  });
  it('leads an arrow over cells without a way, and not out of the table', () => {
    const open = (column: number, row: number): boolean => column !== 1 || row !== 0;
    expect(step('ArrowRight', [0, 0], open, 3, 2)).toEqual([2, 0]);
    expect(step('ArrowDown', [0, 0], open, 3, 2)).toEqual([0, 1]);
    expect(step('ArrowLeft', [0, 0], open, 3, 2)).toBeUndefined();
    expect(step('x', [0, 0], open, 3, 2)).toBeUndefined();
  });
});

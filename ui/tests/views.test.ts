import { describe, expect, it } from 'vitest';
import type { LegStep, Place, StayStep } from '../src/api/types';
import { dayTicks, spaced } from '../src/pages/consignment/timespace';
import { nextMorning, readRequest, requestQuery } from '../src/pages/plan/request';
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
    const request = { from: 'CNXIA', to: 'TRIST', ready: '2026-12-01T08:00:00Z', equipment: [{ count: 2, size_type: '45G1' }], gross_mass_kg: 36_000, allow_planned: true };
    const given = Object.entries(requestQuery(request)).filter((pair): pair is [string, string] => pair[1] !== undefined);
    expect(readRequest(new URLSearchParams(given))).toEqual(request);
  });
  it.each(['', 'from=A&to=B', 'from=A&to=B&ready=yesterday'])('is not read from "%s"', (query) => expect(readRequest(new URLSearchParams(query))).toBeUndefined());
  it('proposes the next morning', () => expect(nextMorning(Date.parse('2026-12-31T20:00:00Z'))).toBe('2027-01-01T08:00'));
});

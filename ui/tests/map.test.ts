import { describe, expect, it } from 'vitest';
import type { ConsignmentSummary, LegStep, Link, Network, Place } from '../src/api/types';
import { coreBounds, cut, distanceKm, locate, measure, pointAt, type Point } from '../src/map/geometry';
import { Courses, splitAt } from '../src/map/routes';
import { Vehicles } from '../src/map/vehicles';

const course: [number, number][] = [[50, 40], [51, 40], [52, 40]];

describe('courses', () => {
  it('measures a degree of latitude', () => expect(distanceKm([0, 0], [0, 1])).toBeCloseTo(111.2, 0));

  it.each([0, 0.25, 0.5, 0.9, 1])('finds the point at %f of the way again', (share) => {
    const lengths = measure(course);
    const at = (lengths.at(-1) ?? 0) * share;
    const found = locate(course, lengths, pointAt(course, lengths, at));
    expect(found.at).toBeCloseTo(at, 3);
    expect(found.off).toBeLessThan(0.001);
  });

  it('cuts a course without losing any of it', () => {
    const whole = measure(course).at(-1) ?? 0;
    const [before, after] = cut(course, whole * 0.3);
    expect((measure(before).at(-1) ?? 0) + (measure(after).at(-1) ?? 0)).toBeCloseTo(whole, 2);
    expect(before.at(-1)).toEqual(after[0]);
  });

  it('leaves far ends out of the first view', () => {
    const points: Point[] = [...Array.from({ length: 18 }, (_, i): Point => [50 + i, 40]), [-120, -60], [170, 70]];
    expect(coreBounds(points, 0.1)).toEqual([[51, 40], [66, 40]]);
  });
});

const link = (id: string, from: string, to: string, km: number, mode: Link['mode'] = 'rail', two_way = true): Link => ({
  id, from, to, mode, two_way, operator: '', status: { state: 'open' }, distance_km: { min: km, typ: km, max: km }, countries: [],
  course: [[Number(from), 0], [Number(to), 0]], provenance: { source: '', period: '', confidence: 'low' },
});
const network: Network = {
  version: '', attributions: [], places: ['1', '4'].map((code) => ({ code, lon: Number(code), lat: 0 }) as Place),
  links: [link('a', '1', '2', 10), link('b', '2', '3', 10), link('c', '1', '3', 50), link('d', '3', '4', 5, 'sea', false)],
};
const leg = (from: string, to: string, links: string[]): LegStep => ({ from, to, links, mode: 'rail' }) as LegStep;

describe('routes', () => {
  const courses = new Courses(network);
  const cases: [string, LegStep, Point[]][] = [
    ['the links in order', leg('1', '3', ['a', 'b']), [[1, 0], [2, 0], [2, 0], [3, 0]]],
    ['backwards over two-way links', leg('3', '1', ['bR', 'aR']), [[3, 0], [2, 0], [2, 0], [1, 0]]],
    ['straight where no link is known', leg('1', '4', ['zz']), [[1, 0], [4, 0]]],
  ];
  it.each(cases)('ride %s', (_, step, expected) => expect(courses.course(step)).toEqual(expected));

  it('split where the consignment is', () => {
    const legs = [{ mode: 'rail' as const, course }, { mode: 'sea' as const, course: [[52, 40], [54, 40]] as Point[] }];
    const { done, ahead } = splitAt(legs, [53, 40], false);
    expect(done.map((one) => one.course.at(-1)?.[0])).toEqual([52, 53]);
    expect(ahead.map((one) => one.course[0]?.[0])).toEqual([53]);
    expect(splitAt(legs, undefined, false).done).toEqual([]);
    expect(splitAt(legs, undefined, true).ahead).toEqual([]);
  });
});

describe('vehicles', () => {
  const summary = { id: 'C1', state: 'in_transit', position: { lon: 50, lat: 40, at: '' } } as ConsignmentSummary;
  const fleet = (): Vehicles => {
    const made = new Vehicles(() => false);
    made.setNetwork({ places: network.places, links: [{ ...link('L', '1', '2', 1), course }] });
    made.setConsignments([summary]);
    return made;
  };

  it('travel along the link, not across it', () => {
    const made = fleet();
    made.move({ consignment: 'C1', lon: 52, lat: 40, at: '' }, 1000);
    expect(made.find('C1', 1000)?.[0]).toBeCloseTo(50, 6);
    expect(made.find('C1', 1000 + 575)?.[0]).toBeCloseTo(51, 1);
    expect(made.find('C1', 9000)).toEqual([52, 40]);
  });

  it('go on over the place where two links meet', () => {
    const made = new Vehicles(() => false);
    const corner: [number, number][] = [[52, 42], [52, 41], [52, 40]];
    made.setNetwork({ places: [], links: [{ ...link('L', '1', '2', 1), course }, { ...link('M', '3', '2', 1), course: corner }] });
    made.setConsignments([{ ...summary, position: { lon: 51, lat: 40, at: '' } }]);
    made.move({ consignment: 'C1', lon: 52, lat: 41, at: '' }, 1000);
    const half = made.find('C1', 1000 + 575) ?? [0, 0];
    expect(half[0]).toBeGreaterThan(51.9);
    expect(half[1]).toBeLessThan(40.3);
  });

  it('stay put for a frame that began before the news', () => {
    const made = fleet();
    made.move({ consignment: 'C1', lon: 52, lat: 40, at: '' }, 5000);
    made.move({ consignment: 'C1', lon: 52.1, lat: 40, at: '' }, 5001);
    expect(made.find('C1', 1000)?.[0]).toBeCloseTo(50, 1);
  });

  it('stand side by side where they meet', () => {
    const made = fleet();
    made.setConsignments([summary, { ...summary, id: 'C2' }, { ...summary, id: 'C3', from: '?', position: null }, { ...summary, id: 'C4', from: '1', position: null }]);
    const offsets = made.markers(0).map((one) => JSON.stringify(one.offset));
    expect(offsets.length).toBe(3);
    expect(new Set(offsets).size).toBe(2);
  });
});

import type { Geometry } from 'geojson';

/** Courses on the map: chains of [longitude, latitude] in degrees. */
export type Point = readonly [number, number];
export type Course = readonly Point[];

const EARTH_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export function distanceKm(a: Point, b: Point): number {
  const dLat = radians(b[1] - a[1]);
  const dLon = radians(b[0] - a[0]);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Distances from the start at every point of the course. */
export function measure(course: Course): number[] {
  const out: number[] = [];
  let sum = 0;
  course.forEach((point, i) => {
    const before = course[i - 1];
    if (before !== undefined) sum += distanceKm(before, point);
    out.push(sum);
  });
  return out;
}

export function between(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/** How far along the course, in km, the point nearest to `point` lies, and how far off the course `point` is. */
export function locate(course: Course, lengths: readonly number[], point: Point): { at: number; off: number } {
  let best = { at: 0, off: Number.POSITIVE_INFINITY };
  const shrink = Math.cos(radians(point[1]));
  for (let i = 1; i < course.length; i++) {
    const a = course[i - 1] as Point;
    const b = course[i] as Point;
    const dx = (b[0] - a[0]) * shrink;
    const dy = b[1] - a[1];
    const squared = dx * dx + dy * dy;
    const raw = squared === 0 ? 0 : ((point[0] - a[0]) * shrink * dx + (point[1] - a[1]) * dy) / squared;
    const share = Math.min(1, Math.max(0, raw));
    const off = distanceKm(point, between(a, b, share));
    if (off < best.off) {
      const from = lengths[i - 1] ?? 0;
      best = { at: from + ((lengths[i] ?? from) - from) * share, off };
    }
  }
  return best;
}

/** The point `at` km along the course. */
export function pointAt(course: Course, lengths: readonly number[], at: number): Point {
  let low = 1;
  let high = course.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at <= (lengths[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  const to = lengths[low] ?? 0;
  const from = lengths[low - 1] ?? 0;
  if (low < course.length && at <= to) return between(course[low - 1] as Point, course[low] as Point, to === from ? 0 : Math.max(0, at - from) / (to - from));
  return course.at(-1) ?? [0, 0];
}

/** The course cut in two, `at` km from its start. */
export function cut(course: Course, at: number): [Point[], Point[]] {
  const lengths = measure(course);
  const here = pointAt(course, lengths, at);
  const before = course.filter((_, i) => (lengths[i] ?? 0) < at);
  const after = course.filter((_, i) => (lengths[i] ?? 0) > at);
  return [[...before, here], [here, ...after]];
}

export type Bounds = [[number, number], [number, number]];

export function boundsOf(points: readonly Point[]): Bounds | undefined {
  if (points.length === 0) return undefined;
  const lons = points.map((p) => p[0]);
  const lats = points.map((p) => p[1]);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

/** The box that holds the middle of the points and leaves out the far ends: the first view of a network. */
export function coreBounds(points: readonly Point[], spare: number): Bounds | undefined {
  const pick = (values: number[], share: number): number => values[Math.round((values.length - 1) * share)] ?? 0;
  if (points.length === 0) return undefined;
  const lons = points.map((p) => p[0]).sort((a, b) => a - b);
  const lats = points.map((p) => p[1]).sort((a, b) => a - b);
  return [[pick(lons, spare), pick(lats, spare)], [pick(lons, 1 - spare), pick(lats, 1 - spare)]];
}

/** The points of an area's outlines. */
export const cornersOf = (geometry: Geometry): Point[] =>
  (geometry.type === 'MultiPolygon' ? geometry.coordinates.flat(2).map(([lon = 0, lat = 0]): Point => [lon, lat]) : []);

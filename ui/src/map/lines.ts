import type { Link } from '../api/types';
import { between, cut, distanceKm, measure, type Course, type Point } from './geometry';

/** A link's course, measured. */
export interface Line { readonly course: Course; readonly lengths: readonly number[]; readonly ends: readonly [string, string] }
/** A line that passes a point, and how many km from its beginning. */
export interface Near { readonly line: Line; readonly at: number }

/** A point belongs to a line that passes it this near. */
const ON_LINE_KM = 6;
/** The side of a cell in degrees, and what ON_LINE_KM spans at most where goods move. */
const CELL = 0.5;
const MARGIN = 0.2;
const ROW = 1_000;

const cellOf = (lon: number, lat: number): number => Math.floor((lat + 90) / CELL) * ROW + Math.floor((lon + 200) / CELL);

/** The lines of a network, found by where they pass: thousands of positions a second are asked for. */
export class Lines {
  private readonly cells = new Map<number, { line: Line; segment: number }[]>();

  constructor(links: readonly Pick<Link, 'course' | 'from' | 'to'>[]) {
    for (const { course, from, to } of links) {
      const line: Line = { course, lengths: measure(course), ends: [from, to] };
      for (let segment = 1; segment < course.length; segment += 1) this.enter(line, segment);
    }
  }

  private enter(line: Line, segment: number): void {
    const a = line.course[segment - 1] as Point;
    const b = line.course[segment] as Point;
    for (let lon = Math.min(a[0], b[0]) - MARGIN; lon < Math.max(a[0], b[0]) + MARGIN + CELL; lon += CELL) {
      for (let lat = Math.min(a[1], b[1]) - MARGIN; lat < Math.max(a[1], b[1]) + MARGIN + CELL; lat += CELL) {
        const cell = cellOf(lon, lat);
        const held = this.cells.get(cell);
        if (held === undefined) this.cells.set(cell, [{ line, segment }]);
        else held.push({ line, segment });
      }
    }
  }

  /** The lines that pass the point, each where it passes nearest. */
  near(point: Point): Near[] {
    const best = new Map<Line, { at: number; off: number }>();
    const shrink = Math.cos((point[1] * Math.PI) / 180);
    for (const { line, segment } of this.cells.get(cellOf(point[0], point[1])) ?? []) {
      const a = line.course[segment - 1] as Point;
      const b = line.course[segment] as Point;
      const [dx, dy] = [(b[0] - a[0]) * shrink, b[1] - a[1]];
      const squared = dx * dx + dy * dy;
      const raw = squared === 0 ? 0 : ((point[0] - a[0]) * shrink * dx + (point[1] - a[1]) * dy) / squared;
      const share = Math.min(1, Math.max(0, raw));
      const off = distanceKm(point, between(a, b, share));
      if (off > ON_LINE_KM || off >= (best.get(line)?.off ?? Number.POSITIVE_INFINITY)) continue;
      const from = line.lengths[segment - 1] ?? 0;
      best.set(line, { at: from + ((line.lengths[segment] ?? from) - from) * share, off });
    }
    return [...best].map(([line, { at }]) => ({ line, at }));
  }
}

/** The rest of one line up to the place where another begins, and that one's part, if they share a place. */
export function joined(start: Near, end: Near): Course | undefined {
  const place = start.line.ends.find((code) => end.line.ends.includes(code));
  if (place === undefined) return undefined;
  const [before, after] = cut(start.line.course, start.at);
  const [head, tail] = cut(end.line.course, end.at);
  const away = place === start.line.ends[1] ? after : before.reverse();
  const onward = place === end.line.ends[0] ? head : tail.reverse();
  return [...away, ...onward];
}

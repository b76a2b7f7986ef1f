import type { FeatureCollection } from 'geojson';
import type { ConsignmentState, ConsignmentSummary, Network, PositionTick } from '../api/types';
import { between, boundsOf, cut, distanceKm, locate, measure, pointAt, type Bounds, type Course, type Point } from './geometry';

/** How long a step is drawn when nothing is known yet about how often positions come, at least and at most. */
const FIRST_STEP_MS = 1_000;
const SHORTEST_STEP_MS = 100;
const LONGEST_STEP_MS = 12_000;
/** A step shorter than this is drawn straight; a longer one along the link that passes this near to both its ends. */
const STRAIGHT_KM = 4;
const ON_LINK_KM = 6;
/** Consignments nearer than this share a place, and are set side by side. */
const SAME_PLACE_KM = 4;
const APART_PX = 13;

interface Line { course: Course; lengths: number[]; ends: readonly [string, string]; box: Bounds | undefined }
interface Path { course: Course; lengths: number[]; from: number; to: number }
/** A line that passes a point, and where along it. */
interface Near { line: Line; at: number }
interface Vehicle {
  state: ConsignmentState;
  from: Point;
  to: Point;
  path: Path | undefined;
  began: number;
  lasts: number;
  heard: number;
}

const RANK: Record<ConsignmentState, number> = { delivered: 0, draft: 1, planned: 2, in_transit: 3, held: 4 };

/**
 * Where every consignment is drawn. A new position does not jump: the marker travels there, along the link's course
 * where both ends lie on it, in the time that usually passes until the next one.
 */
export class Vehicles {
  private readonly all = new Map<string, Vehicle>();
  private lines: Line[] = [];
  private places: ReadonlyMap<string, Point> = new Map();
  private until = 0;

  constructor(private readonly calm: () => boolean) {}

  setNetwork({ links, places }: Pick<Network, 'links' | 'places'>): void {
    this.places = new Map(places.map((place) => [place.code, [place.lon, place.lat]]));
    this.lines = links.map(({ course, from, to }) => ({ course, lengths: measure(course), ends: [from, to], box: boundsOf(course) }));
  }

  /** Takes over the list: newcomers appear, those gone disappear, states change; positions stay as drawn. */
  setConsignments(list: Iterable<ConsignmentSummary>): void {
    const seen = new Set<string>();
    for (const { id, position, from, state } of list) {
      // Before the first position it stands where it is to begin.
      const start = position === null ? this.places.get(from) : ([position.lon, position.lat] as const);
      if (start === undefined) continue;
      seen.add(id);
      const known = this.all.get(id);
      if (known !== undefined) {
        known.state = state;
        continue;
      }
      this.all.set(id, { state, from: start, to: start, path: undefined, began: 0, lasts: 0, heard: 0 });
    }
    for (const id of this.all.keys()) if (!seen.has(id)) this.all.delete(id);
  }

  move(tick: PositionTick, now: number): void {
    const vehicle = this.all.get(tick.consignment);
    if (vehicle === undefined) return;
    const from = this.pointOf(vehicle, now);
    const usual = vehicle.heard === 0 ? FIRST_STEP_MS : Math.min(LONGEST_STEP_MS, Math.max(SHORTEST_STEP_MS, now - vehicle.heard));
    vehicle.lasts = this.calm() ? 0 : usual * 1.15;
    vehicle.from = from;
    vehicle.to = [tick.lon, tick.lat];
    vehicle.began = now;
    vehicle.heard = now;
    vehicle.path = this.pathOf(from, vehicle.to);
    this.until = Math.max(this.until, now + vehicle.lasts);
  }

  /** The way of a step along the link that passes both its ends, or over two links that meet on the way. */
  private pathOf(from: Point, to: Point): Path | undefined {
    if (distanceKm(from, to) < STRAIGHT_KM) return undefined;
    const starts = this.near(from);
    const ends = this.near(to);
    for (const start of starts) {
      const end = ends.find((one) => one.line === start.line);
      if (end !== undefined) return { course: start.line.course, lengths: start.line.lengths, from: start.at, to: end.at };
    }
    for (const start of starts) {
      for (const end of ends) {
        const course = joined(start, end);
        if (course !== undefined) return wholeOf(course);
      }
    }
    return undefined;
  }

  private near(point: Point): Near[] {
    return this.lines.flatMap((line) => {
      if (line.box === undefined || !within(line.box, point)) return [];
      const { at, off } = locate(line.course, line.lengths, point);
      return off > ON_LINK_KM ? [] : [{ line, at }];
    });
  }

  private pointOf(vehicle: Vehicle, now: number): Point {
    const share = vehicle.lasts === 0 ? 1 : Math.min(1, Math.max(0, (now - vehicle.began) / vehicle.lasts));
    if (share === 1) return vehicle.to;
    const { path } = vehicle;
    if (path === undefined) return between(vehicle.from, vehicle.to, share);
    return pointAt(path.course, path.lengths, path.from + (path.to - path.from) * share);
  }

  /** Whether anything is still on its way to where it was last seen. */
  moving(now: number): boolean {
    return now < this.until;
  }

  find(id: string, now: number): Point | undefined {
    const vehicle = this.all.get(id);
    return vehicle === undefined ? undefined : this.pointOf(vehicle, now);
  }

  draw(now: number): FeatureCollection {
    const crowds: { at: Point; size: number }[] = [];
    const features: FeatureCollection['features'] = [];
    for (const [id, vehicle] of this.all) {
      const at = this.pointOf(vehicle, now);
      let crowd = crowds.find((one) => Math.abs(one.at[1] - at[1]) < 0.1 && distanceKm(one.at, at) < SAME_PLACE_KM);
      if (crowd === undefined) crowds.push((crowd = { at, size: 0 }));
      const offset = petal(crowd.size++);
      features.push({
        type: 'Feature', geometry: { type: 'Point', coordinates: [...at] },
        properties: { id, state: vehicle.state, offset, rank: RANK[vehicle.state] },
      });
    }
    return { type: 'FeatureCollection', features };
  }
}

/** Degrees that ON_LINK_KM spans at most where goods move. */
const MARGIN = 0.2;

function within([[west, south], [east, north]]: Bounds, [lon, lat]: Point): boolean {
  return lon > west - MARGIN && lon < east + MARGIN && lat > south - MARGIN && lat < north + MARGIN;
}

/** The rest of one line up to the place where another begins, and that one's part, if they share a place. */
function joined(start: Near, end: Near): Course | undefined {
  const place = start.line.ends.find((code) => end.line.ends.includes(code));
  if (place === undefined) return undefined;
  const [before, after] = cut(start.line.course, start.at);
  const [head, tail] = cut(end.line.course, end.at);
  const away = place === start.line.ends[1] ? after : before.reverse();
  const onward = place === end.line.ends[0] ? head : tail.reverse();
  return [...away, ...onward];
}

function wholeOf(course: Course): Path {
  const lengths = measure(course);
  return { course, lengths, from: 0, to: lengths.at(-1) ?? 0 };
}

/** The first of a crowd stands on the spot, the next ones around it. */
function petal(index: number): [number, number] {
  if (index === 0) return [0, 0];
  const ring = Math.ceil(index / 6);
  const turn = (index * Math.PI) / 3 + (ring % 2) * (Math.PI / 6);
  return [Math.round(Math.cos(turn) * APART_PX * ring), Math.round(Math.sin(turn) * APART_PX * ring)];
}

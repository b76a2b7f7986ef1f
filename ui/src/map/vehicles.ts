import type { ConsignmentState, ConsignmentSummary, Link, Network, PositionTick } from '../api/types';
import { between, distanceKm, measure, pointAt, type Course, type Point } from './geometry';
import { joined, Lines } from './lines';

/** How long a step is drawn when nothing is known yet about how often positions come, at least and at most. */
const FIRST_STEP_MS = 1_000;
const SHORTEST_STEP_MS = 100;
const LONGEST_STEP_MS = 12_000;
/** A step shorter than this is drawn straight; a longer one along the link that passes both its ends. */
const STRAIGHT_KM = 4;
/** Consignments nearer than this share a place, and are set side by side. */
const SAME_PLACE_KM = 4;
const APART_PX = 13;
/** Beyond so many rings around a place the markers of a crowd cover each other. */
const MOST_RINGS = 5;

interface Path { course: Course; lengths: readonly number[]; from: number; to: number }
interface Vehicle {
  state: ConsignmentState;
  from: Point;
  to: Point;
  path: Path | undefined;
  began: number;
  lasts: number;
  heard: number;
}

/** What is drawn of one consignment: where, and how far beside it because others stand there, in pixels. */
export interface Marker { readonly id: string; readonly state: ConsignmentState; readonly at: Point; readonly offset: readonly [number, number] }

/**
 * Where every consignment is drawn. A new position does not jump: the marker travels there, along the link's course
 * where both ends lie on it, in the time that usually passes until the next one.
 */
export class Vehicles {
  private readonly all = new Map<string, Vehicle>();
  private lines: Lines | undefined;
  private links: readonly Link[] = [];
  private places: ReadonlyMap<string, Point> = new Map();
  private until = 0;

  constructor(private readonly calm: () => boolean) {}

  setNetwork({ links, places }: Pick<Network, 'links' | 'places'>): void {
    this.places = new Map(places.map((place) => [place.code, [place.lon, place.lat]]));
    // Sorted when the first position asks for them: a map that begins has enough to do.
    this.links = links;
    this.lines = undefined;
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
    const lines = (this.lines ??= new Lines(this.links));
    const starts = lines.near(from);
    const ends = starts.length === 0 ? [] : lines.near(to);
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

  /** Everybody at a moment. */
  markers(now: number): Marker[] {
    const crowds = new Crowds();
    const out: Marker[] = [];
    for (const [id, vehicle] of this.all) {
      const at = this.pointOf(vehicle, now);
      out.push({ id, state: vehicle.state, at, offset: petal(crowds.join(at)) });
    }
    return out;
  }
}

/** Consignments that share a place, found by cells of a grid: with thousands of them nobody is compared with everybody. */
class Crowds {
  private readonly cells = new Map<number, { lon: number; lat: number; size: number }[]>();
  private static readonly CELL = 0.1;
  private static readonly ROW = 10_000;
  private static readonly KM_A_DEGREE = 111.2;

  /** How many were there before. */
  join([lon, lat]: Point): number {
    const shrink = Math.cos((lat * Math.PI) / 180);
    const reach = SAME_PLACE_KM / Crowds.KM_A_DEGREE;
    const cell = (x: number, y: number): number => Math.floor((y + 90) / Crowds.CELL) * Crowds.ROW + Math.floor((x + 200) / Crowds.CELL);
    for (const x of [lon - reach / shrink, lon + reach / shrink]) {
      for (const y of [lat - reach, lat + reach]) {
        const found = this.cells.get(cell(x, y))?.find((one) => Math.hypot((one.lon - lon) * shrink, one.lat - lat) < reach);
        if (found !== undefined) return found.size++;
      }
    }
    const own = cell(lon, lat);
    const held = this.cells.get(own);
    if (held === undefined) this.cells.set(own, [{ lon, lat, size: 1 }]);
    else held.push({ lon, lat, size: 1 });
    return 0;
  }
}

function wholeOf(course: Course): Path {
  const lengths = measure(course);
  return { course, lengths, from: 0, to: lengths.at(-1) ?? 0 };
}

/** The first of a crowd stands on the spot, the next ones in rings around it: six, then twelve, and so on. */
function petal(index: number): readonly [number, number] {
  if (index === 0) return [0, 0];
  const ring = Math.min(MOST_RINGS, Math.ceil((Math.sqrt(12 * index + 9) - 3) / 6));
  const before = 3 * ring * (ring - 1);
  const turn = ((index - before - 1) * Math.PI) / (3 * ring) + (ring % 2) * (Math.PI / 6);
  return [Math.round(Math.cos(turn) * APART_PX * ring), Math.round(Math.sin(turn) * APART_PX * ring)];
}

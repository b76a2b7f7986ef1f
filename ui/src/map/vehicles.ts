import type { FeatureCollection } from 'geojson';
import type { ConsignmentState, ConsignmentSummary, Link, PositionTick } from '../api/types';
import { between, distanceKm, locate, measure, pointAt, type Course, type Point } from './geometry';

/** How long a step is drawn when nothing is known yet about how often positions come, at least and at most. */
const FIRST_STEP_MS = 1_000;
const SHORTEST_STEP_MS = 100;
const LONGEST_STEP_MS = 4_000;
/** A step shorter than this is drawn straight; a longer one along the link that passes this near to both its ends. */
const STRAIGHT_KM = 4;
const ON_LINK_KM = 6;
/** Consignments nearer than this share a place, and are set side by side. */
const SAME_PLACE_KM = 4;
const APART_PX = 13;

interface Line { course: Course; lengths: number[] }
interface Path extends Line { from: number; to: number }
interface Vehicle {
  state: ConsignmentState;
  from: Point;
  to: Point;
  path: Path | undefined;
  began: number;
  lasts: number;
  heard: number;
  line: Line | undefined;
}

const RANK: Record<ConsignmentState, number> = { delivered: 0, draft: 1, planned: 2, in_transit: 3, held: 4 };

/**
 * Where every consignment is drawn. A new position does not jump: the marker travels there, along the link's course
 * where both ends lie on it, in the time that usually passes until the next one.
 */
export class Vehicles {
  private readonly all = new Map<string, Vehicle>();
  private lines: Line[] = [];
  private until = 0;

  constructor(private readonly calm: () => boolean) {}

  setLinks(links: readonly Link[]): void {
    this.lines = links.map(({ course }) => ({ course, lengths: measure(course) }));
  }

  /** Takes over the list: newcomers appear, those gone disappear, states change; positions stay as drawn. */
  setConsignments(list: Iterable<ConsignmentSummary>): void {
    const seen = new Set<string>();
    for (const { id, position, state } of list) {
      if (position === null) continue;
      seen.add(id);
      const known = this.all.get(id);
      if (known !== undefined) {
        known.state = state;
        continue;
      }
      const at: Point = [position.lon, position.lat];
      this.all.set(id, { state, from: at, to: at, path: undefined, began: 0, lasts: 0, heard: 0, line: undefined });
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
    vehicle.path = this.pathOf(vehicle);
    vehicle.line = vehicle.path ?? vehicle.line;
    this.until = Math.max(this.until, now + vehicle.lasts);
  }

  /** The way of the step along a link: the link of the step before if it still fits, otherwise the first that does. */
  private pathOf({ from, to, line }: Vehicle): Path | undefined {
    if (distanceKm(from, to) < STRAIGHT_KM) return undefined;
    const ride = (one: Line): Path | undefined => {
      const a = locate(one.course, one.lengths, from);
      if (a.off > ON_LINK_KM) return undefined;
      const b = locate(one.course, one.lengths, to);
      return b.off > ON_LINK_KM ? undefined : { ...one, from: a.at, to: b.at };
    };
    const same = line === undefined ? undefined : ride(line);
    if (same !== undefined) return same;
    for (const one of this.lines) {
      const found = ride(one);
      if (found !== undefined) return found;
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

/** The first of a crowd stands on the spot, the next ones around it. */
function petal(index: number): [number, number] {
  if (index === 0) return [0, 0];
  const ring = Math.ceil(index / 6);
  const turn = (index * Math.PI) / 3 + (ring % 2) * (Math.PI / 6);
  return [Math.round(Math.cos(turn) * APART_PX * ring), Math.round(Math.sin(turn) * APART_PX * ring)];
}

import type { Itinerary, Milestone } from '../../api/types';

/** A moment at a distance along the way. */
export interface Spot { readonly at: number; readonly km: number }
export interface Station { readonly code: string; readonly name: string; readonly km: number }
export interface TimeSpaceOf { readonly stations: Station[]; readonly planned: Spot[]; readonly actual: Spot[]; readonly km: number }

/** Lays an itinerary out in time and distance, as a railway's train graph does: level means waiting, steep means moving. */
export function timeSpaceOf(itinerary: Itinerary, milestones: readonly Milestone[]): TimeSpaceOf {
  const stations: Station[] = [];
  const planned: Spot[] = [];
  let km = 0;
  for (const step of itinerary.steps) {
    if (step.kind === 'stay') {
      stations.push({ code: step.place, name: step.name, km });
      planned.push({ at: Date.parse(step.arrives_p50), km }, { at: Date.parse(step.leaves_p50), km });
    } else {
      planned.push({ at: Date.parse(step.departs_p50), km });
      km += step.distance_km;
      planned.push({ at: Date.parse(step.arrives_p50), km });
    }
  }
  const kmOf = new Map(stations.map((station) => [station.code, station.km]));
  const actual = milestones
    .flatMap((one): Spot[] => {
      const at = kmOf.get(one.place);
      return one.actual === null || at === undefined ? [] : [{ at: Date.parse(one.actual), km: at }];
    })
    .sort((a, b) => a.at - b.at);
  return { stations, planned, actual, km };
}

/** Of the stations, those whose names fit without touching; the two ends always do. `gap` in the unit of `y`. */
export function spaced<T extends { y: number }>(items: readonly T[], gap: number): T[] {
  const last = items.at(-1);
  const kept: T[] = [];
  for (const item of items) {
    const before = kept.at(-1);
    const clear = before === undefined || Math.abs(item.y - before.y) >= gap;
    const free = item === last || last === undefined || Math.abs(last.y - item.y) >= gap;
    if (item === last && before !== undefined && !clear) kept.pop();
    if ((clear && free) || item === last) kept.push(item);
  }
  return kept;
}

const DAY = 86_400_000;

/** Midnights between two moments, at a step of whole days that leaves at most `most` of them. */
export function dayTicks(from: number, to: number, most: number): number[] {
  const step = Math.max(1, Math.ceil((to - from) / DAY / Math.max(1, most))) * DAY;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / DAY) * DAY; at <= to; at += step) ticks.push(at);
  return ticks;
}

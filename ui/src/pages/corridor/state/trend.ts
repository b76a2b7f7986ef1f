import type { CorridorKind, CorridorRow } from '../../../api/types';

/** How many windows of one length stand beside each other. */
export const PERIODS = 6;
/** How many rows have a chart of their own: as many as fit a screen and can be told apart. */
export const CHARTS = 9;

export interface Period { from: string; to: string }
export interface Point { low: number; middle: number; high: number; count: number; perDay: number; buffer: number | undefined }
export interface Series { id: string; name: string; points: (Point | undefined)[] }

const DAY_MS = 86_400_000;

/** Windows of so many days that follow one another, the last of which ends at `ends`. */
export function periodsTo(ends: number, days: number): Period[] {
  return Array.from({ length: PERIODS }, (_, at) => {
    const to = ends - (PERIODS - 1 - at) * days * DAY_MS;
    return { from: new Date(to - days * DAY_MS).toISOString(), to: new Date(to).toISOString() };
  });
}

function pointOf(row: CorridorRow | undefined): Point | undefined {
  if (row?.p10_h == null || row.p50_h == null || row.p90_h == null) return undefined;
  return { low: row.p10_h, middle: row.p50_h, high: row.p90_h, count: row.count, perDay: row.per_day, buffer: row.buffer_index ?? undefined };
}

/** The rows of one kind through the windows, those with the most journeys first. */
export function seriesOf(windows: readonly (readonly CorridorRow[])[], kind: CorridorKind): Series[] {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const row of windows.flat()) {
    if (row.kind !== kind) continue;
    names.set(row.id, row.name);
    counts.set(row.id, (counts.get(row.id) ?? 0) + row.count);
  }
  const all = [...names].map(([id, name]) => ({ id, name, points: windows.map((rows) => pointOf(rows.find((row) => row.kind === kind && row.id === id))) }));
  const measured = all.filter((one) => one.points.some((point) => point !== undefined));
  return measured.sort((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0) || a.name.localeCompare(b.name)).slice(0, CHARTS);
}

/** The last window against the one before it; nothing where one of them measured nothing. */
export function changeOf(series: Series): { before: Point; after: Point } | undefined {
  const [before, after] = series.points.slice(-2);
  return before === undefined || after === undefined ? undefined : { before, after };
}

/** A path through what was measured; where nothing was, it is interrupted. */
export function lineOf(points: readonly (Point | undefined)[], x: (at: number) => number, y: (point: Point) => number): string {
  return points.map((point, at) => (point === undefined ? '' : `${points[at - 1] === undefined ? 'M' : 'L'}${x(at).toFixed(1)} ${y(point).toFixed(1)}`)).join('');
}

import type { EtaPoint, Instant } from '../../api/types';

/** Estimates in a row that a reader need not tell apart: the newest of them, since when, how many, and why it stands where it does. */
export interface Told { readonly point: EtaPoint; readonly since: Instant; readonly count: number; readonly because: string }

/** Below this a move of the median is no news by itself. */
const SAME_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SHIFT = /; expected .*$/;

/** What an estimate tells, without by how much and how far along: positions of one leg and time that passes tell one story. */
const storyOf = (because: string): string => because.replace(SHIFT, '').replace(/\d+ %/g, '%');

/** A span in the words of the server, which the tables of names know how to tell. */
function spanOf(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = days > 0 ? [[days, 'd'], [hours, 'h']] as const : [[hours, 'h'], [rest, 'm']] as const;
  return parts.filter(([n]) => n > 0).map(([n, unit]) => `${String(n)}${unit}`).join(' ');
}

/** The server's own sentence for a move of the median; less than ten minutes is none there either. */
function shiftOf(before: Instant, after: Instant): string {
  const moved = Date.parse(after) - Date.parse(before);
  if (Math.abs(moved) < 10 * MINUTE_MS) return 'expected as before';
  return `expected ${spanOf(Math.abs(moved))} ${moved > 0 ? 'later' : 'earlier'} than before`;
}

/** The estimates, oldest first, those that tell one story or show the same days folded into one. `days`: the days of an estimate as shown. */
export function foldEstimates(history: readonly EtaPoint[], days: (point: EtaPoint) => string): Told[] {
  const told: (Told & { before: EtaPoint | undefined; story: string })[] = [];
  for (const point of history) {
    const last = told.at(-1);
    const story = storyOf(point.because);
    const alike = last !== undefined && last.before !== undefined && last.story === story;
    const same = last !== undefined && days(last.point) === days(point) && Math.abs(Date.parse(point.p50) - Date.parse(last.point.p50)) < SAME_MS;
    if (last === undefined || !(alike || same)) {
      told.push({ point, since: point.at, count: 1, because: point.because, before: last?.point, story });
      continue;
    }
    const cause = (alike ? point : last).because.replace(SHIFT, '');
    const because = last.before === undefined ? last.because : `${cause}; ${shiftOf(last.before.p50, point.p50)}`;
    told[told.length - 1] = { ...last, point, count: last.count + 1, because, story };
  }
  return told.map(({ point, since, count, because }) => ({ point, since, count, because }));
}

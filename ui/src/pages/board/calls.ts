import type { BoardLine, Instant } from '../../api/types';

/** A train, ship or truck at a place: the calls of everything that is on it. */
export interface Call {
  id: string; code: 'arrived' | 'departed'; place: string; place_name: string; zone: string; service: string; name: string; operator: string; mode: BoardLine['mode'];
  means: string | undefined; from_name: string; to: string; to_name: string; lines: BoardLine[];
  /** When it was, is expected or was planned: the middle; and the earliest and latest that is likely. */
  at: Instant; early: Instant; late: Instant; done: boolean; next: boolean;
  /** Whether who is signed in takes part, and so may report it. */
  yours: boolean;
}

const HOUR = 3_600_000;
/** Goods of one service that call within this time of one another are taken for one train or ship, unless means tell them apart. */
const TOGETHER_MS = 6 * HOUR;

export const whenOf = (line: BoardLine): Instant => line.actual ?? line.expected?.p50 ?? line.planned;

const inTime = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Calls by what carries them, the earliest first. */
export function groupCalls(lines: readonly BoardLine[]): Call[] {
  const calls: Call[] = [];
  // The last call of each train, ship or truck: lines come in time, so that no earlier one is nearer.
  const last = new Map<string, Call>();
  const timed = lines.map((line) => ({ line, when: whenOf(line) })).sort((a, b) => inTime(a.when, b.when));
  for (const { line, when } of timed) {
    const done = line.actual !== undefined || line.unseen;
    const carrier = JSON.stringify([line.service, line.code, line.place, line.means, done]);
    const call = last.get(carrier);
    if (call !== undefined && Date.parse(when) - Date.parse(call.at) <= TOGETHER_MS) add(call, line);
    else {
      const begun = begin(line, done);
      last.set(carrier, begun);
      calls.push(begun);
    }
  }
  return calls;
}

function begin(line: BoardLine, done: boolean): Call {
  const at = whenOf(line);
  return {
    id: `${line.consignment} ${line.code} ${line.place} ${line.service} ${line.planned}`, code: line.code === 'arrived' ? 'arrived' : 'departed', place: line.place, place_name: line.place_name, zone: line.zone,
    service: line.service, name: line.service_name, operator: line.operator, mode: line.mode, means: line.means, from_name: line.from_name, to: line.to, to_name: line.to_name,
    lines: [line], yours: line.yours, at, early: line.expected?.p10 ?? at, late: line.expected?.p90 ?? at, done, next: line.next,
  };
}

function add(call: Call, line: BoardLine): void {
  call.lines.push(line);
  const [early, late] = [line.expected?.p10 ?? call.early, line.expected?.p90 ?? call.late];
  if (early < call.early) call.early = early;
  if (late > call.late) call.late = late;
  call.next ||= line.next;
  call.yours ||= line.yours;
}

export const containersOf = (call: Call): string[] => [...new Set(call.lines.flatMap((line) => line.containers))];

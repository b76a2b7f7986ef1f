import type { ClosureRequest, Member } from '../../../api/types';

/** What can be closed. */
export const CLOSABLE = ['place', 'link', 'service'] as const;
export type Closable = (typeof CLOSABLE)[number];

/** A closure as it is being written. Times are instants in UTC, or nothing. */
export interface Draft { kind: Closable; place: string; link: string; service: string; from: string; min: string; typ: string; max: string; reason: string }

/** Whose roles run or forward something. The server decides; the page offers nothing that it would refuse. */
const ROLES = ['carrier', 'terminal', 'forwarder', 'customs'];
export const mayClose = (member: Member | undefined): boolean => member?.roles.some((one) => ROLES.includes(one.role)) ?? false;

const HOUR = 3_600_000;
const field = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}:00Z`;

/** From now on, for a day or two: what an operator corrects, not what anybody knows. */
export function proposed(now: number): Draft {
  const hour = Math.ceil(now / HOUR) * HOUR;
  return { kind: 'place', place: '', link: '', service: '', from: field(now), min: field(hour + 12 * HOUR), typ: field(hour + 24 * HOUR), max: field(hour + 48 * HOUR), reason: '' };
}

/** What is missing or cannot be, by its field. */
export function faultsOf(draft: Draft): string[] {
  const faults: string[] = [];
  if (draft[draft.kind].trim() === '') faults.push(draft.kind);
  const times = [draft.from, draft.min, draft.typ, draft.max];
  const ordered = draft.from < draft.min && draft.min <= draft.typ && draft.typ <= draft.max;
  if (times.some((time) => time === '') || !ordered) faults.push('times');
  if (draft.reason.trim() === '') faults.push('reason');
  return faults;
}

export function makeClosure(draft: Draft): ClosureRequest {
  const what = draft[draft.kind].trim();
  return {
    [draft.kind]: what, from: draft.from, until_min: draft.min, until_typ: draft.typ, until_max: draft.max, reason: draft.reason.trim(),
  };
}

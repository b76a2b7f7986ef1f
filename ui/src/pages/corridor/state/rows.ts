import type { CorridorRow, CorridorKind } from '../../../api/types';
import { said } from '../../../i18n/names.svelte';

/** The columns that rows can be sorted by. */
export const COLUMNS = ['name', 'per_day', 'queue', 'p50_h', 'p90_h', 'p95_h', 'buffer_index'] as const;
export type Column = (typeof COLUMNS)[number];
export const KINDS: readonly CorridorKind[] = ['place', 'ride', 'link', 'route'];
/** Windows in days. */
export const WINDOWS = [7, 30, 90, 365] as const;

export interface Order { column: Column; down: boolean }

export const isColumn = (text: string): text is Column => (COLUMNS as readonly string[]).includes(text);
export const isKind = (text: string): text is CorridorKind => (KINDS as readonly string[]).includes(text);

/** As it stands in the address: the column, with a minus before it for the greatest first. */
export function readOrder(text: string): Order {
  const column = text.replace(/^-/, '');
  return isColumn(column) ? { column, down: text.startsWith('-') } : { column: 'per_day', down: true };
}

export const writeOrder = (order: Order): string => `${order.down ? '-' : ''}${order.column}`;

/** What a press on a column's head asks for: numbers begin with the greatest, names with the first; again turns it round. */
export function nextOrder(now: Order, column: Column): Order {
  return now.column === column ? { column, down: !now.down } : { column, down: column !== 'name' };
}

/** Sorted; rows of which nothing is known come last, whichever way it goes. */
export function sortRows(rows: readonly CorridorRow[], order: Order, locale: string): CorridorRow[] {
  const names = new Intl.Collator(locale);
  const byName = (a: CorridorRow, b: CorridorRow): number => names.compare(said(a.name), said(b.name)) || names.compare(a.id, b.id);
  const { column } = order;
  const sign = order.down ? -1 : 1;
  if (column === 'name') return [...rows].sort((a, b) => sign * byName(a, b));
  return [...rows].sort((a, b) => {
    const [one, other] = [a[column] ?? undefined, b[column] ?? undefined];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined) || byName(a, b);
    return sign * (one - other) || byName(a, b);
  });
}

/** Where the quantiles of a row lie on a scale from nought to `most`, in hundredths. Nothing for a row without them. */
export function marksOf(row: CorridorRow, most: number): { low: number; middle: number; high: number; rare: number } | undefined {
  const { p10_h, p50_h, p90_h, p95_h } = row;
  if (p10_h == null || p50_h == null || p90_h == null || p95_h == null || most <= 0) return undefined;
  const at = (hours: number): number => Math.min(100, (hours / most) * 100);
  return { low: at(p10_h), middle: at(p50_h), high: at(p90_h), rare: at(p95_h) };
}

/** The end of the scale of a table: the greatest 95 % point, but not of the one row in twenty that would flatten the rest. */
export function scaleOf(rows: readonly CorridorRow[]): number {
  const ends = rows.flatMap((row) => (row.p95_h == null ? [] : [row.p95_h])).sort((a, b) => a - b);
  return ends[Math.max(0, Math.ceil(ends.length * 0.95) - 1)] ?? 0;
}

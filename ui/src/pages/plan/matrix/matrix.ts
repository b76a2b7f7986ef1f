import type { IsochroneRequest, Matrix, MatrixPair, MatrixRequest, PlanRequest } from '../../../api/types';
import { requestQuery } from '../request';

/** What a cell shows, and is shaded by. */
export const MEASURES = ['days', 'cost', 'co2e'] as const;
export type Measure = (typeof MEASURES)[number];

/** Steps of the shading: few enough to be told apart, and the figure stands beside them. */
export const SHADES = 5;

/** Most places on one side: a table that a person reads. */
export const MOST_PLACES = 12;

/** A matrix as it stands in the address. */
export interface Wish {
  readonly from: readonly string[]; readonly to: readonly string[]; readonly ready: string;
  readonly count: number; readonly size_type: string; readonly by: Measure;
  /** How far one gets in how many days, from the first origin or the one that was chosen. */
  readonly within: number; readonly around: string | undefined;
}

const codes = (text: string | null): string[] => [...new Set((text ?? '').split(',').filter((code) => /^[\w-]{4,40}$/.test(code)))].slice(0, MOST_PLACES);

export function readWish(query: URLSearchParams, ready: string): Wish {
  const [, count, size_type] = /^(\d{1,3})x(\w{4})$/.exec(query.get('equipment') ?? '') ?? [];
  const given = query.get('ready') ?? '';
  const [from, around, within] = [codes(query.get('from')), query.get('around') ?? undefined, Number(query.get('within') ?? '')];
  return {
    from, to: codes(query.get('to')), ready: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(given) ? `${given.slice(0, 16)}:00Z` : ready,
    count: Math.max(1, Number(count ?? 1)), size_type: size_type ?? '45G1', by: MEASURES.find((one) => one === query.get('by')) ?? 'days',
    within: within >= 1 && within <= 90 ? Math.round(within) : 15, around: around !== undefined && from.includes(around) ? around : from[0],
  };
}

export function wishQuery(wish: Wish): Record<string, string | undefined> {
  return {
    from: wish.from.join(','), to: wish.to.join(','), ready: wish.ready.slice(0, 16), equipment: `${String(wish.count)}x${wish.size_type}`,
    by: wish.by === 'days' ? undefined : wish.by, within: String(wish.within), around: wish.around,
  };
}

/** What is asked of one pair: the same as its plan is asked. */
function pairRequest(wish: Wish, from: string, to: string): PlanRequest {
  return { from, to, ready: wish.ready, equipment: [{ count: wish.count, size_type: wish.size_type }] };
}

export const planQuery = (wish: Wish, from: string, to: string): Record<string, string | undefined> => requestQuery(pairRequest(wish, from, to));

export function matrixRequest(wish: Wish): MatrixRequest | undefined {
  const [from, to] = [wish.from[0], wish.to.find((code) => code !== wish.from[0]) ?? wish.to[0]];
  if (from === undefined || to === undefined || wish.ready === '' || (wish.from.length === 1 && to === from)) return undefined;
  return { plan: pairRequest(wish, from, to), from: [...wish.from], to: [...wish.to] };
}

/** `other`: any place but the origin; the server reads it and does not use it. */
export function isochroneRequest(wish: Wish, other: string | undefined): IsochroneRequest | undefined {
  if (wish.around === undefined || other === undefined || wish.ready === '') return undefined;
  return { plan: pairRequest(wish, wish.around, other), within_days: wish.within };
}

export const pairOf = (matrix: Matrix, from: string, to: string): MatrixPair | undefined => matrix.pairs.find((one) => one.from === from && one.to === to);

/** What a pair comes to; nothing if there is no way, or nothing known of it. */
export function figureOf(pair: MatrixPair, by: Measure): number | undefined {
  if (by === 'days') return pair.days?.p50;
  if (by === 'co2e') return pair.least_co2e_kg ?? undefined;
  return pair.least_cost === undefined || pair.least_cost === null ? undefined : Number(pair.least_cost.amount);
}

/** The step of the shading, from the least (1) to the most ({@link SHADES}). */
export function shadeOf(value: number, all: readonly number[]): number {
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (most <= least) return 1;
  return Math.min(SHADES, 1 + Math.floor(((value - least) / (most - least)) * SHADES));
}

/** Where an arrow leads among `columns` × `rows` cells of which some hold nothing to go to. */
export function step(key: string, at: readonly [number, number], open: (column: number, row: number) => boolean, columns: number, rows: number): [number, number] | undefined {
  const move = ({ ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] } as Record<string, [number, number]>)[key];
  if (move === undefined) return undefined;
  let [column, row] = at;
  for (;;) {
    column += move[0];
    row += move[1];
    if (column < 0 || row < 0 || column >= columns || row >= rows) return undefined;
    if (open(column, row)) return [column, row];
  }
}

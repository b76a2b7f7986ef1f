import type { Mode, Step } from '../api/types';

/** A piece of an itinerary in time: riding in a mode, or waiting (no mode). Hours from the start. */
export interface Piece { readonly start: number; readonly hours: number; readonly mode: Mode | undefined; readonly name: string }
export interface StripOf { readonly pieces: Piece[]; readonly hours: number; readonly moving: number; readonly waiting: number }

const HOUR = 3_600_000;

/** Lays the steps out in time by their medians. What lies between two steps (the wait for a train or a ship) is waiting too. */
export function stripOf(steps: readonly Step[]): StripOf {
  const pieces: Piece[] = [];
  let began: number | undefined;
  let reached = 0;
  let place = '';
  for (const step of steps) {
    const [from, to] = step.kind === 'leg' ? [step.departs_p50, step.arrives_p50] : [step.arrives_p50, step.leaves_p50];
    began ??= Date.parse(from);
    const start = (Date.parse(from) - began) / HOUR;
    const end = (Date.parse(to) - began) / HOUR;
    if (start > reached) pieces.push({ start: reached, hours: start - reached, mode: undefined, name: place });
    if (step.kind === 'stay') place = step.name;
    if (end > start) pieces.push({ start, hours: end - start, mode: step.kind === 'leg' ? step.mode : undefined, name: step.name });
    reached = Math.max(reached, end);
  }
  const moving = pieces.reduce((sum, piece) => sum + (piece.mode === undefined ? 0 : piece.hours), 0);
  return { pieces, hours: reached, moving, waiting: reached - moving };
}

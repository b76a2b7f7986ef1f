import type { EntryView, Instant, Provenance, Spread } from '../api/types';

/** Where one reads more. */
export interface Further { readonly href: string; readonly label: string }

/** Where a figure comes from: a row of the network's tables, a computation over such rows or over events, or a signed entry. */
export type Origin =
  | { readonly kind: 'row'; readonly provenance: Provenance; readonly hours?: Spread; readonly note?: string }
  | {
    readonly kind: 'computed'; readonly how: string; readonly inputs?: readonly { readonly label: string; readonly provenance: Provenance }[];
    readonly source?: string; readonly period?: string; readonly further?: Further;
  }
  /** `at` and `kinds` find the entry in the dossier; without them the card leads to the whole. */
  | { readonly kind: 'entry'; readonly by: string; readonly consignment: string; readonly at?: Instant; readonly kinds?: readonly EntryView['kind'][] };

/** `at`: the figure is a time, of a place in `zone` if it has one; the card tells it by every clock. */
export interface Shown { readonly label: string; readonly value: string; readonly origin: Origin; readonly anchor: HTMLElement; readonly at?: Instant; readonly zone?: string | undefined }

let shown = $state.raw<Shown | undefined>(undefined);

export const shownOrigin = (): Shown | undefined => shown;
export function showOrigin(value: Shown): void {
  shown = value;
}
export function hideOrigin(): void {
  shown = undefined;
}

import type { Provenance, Spread } from '../api/types';

/** Where a figure comes from: a row of the network's tables, a computation over such rows, or a signed entry. */
export type Origin =
  | { readonly kind: 'row'; readonly provenance: Provenance; readonly hours?: Spread; readonly note?: string }
  | { readonly kind: 'computed'; readonly how: string; readonly inputs: readonly { readonly label: string; readonly provenance: Provenance }[] }
  | { readonly kind: 'entry'; readonly by: string; readonly consignment: string };

export interface Shown { readonly label: string; readonly value: string; readonly origin: Origin; readonly anchor: HTMLElement }

let shown = $state.raw<Shown | undefined>(undefined);

export const shownOrigin = (): Shown | undefined => shown;
export function showOrigin(value: Shown): void {
  shown = value;
}
export function hideOrigin(): void {
  shown = undefined;
}

import { readDraft, type Draft } from './draft';

/** A draft is kept in this browser for each party, so that a session that ends or a tab that closes loses nothing. */
const keyOf = (party: string): string => `kervan.draft.${party}`;

export function findDraft(party: string): Draft | undefined {
  try {
    const kept = localStorage.getItem(keyOf(party));
    return kept === null ? undefined : readDraft(JSON.parse(kept));
  } catch {
    return undefined;
  }
}

export function keepDraft(party: string, draft: Draft | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(keyOf(party));
    else localStorage.setItem(keyOf(party), JSON.stringify(draft));
  } catch {
    // Without storage the draft lasts as long as the page.
  }
}

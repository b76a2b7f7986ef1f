import { watchAnswers, type Answered } from '../api/sending';

/** The first visit: four deeds that the guide recognises by what the visitor did, in whatever order. */
export const DEEDS = ['plan', 'issue', 'clear', 'follow'] as const;
export type Deed = (typeof DEEDS)[number];

interface Kept { readonly done: readonly Deed[]; readonly skipped: readonly Deed[]; readonly away: boolean }
const STORED = 'kervan.tour';
const NOTHING: Kept = { done: [], skipped: [], away: false };

/** What an answer of the server says about the visitor: a plan was made, a way accepted, a case decided. */
export function deedOfAnswer({ method, path, status }: Answered): Deed | undefined {
  if (method !== 'POST' || status >= 300) return undefined;
  if (path === '/api/plans') return 'plan';
  if (/^\/api\/consignments\/[^/]+\/itinerary$/.test(path)) return 'issue';
  return /^\/api\/movements\/.+\/messages$/.test(path) ? 'clear' : undefined;
}

/** What an address says: the papers of a consignment are open, or one is followed on the map. */
export function deedOfAddress(path: readonly string[], query: URLSearchParams): Deed | undefined {
  if (path[0] === 'consignments' && path[2] === 'documents') return 'issue';
  return (path[0] ?? 'corridor') === 'corridor' && query.has('consignment') ? 'follow' : undefined;
}

function readKept(): Kept | undefined {
  try {
    const text = localStorage.getItem(STORED);
    return text === null ? undefined : { ...NOTHING, ...(JSON.parse(text) as Partial<Kept>) };
  } catch {
    return undefined;
  }
}

class Guide {
  private kept = $state.raw<Kept>(readKept() ?? NOTHING);
  /** Whether the visitor has ever been greeted: the first time the card opens by itself. */
  readonly first = readKept() === undefined;

  get away(): boolean { return this.kept.away; }
  get done(): readonly Deed[] { return this.kept.done; }
  /** The deed that comes next, or nothing when all is done or skipped. */
  get next(): Deed | undefined { return DEEDS.find((deed) => !this.kept.done.includes(deed) && !this.kept.skipped.includes(deed)); }

  isSkipped(deed: Deed): boolean { return this.kept.skipped.includes(deed); }

  private keep(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    try {
      localStorage.setItem(STORED, JSON.stringify(this.kept));
    } catch {
      // Without storage the guide lasts for this visit.
    }
  }

  saw(deed: Deed | undefined): void {
    if (deed !== undefined && !this.kept.done.includes(deed)) this.keep({ done: [...this.kept.done, deed] });
  }

  skip(deed: Deed): void { this.keep({ skipped: [...this.kept.skipped, deed] }); }
  leave(): void { this.keep({ away: true }); }
  resume(): void { this.keep(this.next === undefined ? NOTHING : { away: false }); }
  watch(): () => void { return watchAnswers((answered) => this.saw(deedOfAnswer(answered))); }
}

export const guide = new Guide();

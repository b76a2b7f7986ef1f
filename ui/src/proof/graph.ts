/** The shape of a dossier: causal order (parents first, ties by id), heads, what is missing, and what each author knew. */
import type { Entry } from './entry';
import { KINDS } from './shapes';
import { LIMITS } from './limits';

export interface Graph {
  entries: Entry[];
  /** Positions of the parents that are here. */
  parents: number[][];
  /** Parents that are not here. */
  missing: string[][];
  /** Whether everything that the entry builds on is here, back to a first entry. */
  complete: boolean[];
  /** The ids of the entries that no other one cites, ascending. */
  heads: string[];
}

export function buildGraph(all: ReadonlyMap<string, Entry>): Graph {
  const entries = sortCausally(all);
  const position = new Map(entries.map((entry, at) => [entry.id, at]));
  const parents = entries.map((entry) => entry.header.parents.map((id) => position.get(id)).filter((at) => at !== undefined));
  const missing = entries.map((entry) => entry.header.parents.filter((id) => !position.has(id)));
  const complete: boolean[] = [];
  parents.forEach((own, at) => complete.push((missing[at] ?? []).length === 0 && own.every((parent) => complete[parent])));
  const cited = new Set(parents.flat());
  const heads = entries.filter((_, at) => !cited.has(at)).map((entry) => entry.id).sort();
  return { entries, parents, missing, complete, heads };
}

function sortCausally(all: ReadonlyMap<string, Entry>): Entry[] {
  const waiting = new Map([...all].map(([id, entry]) => [id, entry.header.parents.filter((parent) => all.has(parent)).length]));
  const children = new Map<string, string[]>();
  for (const [id, entry] of all) for (const parent of entry.header.parents) children.set(parent, [...(children.get(parent) ?? []), id]);
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id).sort();
  const order: Entry[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    const entry = all.get(id);
    if (entry !== undefined) order.push(entry);
    for (const child of children.get(id) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.splice(placeFor(child, ready), 0, child);
    }
  }
  return order;
}

function placeFor(id: string, sorted: readonly string[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The positions of everything that an entry builds on. */
export function ancestors(graph: Graph, position: number): Set<number> {
  const found = new Set<number>();
  const open = [position];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const parent of graph.parents[at] ?? []) {
      if (!found.has(parent)) {
        found.add(parent);
        open.push(parent);
      }
    }
  }
  return found;
}

/** What every entry's author knew: one bit for each entry that later ones are judged by. */
export interface Knowledge { pasts: bigint[]; marks: (number | undefined)[]; marked: string[] }

const UNMARKED = new Set(['itinerary_accepted', 'document_attached', 'document_issued', 'transit_declared', 'transit_decided', 'event_reported', 'document_cancelled', 'consignment_split', 'consignment_grouped', 'consignment_delivered']);
export const isMarked = (kind: string): boolean => (KINDS as readonly string[]).includes(kind) && !UNMARKED.has(kind);
export const bit = (mark: number): bigint => 1n << BigInt(mark);

export function gatherKnowledge(graph: Graph): Knowledge {
  const knowledge: Knowledge = { pasts: [], marks: [], marked: [] };
  const declarant = graph.entries.find((entry) => entry.header.dossier === undefined)?.header.author.party;
  const counts = new Map<string, number>();
  graph.entries.forEach((entry, at) => {
    let past = 0n;
    for (const parent of graph.parents[at] ?? []) {
      const mark = knowledge.marks[parent];
      past |= (knowledge.pasts[parent] ?? 0n) | (mark === undefined ? 0n : bit(mark));
    }
    let mark: number | undefined;
    const author = entry.header.author.party;
    const count = counts.get(author) ?? 0;
    if (graph.complete[at] === true && isMarked(entry.header.kind) && count < (author === declarant ? LIMITS.marksOfDeclarant : LIMITS.marksOfParty)) {
      counts.set(author, count + 1);
      if (knowledge.marked.length < LIMITS.marks) mark = knowledge.marked.push(entry.id) - 1;
    }
    knowledge.pasts.push(past);
    knowledge.marks.push(mark);
  });
  return knowledge;
}

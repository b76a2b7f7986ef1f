/** How authors behave: what somebody with a key can do without breaking a signature. Nothing here decides what counts. */
import type { Finding } from '../api/types';
import type { Entry } from './entry';
import { doubt, inside, short } from './finding';
import type { Graph } from './graph';
import { LIMITS } from './limits';
import { nanoseconds } from './shapes';

const authored = (entry: Entry): bigint => nanoseconds(entry.header.authored) ?? 0n;

export function watchConduct(graph: Graph, places: ReadonlyMap<string, number>): Finding[] {
  const findings: Finding[] = [];
  const said = new Map<string, { count: number; last: Entry }>();
  const known: Map<string, number>[] = [];
  const signed = new Set<string>();
  graph.entries.forEach((entry, position) => {
    const { header } = entry;
    const tell = (finding: Finding): void => { findings.push(inside(finding, places.get(entry.id) ?? position)); };
    const own = new Map<string, number>();
    for (const parent of graph.parents[position] ?? []) for (const [party, count] of known[parent] ?? []) own.set(party, Math.max(own.get(party) ?? 0, count));
    const latest = (graph.parents[position] ?? []).map((at) => graph.entries[at]).filter((one) => one !== undefined).reduce<Entry | undefined>((a, b) => (a === undefined || authored(b) >= authored(a) ? b : a), undefined);
    const before = latest === undefined ? 0n : (authored(latest) - authored(entry)) / 1_000_000_000n;
    if (latest !== undefined && before > LIMITS.clockSkewSeconds) {
      tell(doubt('dossier.clock', `the entry says it was made at ${header.authored}, ${String(before)} seconds before entry ${short(latest.id)}, on which it builds`, '/header/authored', 'do not rest a term on this instant: the order of the entries is proven, the clock of the author is not'));
    }
    const { party } = header.author;
    const last = said.get(party);
    // What waits for a parent may have known its author's earlier entries through it, and they may have known of it.
    const whole = graph.complete[position] === true;
    if (last !== undefined && (own.get(party) ?? 0) < last.count && whole) {
      tell(doubt('dossier.author-fork', `${party} said this without knowing of its own entry ${short(last.last.id)}, and said that without knowing of this`, '/header/parents', 'ask the party: it told two holders two things, lost part of its copy, or somebody else has its key'));
    }
    if (whole && (said.size < LIMITS.participants || last !== undefined)) {
      const count = (last?.count ?? 0) + 1;
      said.set(party, { count, last: entry });
      own.set(party, count);
    }
    const content = JSON.stringify([header.authored, party, Object.keys(header.groups).sort().map((name) => header.groups[name]), header.parents]);
    if (signed.has(content)) tell(doubt('dossier.twin', `${party} signed the same entry twice`, '/header/proof/proofValue', 'only one of them says something; ask the party why its key made two signatures'));
    signed.add(content);
    known.push(own);
  });
  return findings;
}

/** Remarks on commitments and salts that stand twice: whoever sees one of the groups can guess the other. */
export function listReused(graph: Graph, places: ReadonlyMap<string, number>): Finding[] {
  const findings: Finding[] = [];
  const [commitments, salts] = [new Map<string, Entry>(), new Map<string, Entry>()];
  const remedy = 'what is withheld under a salt that is known can be guessed; the author needs fresh random salts';
  for (const entry of graph.entries) {
    for (const group of Object.keys(entry.header.groups).sort()) {
      const [commitment, salt] = [entry.header.groups[group] ?? '', entry.body.get(group)?.salt];
      const [copied, reused] = [commitments.get(commitment), salt === undefined ? undefined : salts.get(salt)];
      commitments.set(commitment, entry);
      if (salt !== undefined) salts.set(salt, entry);
      const other = copied ?? reused;
      if (other === undefined) continue;
      const message = copied === undefined ? `group \`${group}\` has the salt of a group of entry ${short(other.id)}` : `group \`${group}\` has the commitment of a group of entry ${short(other.id)}: it was copied`;
      findings.push(inside(doubt('dossier.salt-reused', message, `/header/groups/${group}`, remedy), places.get(entry.id) ?? 0));
    }
  }
  return findings;
}

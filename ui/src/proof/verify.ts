/**
 * Checks an exported dossier in this browser, asking nobody: form, every signature, every disclosed group, the graph, keys and
 * authority, in the words and codes of `kervan verify`, and equal to it on what both check (`tests/proof.test.ts`).
 *
 * Not checked here, and by `kervan verify` only: what the facts mean together (amendments, consent, bills, decisions), which is
 * a matter of remarks and never of whether the file verifies; packages with documents; printed papers.
 */
import type { Finding } from '../api/types';
import { readCanonical, type Json } from './canonical';
import { listReused, watchConduct } from './conduct';
import { checkEntry, readEntry, type Entry } from './entry';
import { inside, remark, short, wrong } from './finding';
import { buildGraph, gatherKnowledge, type Graph } from './graph';
import { Judge, MISSING_PARENT, UNFOUNDED, type Judged } from './judge';
import { LIMITS } from './limits';
import { fields, hash, list, Misshapen, nanoseconds, text, type Participant } from './shapes';
import { assessTrust, type AuthorityRow, type TrustList } from './tables';

export const FORMAT = 'kervan-dossier/1';

/** What a reader brings along. */
export interface Reader { authority: readonly AuthorityRow[]; trust?: TrustList; heads?: readonly string[]; now?: string }

/** An entry as the visitor is shown it. */
export interface Shown { entry: Entry; place: number; withheld: string[]; refused: Finding[]; ignored?: Finding }

export interface Report {
  verified: boolean;
  dossier?: string;
  entries: number;
  heads: string[];
  findings: Finding[];
  shown: Shown[];
  participants: Participant[];
}

interface Frame { dossier: string; entries: Json[]; heads: string[] }

/** What to do about a file that is not as it was exported, and about one from which entries were taken out. */
const AGAIN = 'export the dossier again; do not edit or reformat the file';
const WHOLE = 'ask the party that sent the dossier for the whole export';

const refused = (finding: Finding): Report => ({ verified: false, entries: 0, heads: [], findings: [finding], shown: [], participants: [] });

function readFrame(bytes: Uint8Array): Frame | Finding {
  if (bytes.length > LIMITS.fileBytes) return wrong('dossier.file-too-long', `the file has ${String(bytes.length)} bytes, more than ${String(LIMITS.fileBytes)}`);
  if (bytes.length === 0) return wrong('dossier.not-json', 'the file is empty', undefined, AGAIN);
  const read = readCanonical(bytes.subarray(0, -1));
  if (!('text' in read)) return { ...wrong(read.code, read.message, `byte ${String(read.offset)}`, AGAIN), source: 'RFC 8785' };
  if (bytes.at(-1) !== 0x0a) {
    const at = `byte ${String(bytes.length - 1)}`;
    return wrong('dossier.not-canonical', `the file does not end with one line feed at ${at}`, at, AGAIN);
  }
  try {
    const found = fields(JSON.parse(read.text) as Json, ['dossier', 'entries', 'format', 'heads']);
    if (text(found.format) !== FORMAT) return wrong('dossier.format', `the format is \`${text(found.format)}\`, not \`${FORMAT}\``, '/format');
    const frame = { dossier: hash(found.dossier), entries: list(found.entries, (one) => one), heads: list(found.heads, hash) };
    if (frame.entries.length > LIMITS.entries) return wrong('dossier.too-many-entries', `${String(frame.entries.length)} entries are more than ${String(LIMITS.entries)}`, '/entries');
    return frame;
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    return wrong('dossier.malformed-file', `the file is not an exported dossier: ${error.message}`, '', AGAIN);
  }
}

/** What could be read of the entries, and everything that is wrong with them. */
interface Reading { kept: Map<string, Entry>; places: Map<string, number>; order: string[]; shown: Shown[]; findings: Finding[]; causes: Finding[]; firstRefused: boolean; others: (string | undefined)[] }

async function readEntries(frame: Frame, trust: TrustList | undefined): Promise<Reading> {
  const reading: Reading = { kept: new Map(), places: new Map(), order: [], shown: [], findings: [], causes: [], firstRefused: false, others: [] };
  for (const [place, raw] of frame.entries.entries()) {
    const entry = await readEntry(raw);
    if ('code' in entry) {
      refuse(reading, place, [entry], place === 0);
      continue;
    }
    // Before groups that were changed are left out: those are broken, and not withheld.
    const withheld = Object.keys(entry.header.groups).filter((group) => !entry.body.has(group));
    const { kept, findings } = await checkEntry(entry, trust?.resolved ?? new Map<string, never>());
    const located = findings.map((finding) => inside(finding, place));
    const dossier = entry.header.dossier ?? entry.id;
    // Of an entry that was refused only what it says itself is known.
    reading.others.push(kept ? dossier : entry.header.dossier);
    const shown: Shown = { entry, place, withheld, refused: located };
    if (!kept) refuse(reading, place, findings, place === 0 || entry.header.dossier === undefined);
    else if (dossier !== frame.dossier) {
      const of = entry.header.dossier === undefined ? 'the first one of another dossier' : `of dossier ${dossier}`;
      const replay = wrong('dossier.replay', `entry ${entry.id} is ${of}, not of this one`, '/header/dossier');
      shown.refused.push(inside(replay, place));
      reading.findings.push(...located);
      refuse(reading, place, [replay], place === 0);
    } else {
      reading.findings.push(...located);
      if (reading.places.has(entry.id)) reading.findings.push(inside(wrong('dossier.duplicate', `entry ${entry.id} stands in the file twice`, undefined, AGAIN), place));
      else {
        reading.kept.set(entry.id, entry);
        reading.places.set(entry.id, place);
        reading.order.push(entry.id);
      }
    }
    reading.shown.push(shown);
  }
  return reading;
}

function refuse(reading: Reading, place: number, findings: Finding[], first: boolean): void {
  reading.firstRefused ||= first;
  const located = findings.map((finding) => inside(finding, place));
  if (located[0] !== undefined) reading.causes.push(located[0]);
  reading.findings.push(...located);
}

/** Checks what the file says about the dossier as a whole. Where an entry was refused, order and heads cannot be right. */
function checkFrame(frame: Frame, reading: Reading, graph: Graph): void {
  if (!reading.kept.has(frame.dossier) && !reading.firstRefused) {
    reading.findings.push(wrong('dossier.no-first-entry', 'the entry that the dossier is named after is not in the file, or was changed', '/dossier', WHOLE));
  }
  if (reading.causes.length > 0) return;
  const misplaced = graph.entries.findIndex((entry, at) => entry.id !== reading.order[at]);
  if (misplaced >= 0) reading.findings.push(wrong('dossier.order', 'from here on the entries do not stand in order, each after those that it builds on: they were moved', `/entries/${String(misplaced)}`, AGAIN));
  if (graph.heads.join() !== frame.heads.join()) {
    reading.findings.push(wrong('dossier.heads', 'the last entries that the file names are not those that it holds: an entry was removed or changed', '/heads', WHOLE));
  }
}

const countBehind = (count: number): string => (count === 1 ? 'one entry that builds on it does not count either' : `${String(count)} entries that build on it do not count either`);

/** Each entry that is not here, once for all entries that wait for it. */
function listMissing(graph: Graph): { id: string; first: number; waiting: number }[] {
  const missing: { id: string; first: number; waiting: number }[] = [];
  const waitsFor: (number | undefined)[] = [];
  graph.missing.forEach((own, position) => {
    const numbers = (graph.parents[position] ?? []).map((parent) => waitsFor[parent]).filter((one) => one !== undefined);
    for (const id of own) {
      const known = missing.findIndex((one) => one.id === id);
      numbers.push(known >= 0 ? known : missing.push({ id, first: position, waiting: 0 }) - 1);
    }
    const number = numbers.length === 0 ? undefined : Math.min(...numbers);
    const waits = number === undefined ? undefined : missing[number];
    if (waits !== undefined) waits.waiting += 1;
    waitsFor.push(number);
  });
  return missing;
}

/** What follows from a fault of the file goes into that fault; what was left out is told by itself. */
function gatherConsequences(frame: Frame, reading: Reading, graph: Graph): Finding[] {
  const missing = listMissing(graph);
  if (missing.length === 0) return [];
  reading.findings = reading.findings.filter((finding) => finding.code !== 'dossier.heads' && finding.code !== 'dossier.order');
  const noFirst = reading.findings.find((finding) => finding.code === 'dossier.no-first-entry');
  const cause = reading.causes[0] !== undefined && missing.length <= reading.causes.length ? reading.causes[0] : missing.every((one) => one.id === frame.dossier) ? noFirst : undefined;
  if (cause !== undefined) {
    cause.message += `; ${countBehind(missing.reduce((sum, one) => sum + one.waiting, 0))}`;
    return [];
  }
  return missing.map(({ id, first, waiting }) => {
    const entry = graph.entries[first]?.id ?? '';
    const more = waiting === 1 ? 'it waits' : waiting === 2 ? 'it and one entry after it wait' : `it and ${String(waiting - 1)} entries after it wait`;
    const finding = wrong(MISSING_PARENT, `entry ${short(entry)} builds on ${id}, which is not here; ${more}`, '/header/parents', 'ask the party that sent the dossier for the missing entry');
    return inside(finding, reading.places.get(entry) ?? first);
  });
}

function assessHeads(reading: Reading, graph: Graph, known: readonly string[]): Finding[] {
  return known.flatMap((head) => {
    if (!reading.kept.has(head)) {
      return [wrong('dossier.other-head', `the dossier does not hold entry ${head}, which you know it to hold`, '/heads', 'entries were left out of this file, or it is another dossier: ask for the export that holds the entry')];
    }
    return graph.heads.includes(head) ? [] : [remark('info', 'dossier.grown', `the dossier holds entry ${head} and has grown since`, '/heads')];
  });
}

function assessFuture(graph: Graph, places: ReadonlyMap<string, number>, now: string | undefined): Finding[] {
  const present = now === undefined ? undefined : nanoseconds(now);
  if (present === undefined) return [];
  const early = graph.entries.filter((entry) => ((nanoseconds(entry.header.authored) ?? 0n) - present) / 1_000_000_000n > LIMITS.clockSkewSeconds);
  const first = early[0];
  if (first === undefined) return [];
  const message = `${String(early.length)} entries say they were made after the present instant, the first of them at ${first.header.authored}`;
  return [inside(remark('info', 'dossier.future', message, '/header/authored', 'a play runs ahead of the clock; of a real party ask why its clock does'), places.get(first.id) ?? 0)];
}

function judgeAll(reading: Reading, graph: Graph, reader: Reader): { findings: Finding[]; participants: Participant[] } {
  const judge = new Judge(graph, reader.authority, gatherKnowledge(graph));
  const judged: Judged[] = graph.entries.map((entry, position) => judge.judge(position, entry));
  const findings: Finding[] = [];
  let unfounded = 0;
  const participants: Participant[] = [];
  graph.entries.forEach((entry, position) => {
    const place = reading.places.get(entry.id) ?? position;
    const outcome = judged[position];
    if (outcome === undefined) return;
    if (outcome.counts) {
      findings.push(...outcome.remarks.map((finding) => inside(finding, place)));
      participants.push(...judge.listAdmitted(position, entry));
      return;
    }
    const why = inside(outcome.why, place);
    const shown = reading.shown.find((one) => one.place === place);
    if (shown !== undefined) shown.ignored = why;
    if (why.code === UNFOUNDED) unfounded += 1;
    else if (why.code !== MISSING_PARENT) findings.push(why);
  });
  if (findings[0] !== undefined && unfounded > 0) findings[0].message += `; ${countBehind(unfounded)}`;
  return { findings, participants };
}

const WEIGHT = { error: 0, warning: 1, info: 2 } as const;

/** Checks an export file. Never asks a server; what it cannot read it refuses with the place. */
export async function verify(bytes: Uint8Array, reader: Reader): Promise<Report> {
  const frame = readFrame(bytes);
  if ('code' in frame) return refused(frame);
  const reading = await readEntries(frame, reader.trust);
  const named = reading.others.filter((one) => one !== undefined);
  const [other] = named;
  if (other !== undefined && other !== frame.dossier && named.every((one) => one === other)) {
    const message = `the file is named after dossier ${frame.dossier}, but its entries are of ${other}`;
    return { ...refused(wrong('dossier.no-first-entry', message, '/dossier', WHOLE)), entries: frame.entries.length };
  }
  const graph = buildGraph(reading.kept);
  checkFrame(frame, reading, graph);
  const missing = gatherConsequences(frame, reading, graph);
  const { findings, participants } = judgeAll(reading, graph, reader);
  const all = [...reading.findings, ...assessHeads(reading, graph, reader.heads ?? [])];
  if (reader.trust === undefined) {
    all.push(remark('info', 'dossier.no-trust-list', 'that the keys belong to the named parties rests on the word of whoever declared the consignment', undefined, 'give a trust list with the keys that you know of your own'));
  } else {
    const { trust } = reader;
    all.push(...participants.flatMap((one) => assessTrust(trust, one)));
  }
  all.push(...findings, ...watchConduct(graph, reading.places), ...missing, ...listReused(graph, reading.places), ...assessFuture(graph, reading.places, reader.now));
  all.sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
  const verified = !all.some((finding) => finding.severity === 'error');
  return { verified, dossier: frame.dossier, entries: frame.entries.length, heads: graph.heads, findings: all.slice(0, LIMITS.findings), shown: reading.shown, participants };
}

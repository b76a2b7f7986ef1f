/** Whether an entry counts: is all here that it builds on, did its author sign it with a key in force, and may it say this? */
import type { Finding } from '../api/types';
import type { Json } from './canonical';
import type { Entry } from './entry';
import { doubt, short, wrong } from './finding';
import { ancestors, bit, isMarked, type Graph, type Knowledge } from './graph';
import { KeyBook } from './keys';
import { LIMITS } from './limits';
import { didOf, KINDS, Misshapen, readParticipants, readRevocation, readRotation, readWithdrawal, type KeyRevoked, type KeyRotated, type Participant } from './shapes';
import { judgeAuthority, type About, type AuthorityRow } from './tables';

export const MISSING_PARENT = 'dossier.missing-parent';
export const UNFOUNDED = 'dossier.unfounded';
/** Remarks on an entry that counts, or why it does not. */
export type Judged = { counts: true; remarks: Finding[] } | { counts: false; why: Finding };

interface Revocation { fact: KeyRevoked; position: number; known: ReadonlySet<number> }
type Fact = { rotated: KeyRotated } | { revoked: KeyRevoked } | { withdrawn: string[] } | { admitted: Participant[] };

/** The group of each kind that is about parties and keys. */
const CONTROL: Readonly<Record<string, string>> = { participants_admitted: 'participants', participants_withdrawn: 'withdrawal', key_rotated: 'key', key_revoked: 'key' };

class Ignored extends Error {
  constructor(readonly why: Finding) { super(why.message); }
}

function ignore(why: Finding): never {
  throw new Ignored(why);
}

function controlWithheld(group: string): Finding {
  return wrong('dossier.control-withheld', `group \`${group}\` is not in this copy, and without it no signature can be judged`, '/body', 'ask for a copy that discloses who takes part and with which keys');
}

function readFact(entry: Entry): Fact | undefined {
  const group = CONTROL[entry.header.kind];
  if (group === undefined) return undefined;
  const content = entry.body.get(group)?.content ?? ignore(controlWithheld(group));
  try {
    if (group === 'participants') return { admitted: readParticipants(content) };
    if (group === 'withdrawal') return { withdrawn: readWithdrawal(content) };
    return entry.header.kind === 'key_rotated' ? { rotated: readRotation(content) } : { revoked: readRevocation(content) };
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    return ignore(doubt('dossier.malformed-fact', `group \`${group}\`: ${error.message}`, '/body', 'the author must state the fact again'));
  }
}

const member = (content: Json | undefined, name: string): string | undefined => {
  const value = typeof content === 'object' && content !== null && !Array.isArray(content) ? content[name] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** What the scopes of the authority table ask of an entry. */
function readAbout(entry: Entry, fact: Fact | undefined): About | undefined {
  if (fact !== undefined) {
    if ('rotated' in fact) return { parties: [fact.rotated.party] };
    if ('revoked' in fact) return { parties: [fact.revoked.party] };
    return 'withdrawn' in fact ? { parties: fact.withdrawn } : {};
  }
  const group = { transit_declared: 'movement', transit_decided: 'decision' }[entry.header.kind];
  if (group === undefined) return {};
  const content = entry.body.get(group)?.content;
  if (content === undefined) return undefined;
  const [territory, movement] = [member(content, 'territory'), member(content, 'movement')];
  return { ...(territory === undefined ? {} : { territory }), ...(movement === undefined ? {} : { movement }) };
}

export class Judge {
  private readonly revocations: readonly Revocation[];
  private readonly forked: ReadonlyMap<string, string>;
  private book: KeyBook;
  private declarant: string | undefined;
  private reference: string | undefined;

  constructor(private readonly graph: Graph, private readonly table: readonly AuthorityRow[], private readonly knowledge: Knowledge, history?: readonly Revocation[]) {
    this.revocations = history ?? findRevocations(graph, table, knowledge);
    this.forked = history === undefined ? findForkedKeys(graph, table, knowledge, this.revocations) : new Map();
    this.book = new KeyBook(new Set(this.forked.keys()));
  }

  judge(position: number, entry: Entry): Judged {
    try {
      return { counts: true, remarks: this.judgeAndRemember(position, entry) };
    } catch (error) {
      if (!(error instanceof Ignored)) throw error;
      if (entry.header.dossier === undefined) {
        // A first entry that does not count admits nobody.
        this.book = new KeyBook(this.book.forked);
        this.declarant = undefined;
      }
      return { counts: false, why: error.why };
    }
  }

  private judgeAndRemember(position: number, entry: Entry): Finding[] {
    const { header } = entry;
    const first = header.dossier === undefined;
    if (this.graph.complete[position] !== true) ignore(this.missingParent(position));
    if (this.declarant === undefined && !first) ignore(wrong(UNFOUNDED, 'the entry that declares the consignment does not count, so neither does this one', '/header/dossier'));
    if (!(KINDS as readonly string[]).includes(header.kind)) ignore(doubt('dossier.unknown-kind', `this version does not know entries of kind \`${header.kind}\``, '/header/kind', 'a newer version may know it'));
    const mark = this.knowledge.marks[position];
    if (mark === undefined && isMarked(header.kind)) ignore(doubt('dossier.too-many-marks', `${header.author.party} states more amendments and facts about keys than it may`));
    let past = this.knowledge.pasts[position] ?? 0n;
    const remarks: Finding[] = [];
    if (first) {
      // Only the first entry speaks for itself: it names its own author's key.
      past |= bit(mark ?? 0);
      this.admit(entry, mark ?? 0, past);
      this.declarant = header.author.party;
    }
    this.checkKey(position, entry, past);
    const fact = readFact(entry);
    this.checkAuthority(entry, fact, past);
    if (first) this.reference = member(entry.body.get('consignment')?.content, 'reference');
    else if (fact !== undefined && mark !== undefined) remarks.push(...this.remember(entry, fact, mark, past));
    return remarks;
  }

  private missingParent(position: number): Finding {
    const missing = (this.graph.missing[position] ?? []).map(short).join(' and ');
    const message = missing === '' ? 'an entry that this one builds on lacks a parent' : `the entry builds on ${missing}, which is not here`;
    return wrong(MISSING_PARENT, message, '/header/parents', 'ask the party that sent the dossier for the missing entries');
  }

  private checkKey(position: number, entry: Entry, past: bigint): void {
    const { party } = entry.header.author;
    const did = didOf(entry.header.proof.verificationMethod);
    const at = '/header/proof/verificationMethod';
    const rotation = this.forked.get(did);
    if (rotation !== undefined) {
      const remedy = 'ask the party which key is its own; the forwarder can admit it again with a fresh key';
      ignore(wrong('dossier.key-fork', `one key of ${party} has two successors, by entries that did not know of each other; this is that of entry ${short(rotation)}`, at, remedy));
    }
    const standing = this.book.standing(party, did, past);
    if (standing === 'not_admitted') ignore(wrong('dossier.not-a-participant', `${party} does not take part in this dossier, as far as the author knew`, at));
    if (standing === 'not_theirs') ignore(wrong('dossier.wrong-author', `the entry says it is by ${party}, but its key is not that party's`, at));
    if (typeof standing === 'object') ignore(wrong('dossier.late-key', `the key of ${party} ended with entry ${this.name(standing.ended)}, which the author knew`, at));
    const withdrawn = this.book.findWithdrawal(party, past);
    if (withdrawn !== undefined) ignore(doubt('dossier.withdrawn', `${party} takes part no longer since entry ${this.name(withdrawn)}, which it knew`, '/header/author', 'the forwarder can admit it again'));
    const killed = this.revocations.find((one) => one.fact.party === party && one.fact.key === did && one.position !== position && entry.header.kind !== 'key_revoked' && !one.known.has(position));
    if (killed !== undefined) {
      ignore(doubt('dossier.late-key', `the key of ${party} was revoked (${killed.fact.reason}) by an entry that does not come after this one`, at, 'the party must state the fact again with its new key'));
    }
  }

  private name(mark: number): string {
    return short(this.knowledge.marked[mark] ?? '');
  }

  private checkAuthority(entry: Entry, fact: Fact | undefined, past: bigint): void {
    const { author, kind } = entry.header;
    if (!this.book.grants(author, past)) {
      ignore(doubt('dossier.role-not-granted', `${author.party} was not admitted as ${author.role}`, '/header/author', 'the forwarder can admit the party in this role'));
    }
    const why = judgeAuthority(this.table, kind, author, readAbout(entry, fact), this.declarant ?? '', this.reference);
    if (why !== undefined) ignore(why);
  }

  private remember(entry: Entry, fact: Fact, mark: number, past: bigint): Finding[] {
    if ('admitted' in fact) return this.admit(entry, mark, past);
    const why = 'rotated' in fact ? this.book.rotate(fact.rotated, mark, past) : 'revoked' in fact ? this.book.revoke(fact.revoked, mark, past) : this.book.withdraw(fact.withdrawn, this.declarant, mark);
    return why === undefined ? [] : ignore(why);
  }

  /** Admits the participants that an entry names; those that cannot be are remarked on. */
  private admit(entry: Entry, mark: number, past: bigint): Finding[] {
    const content = entry.body.get('participants')?.content ?? ignore(controlWithheld('participants'));
    let participants: Participant[];
    try {
      participants = readParticipants(content);
    } catch (error) {
      if (!(error instanceof Misshapen)) throw error;
      return ignore(wrong('dossier.malformed-fact', `group \`participants\`: ${error.message}`, '/body/participants'));
    }
    if (participants.length > LIMITS.participants) ignore(doubt('dossier.malformed-fact', `${String(participants.length)} participants are more than ${String(LIMITS.participants)}`, '/body/participants'));
    return participants.flatMap((one, at) => {
      const remark = this.book.admit(one, mark, past);
      return remark === undefined ? [] : [{ ...remark, path: `/body/participants/content/${String(at)}` }];
    });
  }

  /** The participants of an entry in force that were admitted with the key that the entry gives them. */
  listAdmitted(position: number, entry: Entry): Participant[] {
    const content = entry.body.get('participants')?.content;
    if (content === undefined || (entry.header.kind !== 'consignment_declared' && entry.header.kind !== 'participants_admitted')) return [];
    const past = (this.knowledge.pasts[position] ?? 0n) | bit(this.knowledge.marks[position] ?? 0);
    return readParticipants(content).filter((one) => this.book.standing(one.party, one.did, past) === 'in_force');
  }
}

const aboutKeys = (entry: Entry): boolean => entry.header.dossier === undefined || Object.hasOwn(CONTROL, entry.header.kind);

/** The revocations that count. They are judged by their own past only, so that none depends on another. */
function findRevocations(graph: Graph, table: readonly AuthorityRow[], knowledge: Knowledge): Revocation[] {
  const found: Revocation[] = [];
  if (!graph.entries.some((entry) => entry.header.kind === 'key_revoked')) return found;
  const judge = new Judge(graph, table, knowledge, []);
  graph.entries.forEach((entry, position) => {
    if (!aboutKeys(entry) || !judge.judge(position, entry).counts || entry.header.kind !== 'key_revoked' || found.length >= LIMITS.revocations) return;
    found.push({ fact: readRevocation(entry.body.get('key')?.content), position, known: ancestors(graph, position) });
  });
  return found;
}

/** The keys that took the place of one and the same key by entries that did not know of each other: neither is believed. */
function findForkedKeys(graph: Graph, table: readonly AuthorityRow[], knowledge: Knowledge, revocations: readonly Revocation[]): Map<string, string> {
  const forked = new Map<string, string>();
  if (!graph.entries.some((entry) => entry.header.kind === 'key_rotated')) return forked;
  const judge = new Judge(graph, table, knowledge, revocations);
  const successors = new Map<string, [string, string][]>();
  graph.entries.forEach((entry, position) => {
    if (!aboutKeys(entry) || !judge.judge(position, entry).counts || entry.header.kind !== 'key_rotated') return;
    const fact = readRotation(entry.body.get('key')?.content);
    const of = `${fact.party} ${fact.from}`;
    successors.set(of, [...(successors.get(of) ?? []), [fact.to, entry.id]]);
  });
  for (const rotations of successors.values()) {
    if (new Set(rotations.map(([did]) => did)).size > 1) for (const [did, id] of rotations) forked.set(did, id);
  }
  return forked;
}

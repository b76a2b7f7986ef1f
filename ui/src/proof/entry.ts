/** One entry: a signed header, and as much of its body as the file discloses. */
import type { Finding } from '../api/types';
import { isPoint, isSmallOrder, sha256, sha256Hex, utf8, verifies, decodeBase58 } from './bytes';
import { write, type Json } from './canonical';
import { wrong } from './finding';
import { LIMITS } from './limits';
import { didOf, fields, groupName, Misshapen, multikey, readHeader, readRotation, salt, type Header, type Proof } from './shapes';

export interface Disclosed { content: Json; salt: string }
export interface Entry { id: string; header: Header; body: Map<string, Disclosed> }
/** Keys of `did:web` parties that the reader looked up, by name: from the trust list. */
export type ResolvedKeys = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Groups that name parties and keys: without them nobody could check who signed. */
const CONTROL_GROUPS = ['participants', 'key', 'withdrawal'];
const ASK = 'ask the author, or anybody who holds an unchanged copy, for the entry again';

/** Reads an entry. Errors: a finding about its form, thrown. */
export async function readEntry(value: Json): Promise<Entry | Finding> {
  let at: string | undefined;
  try {
    const file = fields(value, ['body', 'header']);
    const body = new Map<string, Disclosed>();
    for (const [name, one] of Object.entries(fields(file.body, Object.keys(file.body ?? {})))) {
      const disclosed = fields(one, ['content', 'salt']);
      body.set(groupName(name), { content: disclosed.content ?? null, salt: salt(disclosed.salt) });
    }
    at = '/header';
    const header = readHeader(file.header);
    return { id: await sha256Hex(write(file.header)), header, body };
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    return wrong('dossier.malformed-entry', `the entry cannot be read: ${error.message}`, at);
  }
}

function badProof(code: string, message: string, member = ''): Finding {
  return { ...wrong(code, message, `/header/proof${member}`, ASK), source: 'W3C Data Integrity EdDSA Cryptosuites, eddsa-jcs-2022' };
}

function findKey(id: string, resolved: ResolvedKeys): Uint8Array<ArrayBuffer> | Finding {
  const member = '/verificationMethod';
  const key = id.startsWith('did:key:') ? multikey(id.slice(id.indexOf('#') + 1)) : resolved.get(id);
  if (key === undefined) return badProof('dossier.unresolved-key', `the key \`${id.slice(0, 80)}\` is not known: it must be resolved by the caller`, member);
  if (!isPoint(key)) return badProof('dossier.bad-proof', 'the key is not a point of the curve', member);
  if (isSmallOrder(key)) return badProof('dossier.bad-proof', 'the key is weak: one signature would fit many messages', member);
  return key;
}

const NEEDS = { type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022', proofPurpose: 'assertionMethod' } as const;

/** Checks a proof of the cryptosuite `eddsa-jcs-2022` against the canonical text of what it is of. */
export async function checkProof(proof: Proof, document: string, resolved: ResolvedKeys): Promise<Finding | undefined> {
  for (const [member, needs] of Object.entries(NEEDS)) {
    if (proof[member as keyof typeof NEEDS] !== needs) return badProof('dossier.bad-proof', `the proof's \`${member}\` is not \`${needs}\``);
  }
  const encoded = proof.proofValue;
  const signature = encoded.startsWith('z') && encoded.length <= 89 ? decodeBase58(encoded.slice(1), 64) : undefined;
  if (signature === undefined) return badProof('dossier.bad-proof', 'the proof\'s `proofValue` is not a signature of 64 bytes in base58 with a leading z', '/proofValue');
  const key = findKey(proof.verificationMethod, resolved);
  if (!(key instanceof Uint8Array)) return key;
  const { created, cryptosuite, proofPurpose, type, verificationMethod } = proof;
  const message = new Uint8Array(64);
  message.set(await sha256(utf8(write({ created, cryptosuite, proofPurpose, type, verificationMethod }))));
  message.set(await sha256(utf8(document)), 32);
  if (await verifies(key, message, signature)) return undefined;
  return { ...badProof('dossier.bad-signature', 'the signature does not fit: the content was changed after it was signed, or another key signed it'), path: '/header' };
}

function checkShape({ header }: Entry): Finding[] {
  const findings: Finding[] = [];
  const fault = (path: string, message: string): void => { findings.push(wrong('dossier.malformed-header', message, path)); };
  const counts = [['parents', header.parents.length], ['audience', header.audience.length], ['groups', Object.keys(header.groups).length]] as const;
  for (const [name, count] of counts) if (count > LIMITS[name]) fault(`/header/${name}`, `${String(count)} are more than ${String(LIMITS[name])}`);
  const ascending = (list: readonly string[]): boolean => list.every((one, at) => at === 0 || (list[at - 1] ?? '') < one);
  if (!ascending(header.parents)) fault('/header/parents', 'the parents are not in ascending order');
  if (!ascending(header.audience)) fault('/header/audience', 'the audience is not in ascending order');
  const first = header.dossier === undefined;
  if (first !== (header.kind === 'consignment_declared') || first !== (header.parents.length === 0)) {
    fault('/header/dossier', 'exactly the entry that declares the consignment has no dossier and no parents');
  }
  if (header.proof.created !== header.authored) fault('/header/proof/created', 'the proof was not made when the entry was authored');
  return findings;
}

/** A key that takes the place of another must have signed that it does. */
async function checkPossession(entry: Entry, resolved: ResolvedKeys): Promise<Finding[]> {
  const content = entry.body.get('key')?.content;
  if (entry.header.kind !== 'key_rotated' || content === undefined || entry.header.dossier === undefined) return [];
  try {
    const { party, from, to, possession } = readRotation(content);
    const document = write({ dossier: entry.header.dossier, from, party, to });
    const fault = didOf(possession.verificationMethod) === to ? await checkProof(possession, document, resolved) : badProof('', 'another key signed it');
    if (fault === undefined) return [];
    return [wrong('dossier.key-not-possessed', `the new key of ${party} does not say so itself: ${fault.message}`, '/body/key', 'rotate again, with a proof that the new key signed')];
  } catch (error) {
    if (error instanceof Misshapen) return [];
    throw error;
  }
}

async function listGroupFaults(entry: Entry): Promise<[string, Finding][]> {
  const faults: [string, Finding][] = [];
  for (const [group, { content, salt: random }] of entry.body) {
    const path = `/body/${group}`;
    const written = write(content);
    const commitment = Object.hasOwn(entry.header.groups, group) ? entry.header.groups[group] : undefined;
    if (utf8(written).length > LIMITS.groupBytes) {
      faults.push([group, wrong('dossier.group-too-long', `group \`${group}\` has more than ${String(LIMITS.groupBytes)} bytes`, path)]);
    } else if (commitment === undefined) {
      faults.push([group, wrong('dossier.unknown-group', `the header knows no group \`${group}\``, path)]);
    } else if ((await sha256Hex(`{"content":${written},"group":"${group}","salt":"${random}"}`)) !== commitment) {
      const remedy = 'ask the author, or anybody who holds an unchanged copy, for the group again';
      faults.push([group, wrong('dossier.body-mismatch', `the content or salt of group \`${group}\` is not what the author signed`, path, remedy)]);
    }
  }
  return faults;
}

/** What a check of one entry says: kept with what was left out of it, or refused. */
export interface Checked { kept: boolean; findings: Finding[] }

/**
 * Checks shape, signature and each disclosed group. A group that is not what its author signed is left out if everything else
 * holds; groups that name keys are not, for without them nobody could be judged.
 */
export async function checkEntry(entry: Entry, resolved: ResolvedKeys): Promise<Checked> {
  const { proof, ...unsigned } = entry.header;
  const fault = await checkProof(proof, write(unsigned as unknown as Json), resolved);
  // Whatever else is wrong with a header that nobody signed follows from that.
  const findings = fault === undefined ? [...checkShape(entry), ...(await checkPossession(entry, resolved))] : [fault];
  if (findings.length > 0) return { kept: false, findings };
  const damaged = await listGroupFaults(entry);
  const kept = !damaged.some(([group]) => CONTROL_GROUPS.includes(group));
  if (kept) for (const [group] of damaged) entry.body.delete(group);
  return { kept, findings: damaged.map(([, finding]) => finding) };
}

/** The shapes of a dossier's parts: what stands in a file is one of these or is refused. */
import type { Json } from './canonical';
import { decodeBase58 } from './bytes';
import { LIMITS } from './limits';

export const ROLES = ['forwarder', 'consignor', 'consignee', 'carrier', 'terminal', 'customs', 'bank'] as const;
export const KINDS = [
  'consignment_declared', 'participants_admitted', 'key_rotated', 'key_revoked', 'consignment_amended', 'itinerary_accepted', 'document_attached',
  'document_issued', 'transit_declared', 'transit_decided', 'event_reported', 'consignment_delivered', 'participants_withdrawn', 'document_cancelled',
  'bill_issued', 'bill_transferred', 'bill_surrendered', 'bill_resolved', 'consignment_split', 'consignment_grouped', 'carriage_accepted', 'amendment_answered',
] as const;

export interface Grant { role: string; territory?: string }
export interface Author extends Grant { party: string }
export interface Participant { party: string; name: string; did: string; roles: Grant[] }
export interface Proof { created: string; cryptosuite: string; proofPurpose: string; proofValue: string; type: string; verificationMethod: string }
export interface Header {
  audience: string[]; author: Author; authored: string; dossier?: string; groups: Record<string, string>; kind: string; parents: string[]; proof: Proof;
}
export interface KeyRotated { party: string; from: string; to: string; possession: Proof }
export interface KeyRevoked { party: string; key: string; reason: string }

type Fields = Record<string, Json>;

/** What a value is not. */
export class Misshapen extends Error {}

function refuse(what: string): never {
  throw new Misshapen(what);
}

/** An object with these members and no other; those with `?` may be absent. */
export function fields(value: Json | undefined, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('an object was expected');
  for (const name of Object.keys(value)) if (!names.includes(name) && !names.includes(`${name}?`)) refuse(`unknown field \`${name}\``);
  for (const name of names) if (!name.endsWith('?') && !Object.hasOwn(value, name)) refuse(`missing field \`${name}\``);
  return value;
}

export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : refuse('a text was expected');
}

export function list<T>(value: Json | undefined, read: (one: Json) => T): T[] {
  return Array.isArray(value) ? value.map(read) : refuse('a list was expected');
}

const like = (value: Json | undefined, shape: RegExp, what: string): string => {
  const found = text(value);
  return shape.test(found) ? found : refuse(`\`${found.slice(0, 60)}\` is not ${what}`);
};

export const hash = (value: Json | undefined): string => like(value, /^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
export const salt = (value: Json | undefined): string => like(value, /^[0-9a-f]{32}$/, 'a salt: 32 lower-case hexadecimal digits');
export const groupName = (value: Json | undefined): string => like(value, /^[a-z0-9_]{1,40}$/, 'a group name: 1 to 40 lower-case letters, digits or underscores');
export const party = (value: Json | undefined): string => like(value, /^[A-Za-z0-9._-]{1,64}$/, 'a party id');
const territory = (value: Json | undefined): string => like(value, /^[A-Z0-9-]{2,16}$/, 'a customs territory id');
const role = (value: Json | undefined): string => ((ROLES as readonly string[]).includes(text(value)) ? text(value) : refuse(`unknown role \`${text(value)}\``));
const kind = (value: Json | undefined): string => like(value, /^[a-z_]{1,40}$/, 'a kind: 1 to 40 lower-case letters and underscores');

/** The 32 bytes of a key in multibase: z, base58, 0xed01 and the key. */
export function multikey(key: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = key.startsWith('z') && key.length <= 61 ? decodeBase58(key.slice(1), 34) : undefined;
  return bytes?.[0] === 0xed && bytes[1] === 0x01 ? bytes.slice(2) : undefined;
}

export function did(value: Json | undefined): string {
  const found = text(value);
  if (found.length <= LIMITS.did) {
    if (found.startsWith('did:key:') && multikey(found.slice(8)) !== undefined) return found;
    if (/^did:web:(localhost[A-Za-z0-9._%-]*|[A-Za-z0-9._%-]*\.[A-Za-z0-9._%-]*)(:[A-Za-z0-9._%-]+)*$/.test(found)) return found;
  }
  return refuse(`\`${found.slice(0, 80)}\` is not an identifier that can be used here: it needs did:key:z6Mk... or did:web:host`);
}

export const didOf = (keyId: string): string => keyId.slice(0, keyId.indexOf('#'));

export function keyId(value: Json | undefined): string {
  const found = text(value);
  const at = found.indexOf('#');
  if (at >= 0) {
    const [name, fragment] = [did(found.slice(0, at)), found.slice(at + 1)];
    if (name.startsWith('did:key:') ? name.slice(8) === fragment : /^[!-~]{1,128}$/.test(fragment)) return found;
  }
  return refuse(`\`${found.slice(0, 80)}\` does not name a key: it needs an identifier, \`#\` and the key's fragment`);
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/;

/** An instant in its only form, as nanoseconds; `undefined` for any other text. */
export function nanoseconds(instant: string): bigint | undefined {
  const parts = INSTANT.exec(instant);
  if (parts === null) return undefined;
  const whole = Date.parse(`${instant.slice(0, 19)}Z`);
  // Dates such as the 31st of February are moved on by some readers.
  if (Number.isNaN(whole) || new Date(whole).toISOString().slice(0, 19) !== instant.slice(0, 19)) return undefined;
  return BigInt(whole) * 1_000_000n + BigInt((parts[7] ?? '').padEnd(9, '0'));
}

function grant(value: Fields): Grant {
  return Object.hasOwn(value, 'territory') ? { role: role(value.role), territory: territory(value.territory) } : { role: role(value.role) };
}

export function readProof(value: Json | undefined): Proof {
  const found = fields(value, ['created', 'cryptosuite', 'proofPurpose', 'proofValue', 'type', 'verificationMethod']);
  const { created, cryptosuite, proofPurpose, proofValue, type } = found;
  return { created: text(created), cryptosuite: text(cryptosuite), proofPurpose: text(proofPurpose), proofValue: text(proofValue), type: text(type), verificationMethod: keyId(found.verificationMethod) };
}

export function readHeader(value: Json | undefined): Header {
  const found = fields(value, ['audience', 'author', 'authored', 'dossier?', 'groups', 'kind', 'parents', 'proof']);
  const author = fields(found.author, ['party', 'role', 'territory?']);
  const authored = text(found.authored);
  if (nanoseconds(authored) === undefined) refuse('a value of the header is not written in its only form, such as an instant with an offset');
  const groups = Object.entries(fields(found.groups, Object.keys(found.groups ?? {}))).map(([name, commitment]) => [groupName(name), hash(commitment)]);
  return {
    audience: list(found.audience, party), author: { party: party(author.party), ...grant(author) }, authored,
    ...(Object.hasOwn(found, 'dossier') ? { dossier: hash(found.dossier) } : {}),
    groups: Object.fromEntries(groups) as Record<string, string>, kind: kind(found.kind), parents: list(found.parents, hash), proof: readProof(found.proof),
  };
}

export function readParticipants(value: Json | undefined): Participant[] {
  return list(value, (one) => {
    const found = fields(one, ['party', 'name', 'did', 'roles']);
    const roles = list(found.roles, (each) => {
      const given = fields(each, ['role', 'territory?']);
      return given.territory === null ? { role: role(given.role) } : grant(given);
    });
    return { party: party(found.party), name: text(found.name), did: did(found.did), roles };
  });
}

export function readRotation(value: Json | undefined): KeyRotated {
  const found = fields(value, ['party', 'from', 'to', 'possession']);
  return { party: party(found.party), from: did(found.from), to: did(found.to), possession: readProof(found.possession) };
}

export function readRevocation(value: Json | undefined): KeyRevoked {
  const found = fields(value, ['party', 'key', 'reason']);
  return { party: party(found.party), key: did(found.key), reason: text(found.reason) };
}

export function readWithdrawal(value: Json | undefined): string[] {
  const found = fields(value, ['parties', 'reason']);
  text(found.reason);
  return list(found.parties, party);
}

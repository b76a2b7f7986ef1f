/** The tables a reader brings along: who may state what (built into the page), and whose keys it trusts (its own). */
import type { Finding } from '../api/types';
import { doubt, wrong } from './finding';
import { isPoint, isSmallOrder } from './bytes';
import type { ResolvedKeys } from './entry';
import { did, didOf, keyId, Misshapen, multikey, party, ROLES, type Author, type Grant, type Participant } from './shapes';

/** The rows of a CSV text (RFC 4180) with their columns by name. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  const [names, ...others] = rows;
  return others.map((cells) => Object.fromEntries((names ?? []).map((name, at) => [name, cells[at] ?? ''])));
}

export interface AuthorityRow { kind: string; role: string; scope: string; source: string }
/** What an entry says of a party, territory or movement, where a scope asks for it; `undefined` if the copy withholds it. */
export interface About { parties?: string[]; territory?: string; movement?: string }

export const readAuthority = (text: string): AuthorityRow[] => readCsv(text) as unknown as AuthorityRow[];

const SCOPES: Readonly<Record<string, string>> = {
  any: 'anything', own_party: 'its own party', own_territory: 'its own territory', own_movement: 'a movement of this consignment', own_consignment: 'a consignment that it declared itself',
};

function covers(scope: string, author: Author, about: About | undefined, declarant: string, reference: string | undefined): boolean {
  if (scope === 'any') return true;
  if (scope === 'own_consignment') return author.party === declarant;
  if (scope === 'own_territory' && author.territory === undefined) return false;
  if (about === undefined) return true;
  if (scope === 'own_party') return about.parties !== undefined && about.parties.every((one) => one === author.party);
  if (scope === 'own_territory') return about.territory === author.territory;
  if (scope !== 'own_movement' || about.movement === undefined) return false;
  return reference === undefined || about.movement.slice(0, about.movement.lastIndexOf('/')) === reference;
}

const inWords = (author: Author): string => `${author.party} (${author.role}${author.territory === undefined ? '' : ` of ${author.territory}`})`;

/** Whether an author may state a fact of this kind; what is wrong if not. */
export function judgeAuthority(table: readonly AuthorityRow[], kind: string, author: Author, about: About | undefined, declarant: string, reference: string | undefined): Finding | undefined {
  const rows = table.filter((row) => row.kind === kind && row.role === author.role);
  if (rows.some((row) => covers(row.scope, author, about, declarant, reference))) return undefined;
  const roles = ROLES.filter((role) => table.some((row) => row.kind === kind && row.role === role));
  const message = rows.length === 0
    ? `${inWords(author)} may not assert \`${kind}\`; that is for ${roles.join(', ')}`
    : `${inWords(author)} may assert \`${kind}\` only of ${rows.map((row) => SCOPES[row.scope] ?? row.scope).join(' or ')}`;
  const finding = doubt('dossier.outside-authority', message, '/header/author', 'the entry is kept and ignored; the party that has the authority must state the fact');
  return { ...finding, rule: 'authority.csv', ...(rows[0] === undefined ? {} : { source: rows[0].source }) };
}

export interface TrustRow { did: string; party: string; role: string; territory?: string }
export interface TrustList { rows: TrustRow[]; resolved: ResolvedKeys; findings: Finding[] }

/** Reads a trust list: CSV with the columns `did`, `party`, `role`, `territory`, `key_id`, `key`. Every row that cannot be used is a finding. */
export function readTrust(text: string): TrustList {
  const resolved = new Map<string, Uint8Array<ArrayBuffer>>();
  const list: TrustList = { rows: [], resolved, findings: [] };
  readCsv(text).forEach((row, at) => {
    try {
      const grant: TrustRow = { did: did(row.did), party: party(row.party), role: row.role ?? '', ...(row.territory === undefined || row.territory === '' ? {} : { territory: row.territory }) };
      if (!(ROLES as readonly string[]).includes(grant.role)) throw new Misshapen(`unknown role \`${grant.role}\``);
      if (list.rows.some((known) => known.did === grant.did && known.party !== grant.party)) throw new Misshapen('the key is that of another party in another row');
      if ((row.key_id ?? '') !== '' || (row.key ?? '') !== '') {
        const [id, key] = [keyId(row.key_id), multikey(row.key ?? '')];
        if (key === undefined || !isPoint(key) || isSmallOrder(key) || didOf(id) !== grant.did) throw new Misshapen('`key_id` and `key` belong together, and to the row\'s `did`');
        resolved.set(id, key);
      }
      list.rows.push(grant);
    } catch (error) {
      if (!(error instanceof Misshapen)) throw error;
      list.findings.push(wrong('trust.row', `the row cannot be used: ${error.message}`, `trust list:${String(at + 2)}`));
    }
  });
  if (list.rows.length === 0 && list.findings.length === 0) list.findings.push(wrong('trust.row', 'there is no row in the list: its columns are did, party, role, territory, key_id, key'));
  return list;
}

const told = (grant: Grant): string => (grant.territory === undefined ? grant.role : `${grant.role} of ${grant.territory}`);

/** What a trust list does not confirm of a participant. */
export function assessTrust(list: TrustList, participant: Participant): Finding[] {
  const remedy = 'ask the party itself for its key, and add it to the trust list if it is right';
  const rows = list.rows.filter((row) => row.did === participant.did && row.party === participant.party);
  if (rows.length === 0) return [wrong('dossier.untrusted-key', `the trust list does not know \`${participant.did}\` as a key of ${participant.party}`, undefined, remedy)];
  const unknown = participant.roles.filter((grant) => !rows.some((row) => row.role === grant.role && row.territory === grant.territory));
  return unknown.map((grant) => wrong('dossier.untrusted-role', `the trust list does not know ${participant.party} as ${told(grant)}`, undefined, remedy));
}

/** Whose keys hold at which point of the graph. Every question is asked of a past: the marks that an author knew. */
import type { Finding } from '../api/types';
import { doubt } from './finding';
import { bit } from './graph';
import type { Author, Grant, KeyRevoked, KeyRotated, Participant } from './shapes';

interface Span { did: string; since: number; ends: number[] }
interface PartyKeys { keys: Span[]; grants: [number, Grant][]; withdrawals: { since: number; lifted: number[] }[] }
export type Standing = 'in_force' | 'not_theirs' | 'not_admitted' | { ended: number };

const knows = (past: bigint, mark: number): boolean => (past & bit(mark)) !== 0n;

export class KeyBook {
  private readonly parties = new Map<string, PartyKeys>();
  private readonly owners = new Map<string, string>();

  /** `forked`: keys that are not believed; a party that has no other may be admitted with a fresh one. */
  constructor(readonly forked: ReadonlySet<string> = new Set()) {}

  private of(party: string): PartyKeys {
    let keys = this.parties.get(party);
    if (keys === undefined) this.parties.set(party, (keys = { keys: [], grants: [], withdrawals: [] }));
    return keys;
  }

  standing(party: string, did: string, past: bigint): Standing {
    const known = (this.parties.get(party)?.keys ?? []).filter((span) => knows(past, span.since));
    if (known.length === 0) return 'not_admitted';
    const span = known.find((one) => one.did === did);
    if (span === undefined) return 'not_theirs';
    const end = span.ends.find((mark) => knows(past, mark));
    return end === undefined ? 'in_force' : { ended: end };
  }

  grants(author: Author, past: bigint): boolean {
    return (this.parties.get(author.party)?.grants ?? []).some(([since, grant]) => knows(past, since) && grant.role === author.role && grant.territory === author.territory);
  }

  /** A party that has a key in force cannot be given another one by whoever admits: only its own rotation does that. */
  admit({ party, did, roles }: Participant, mark: number, past: bigint): Finding | undefined {
    const taken = this.checkOwner(did, party);
    if (taken !== undefined) return taken;
    const own = this.of(party);
    const open = (span: Span): boolean => !span.ends.some((end) => knows(past, end));
    const other = own.keys.some((span) => !this.forked.has(span.did) && span.did !== did && open(span));
    if (other || own.keys.some((span) => span.did === did && !open(span))) {
      return doubt('dossier.participant-known', `${party} takes part with another key, or this key has ended`, undefined, 'only the party itself can rotate its key, with an entry signed by the key in force');
    }
    for (const withdrawal of own.withdrawals) if (knows(past, withdrawal.since)) withdrawal.lifted.push(mark);
    own.keys.push({ did, since: mark, ends: [] });
    for (const grant of roles) own.grants.push([mark, grant]);
    this.owners.set(did, party);
    return undefined;
  }

  withdraw(parties: readonly string[], declarant: string | undefined, mark: number): Finding | undefined {
    if (parties.some((party) => party === declarant)) {
      return doubt('dossier.withdrawal-invalid', 'who declared the consignment answers for it and cannot be withdrawn', '/body/withdrawal');
    }
    for (const party of parties) this.of(party).withdrawals.push({ since: mark, lifted: [] });
    return undefined;
  }

  findWithdrawal(party: string, past: bigint): number | undefined {
    return this.parties.get(party)?.withdrawals.find((one) => knows(past, one.since) && !one.lifted.some((mark) => knows(past, mark)))?.since;
  }

  rotate(fact: KeyRotated, mark: number, past: bigint): Finding | undefined {
    const taken = this.checkOwner(fact.to, fact.party);
    if (taken !== undefined) return taken;
    if (this.standing(fact.party, fact.from, past) !== 'in_force') return notInForce(fact.party, fact.from);
    const own = this.of(fact.party);
    if (own.keys.some((span) => span.did === fact.to)) return doubt('dossier.key-taken', `\`${fact.to}\` was a key of ${fact.party} before`, undefined, 'rotate to a fresh key');
    this.end(own, fact.from, mark);
    own.keys.push({ did: fact.to, since: mark, ends: [] });
    this.owners.set(fact.to, fact.party);
    return undefined;
  }

  revoke(fact: KeyRevoked, mark: number, past: bigint): Finding | undefined {
    const standing = this.standing(fact.party, fact.key, past);
    if (standing === 'not_theirs' || standing === 'not_admitted') return notInForce(fact.party, fact.key);
    this.end(this.of(fact.party), fact.key, mark);
    return undefined;
  }

  private end(own: PartyKeys, did: string, mark: number): void {
    for (const span of own.keys) if (span.did === did) span.ends.push(mark);
  }

  private checkOwner(did: string, party: string): Finding | undefined {
    const owner = this.owners.get(did);
    if (owner === undefined || owner === party) return undefined;
    return doubt('dossier.key-taken', `\`${did}\` is the key of ${owner}, not of ${party}`, undefined, 'each party needs a key of its own');
  }
}

function notInForce(party: string, did: string): Finding {
  return doubt('dossier.key-not-in-force', `\`${did}\` is not a key in force of ${party}`, undefined, 'name the key that the party signs with');
}

import type { Participant } from '../../proof/shapes';
import { readTrust, type TrustList } from '../../proof/tables';

const STORED = 'kervan.trust';
const COLUMNS = 'did,party,role,territory,key_id,key';

/** Whose keys the visitor trusts: a text of its own that stays in this browser. */
class Trusted {
  text = $state(stored());
  /** The list, if there is one without faults: a list that cannot be read confirms nobody and is not used. */
  readonly read: TrustList | undefined = $derived(this.text.trim() === '' ? undefined : readTrust(this.text));
  readonly list: TrustList | undefined = $derived(this.read !== undefined && this.read.findings.length === 0 ? this.read : undefined);

  write(text: string): void {
    this.text = text;
    try {
      if (text.trim() === '') localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, text);
    } catch {
      // Without storage the list lasts for this visit.
    }
  }
}

function stored(): string {
  try {
    return localStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

export const trusted = new Trusted();

/** The keys that a dossier itself names, as a list to compare with what the visitor knows. By itself it proves nothing. */
export function listOf(participants: readonly Participant[]): string {
  const rows = participants.flatMap(({ did, party, roles }) => roles.map((grant) => [did, party, grant.role, grant.territory ?? '', '', ''].join(',')));
  return `${[COLUMNS, ...rows.filter((row, at) => rows.indexOf(row) === at)].join('\n')}\n`;
}

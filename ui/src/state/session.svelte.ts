import { loadSession, sendSignIn, setToken } from '../api/client';
import type { Member } from '../api/types';

/** The token lives as long as the tab: closing it signs out, and no other tab or visit can use it. */
const STORED = 'kervan.token';

let member = $state.raw<Member | undefined>(undefined);

/** Who acts here, or nobody. */
export function currentMember(): Member | undefined {
  return member;
}

function keep(token: string | undefined): void {
  setToken(token);
  try {
    if (token === undefined) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, token);
  } catch {
    // Without storage the sign-in lasts until the page is loaded again.
  }
}

/** Takes up the sign-in of this tab after a reload; a token that the server no longer knows is forgotten. */
export async function resumeSession(): Promise<void> {
  let token: string | null;
  try {
    token = sessionStorage.getItem(STORED);
  } catch {
    return;
  }
  if (token !== null) await signIn(token).catch(() => signOut());
}

/** Signs in with a token. Throws the server's answer if it does not know it. */
export async function signIn(token: string): Promise<void> {
  setToken(token);
  try {
    member = await loadSession();
    keep(token);
  } catch (error) {
    signOut();
    throw error;
  }
}

/** Acts as a member of the cast of a play, or as one of its officers. */
export async function signInAs(party: string, officer?: string): Promise<void> {
  const answer = await sendSignIn(party, officer);
  keep(answer.token);
  member = answer.party;
}

export function signOut(): void {
  member = undefined;
  keep(undefined);
}

/** Whether whoever acts here is the customs administration of a territory. */
export function isCustomsOf(territory: string): boolean {
  return member?.roles.some((role) => role.role === 'customs' && role.territory === territory) ?? false;
}

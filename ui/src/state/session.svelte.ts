import { ApiError, loadSession, sendPassword, sendSignIn, sendSignOut, setToken, UNREACHABLE } from '../api/client';
import type { Member } from '../api/types';
import { keepsPeople } from './keepers';

/** The token lives as long as the tab: closing it signs out, and no other tab or visit can use it. */
const STORED = 'kervan.token';
const WHO = 'kervan.member';

/** That this browser holds the cookie of a session, which no script can see. Other tabs take it up as well. */
const SIGNED = 'kervan.signed';

/** Where somebody was who went to the provider. It stays in this tab, so that no address can send anybody anywhere. */
const WAY_BACK = 'kervan.way-back';

let member = $state.raw<Member | undefined>(undefined);

// Nobody reads it in a page.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const watchers = new Set<(known: Promise<unknown>) => void>();

/**
 * Tells when somebody else acts here than until now. The server knows it when the promise has come: a session that is given up ends with the
 * answer to that. Returns what stops the telling.
 */
export function watchSession(watch: (known: Promise<unknown>) => void): () => void {
  watchers.add(watch);
  return () => watchers.delete(watch);
}
function tell(known: Promise<unknown> = Promise.resolve()): void {
  watchers.forEach((watch) => watch(known));
}

/** Who acts here, or nobody. */
export function currentMember(): Member | undefined {
  return member;
}

function keep(token: string | undefined, who?: Member): void {
  setToken(token);
  member = who;
  try {
    if (token === undefined) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, token);
    if (who === undefined) sessionStorage.removeItem(WHO);
    else sessionStorage.setItem(WHO, JSON.stringify(who));
  } catch {
    // Without storage the sign-in lasts until the page is loaded again.
  }
}

function remembered(): Member | undefined {
  try {
    const kept = sessionStorage.getItem(WHO);
    return kept === null ? undefined : (JSON.parse(kept) as Member);
  } catch {
    return undefined;
  }
}

/** Who acts here, or after a reload, until the server has answered, who acted before. */
export const expectedMember = (): Member | undefined => member ?? remembered();

/** Whether somebody is signed in here of whom nothing is known until the server has answered. */
export function isAwaited(): boolean {
  if (expectedMember() !== undefined) return false;
  try {
    return sessionStorage.getItem(STORED) !== null || localStorage.getItem(SIGNED) !== null;
  } catch {
    return false;
  }
}

/** Takes up the sign-in of this tab after a reload; a token that the server no longer knows is forgotten. */
export async function resumeSession(): Promise<void> {
  const [awaited, expected] = [isAwaited(), keepsPeople(expectedMember())];
  await takeUp();
  // What waited for this begins now; and who keeps the node's people follows nothing.
  if (awaited || keepsPeople(member) !== expected) tell();
}

async function takeUp(): Promise<void> {
  let token: string | null;
  try {
    token = sessionStorage.getItem(STORED);
  } catch {
    return;
  }
  if (token === null) return resumeCookie();
  try {
    await enter(token);
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.code !== UNREACHABLE) return;
    // Without a line nobody can be asked: who acted before goes on, and the server decides when it is there again.
    keep(token, remembered());
  }
}

function markCookie(signed: boolean): void {
  try {
    if (signed) localStorage.setItem(SIGNED, '1');
    else localStorage.removeItem(SIGNED);
  } catch {
    // Without storage a reload asks to sign in again; the cookie ends by itself.
  }
}

async function resumeCookie(): Promise<void> {
  try {
    if (localStorage.getItem(SIGNED) === null) return;
  } catch {
    return;
  }
  try {
    const who = await loadSession();
    setToken(undefined);
    member = who;
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === UNREACHABLE) member = remembered();
    else markCookie(false);
  }
}

/** Signs in with a password. Throws the server's answer if it refuses. */
export async function signInWithPassword(name: string, password: string): Promise<void> {
  const who = await sendPassword(name, password);
  keep(undefined, who);
  markCookie(true);
  tell();
}

/** Goes to the provider; whoever comes back holds a cookie, and is where they were. */
export function goToProvider(): void {
  markCookie(true);
  try {
    sessionStorage.setItem(WAY_BACK, location.hash);
  } catch {
    // Without storage they begin at home.
  }
  location.assign('/api/sign-in/provider');
}

/** Where somebody was who comes back from the provider, told once; undefined for anybody else. */
export function takeWayBack(): string | undefined {
  try {
    const kept = sessionStorage.getItem(WAY_BACK);
    sessionStorage.removeItem(WAY_BACK);
    // The provider sends to the bare address; whoever gave another one wants that.
    return location.hash === '' ? (kept ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** Signs in with a token. Throws the server's answer if it does not know it. */
export async function signIn(token: string): Promise<void> {
  await enter(token);
  tell();
}

async function enter(token: string): Promise<void> {
  setToken(token);
  try {
    keep(token, await loadSession());
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.code !== UNREACHABLE) signOut();
    throw error;
  }
}

/** Acts as a member of the cast of a play, or as one of its officers. */
export async function signInAs(party: string, officer?: string): Promise<void> {
  const answer = await sendSignIn(party, officer);
  keep(answer.token, answer.party);
  tell();
}

export function signOut(): void {
  let signed: boolean;
  try {
    signed = localStorage.getItem(SIGNED) !== null;
  } catch {
    signed = member?.person !== undefined;
  }
  // A session ends on the server as well; one that has ended there already is answered the same.
  const ended = signed ? sendSignOut().catch(() => undefined) : Promise.resolve();
  markCookie(false);
  keep(undefined);
  tell(ended);
}

/** Whether whoever acts here is the customs administration of a territory. */
export function isCustomsOf(territory: string): boolean {
  return member?.roles.some((role) => role.role === 'customs' && role.territory === territory) ?? false;
}

/** The people of the node, their keys and the record of who did what: for who runs or audits it. */
import { act, ask, post, send, sendAll } from './client';
import type { AuditLine, AuditReport, KeyFor, NewKey, OwnedKey, Person, PersonWanted } from './types';

const part = encodeURIComponent;

export const loadPeople = (): Promise<Person[]> => sendAll('/api/people?limit=1000');
export const sendPerson = (person: PersonWanted): Promise<Person> => act('/api/people', person);
export const sendPersonEnd = async (name: string): Promise<void> => { await ask(`/api/people/${part(name)}`, { method: 'DELETE' }); };
const tell = async (path: string, body: unknown): Promise<void> => {
  await ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
};
/** Their sessions end. No key for the deed: doing it twice is doing it once, and an answer that is kept would hold a hash of it. */
export const sendPasswordFor = (name: string, password: string): Promise<void> => tell(`/api/people/${part(name)}/password`, { password });
export const sendLink = (name: string, issuer: string, subject: string): Promise<void> => tell(`/api/people/${part(name)}/links`, { issuer, subject });
/** One's own. */
export const sendPasswordChange = (old: string, wanted: string): Promise<void> => tell('/api/session/password', { old, new: wanted });
export const loadAllKeys = (): Promise<OwnedKey[]> => sendAll('/api/access/keys?limit=1000');
export const sendKeyFor = (key: KeyFor): Promise<NewKey> => post('/api/access/keys', JSON.stringify(key));
export const sendKeyEnd = async (id: string): Promise<void> => { await ask(`/api/access/keys/${part(id)}`, { method: 'DELETE' }); };
/** So many entries after a number. */
export const loadAudit = (after: number, limit: number): Promise<AuditLine[]> => send(`/api/audit?after=${String(after)}&limit=${String(limit)}`);
export const loadAuditReport = (): Promise<AuditReport> => send('/api/audit/check');

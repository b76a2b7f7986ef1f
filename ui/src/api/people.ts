/** The people of the node, their keys and the record of who did what: for who runs or audits it. */
import { act, ask, post, send, sendAll } from './client';
import type { AuditLine, AuditReport, KeyFor, NewKey, OwnedKey, Person, PersonWanted } from './types';

const part = encodeURIComponent;

export const loadPeople = (): Promise<Person[]> => sendAll('/api/people?limit=1000');
export const sendPerson = (person: PersonWanted): Promise<Person> => act('/api/people', person);
export const sendPersonEnd = async (name: string): Promise<void> => { await ask(`/api/people/${part(name)}`, { method: 'DELETE' }); };
export const loadAllKeys = (): Promise<OwnedKey[]> => sendAll('/api/access/keys?limit=1000');
export const sendKeyFor = (key: KeyFor): Promise<NewKey> => post('/api/access/keys', JSON.stringify(key));
export const sendKeyEnd = async (id: string): Promise<void> => { await ask(`/api/access/keys/${part(id)}`, { method: 'DELETE' }); };
/** So many entries after a number. */
export const loadAudit = (after: number, limit: number): Promise<AuditLine[]> => send(`/api/audit?after=${String(after)}&limit=${String(limit)}`);
export const loadAuditReport = (): Promise<AuditReport> => send('/api/audit/check');

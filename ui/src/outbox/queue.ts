/** What was reported and has yet to reach the server, in this browser's own database: it survives a reload and a flat battery. */
import type { Problem } from '../api/types';

export interface Queued {
  /** The order in which it was reported. */
  id: number;
  /** The server takes what comes again under this key once. */
  key: string;
  party: string; label: string; body: string; made: number;
  state: 'waiting' | 'sent' | 'refused'; problem?: Problem;
}

const NAME = 'kervan';
const STORE = 'reports';
/** What was sent is shown for a while; older ones are forgotten. */
const MOST_KEPT = 30;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id', autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(NAME));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      // Only what the database has written to its end is kept.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error(NAME));
    });
  } finally {
    database.close();
  }
}

export const listQueued = (): Promise<Queued[]> => run('readonly', (store) => store.getAll() as IDBRequest<Queued[]>);
export const saveQueued = (one: Queued): Promise<unknown> => run('readwrite', (store) => store.put(one));
export const dropQueued = (id: number): Promise<unknown> => run('readwrite', (store) => store.delete(id));
export const addQueued = async (one: Omit<Queued, 'id'>): Promise<number> => Number(await run('readwrite', (store) => store.add(one)));

/** Forgets the oldest of those that are done. */
export async function forgetOld(): Promise<void> {
  const done = (await listQueued()).filter((one) => one.state === 'sent');
  for (const one of done.slice(0, Math.max(0, done.length - MOST_KEPT))) await dropQueued(one.id);
}

/** What the screen does about requests that change something: one key for one deed, and a line that breaks in the middle. */

/** A deed that the line swallowed is sent again by itself after these pauses; then the reader is asked. */
const PAUSES_MS = [600, 2_000];

/** Keys of deeds whose answer never came, by what was asked. */
const unanswered = new Map<string, string>();

/** The key of a deed: the same again while nobody knows whether it was done, a new one after every answer. */
export async function once<T>(deed: string, isLost: (error: unknown) => boolean, send: (key: string) => Promise<T>, pauses: readonly number[] = PAUSES_MS): Promise<T> {
  const key = unanswered.get(deed) ?? crypto.randomUUID();
  unanswered.set(deed, key);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await send(key);
      unanswered.delete(deed);
      return answer;
    } catch (error) {
      const pause = pauses[attempt];
      if (!isLost(error)) unanswered.delete(deed);
      if (!isLost(error) || pause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

export interface Answered { readonly method: string; readonly path: string; readonly status: number }
const watchers = new Set<(answered: Answered) => void>();

/** Tells every answer of the server: who watches learns that a session has ended, or what a newcomer has done. */
export function watchAnswers(watch: (answered: Answered) => void): () => void {
  watchers.add(watch);
  return () => watchers.delete(watch);
}
export function tellAnswer(answered: Answered): void {
  watchers.forEach((watch) => watch(answered));
}

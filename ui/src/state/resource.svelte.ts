import { ApiError } from '../api/client';
import type { Problem } from '../api/types';

/** Something loaded from the server: nothing yet, a value (perhaps being refreshed), or the problem that came instead. */
export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | undefined>(undefined);
  loading = $state(false);
  private turn = 0;

  /** Loads; an answer that a later load has overtaken is dropped. The last value stays visible meanwhile. */
  async load(fetchValue: () => Promise<T>): Promise<void> {
    const turn = ++this.turn;
    this.loading = true;
    try {
      const value = await fetchValue();
      if (turn !== this.turn) return;
      this.value = value;
      this.problem = undefined;
    } catch (error) {
      if (turn !== this.turn) return;
      this.problem = error instanceof ApiError ? error.problem : { type: 'about:blank', title: String(error), status: 0 };
    } finally {
      if (turn === this.turn) this.loading = false;
    }
  }

  /** Takes what the server has just answered to something else; what was asked for before that is old. */
  take(value: T): void {
    this.turn += 1;
    this.value = value;
    this.problem = undefined;
    this.loading = false;
  }

  clear(): void {
    this.turn += 1;
    this.value = undefined;
    this.problem = undefined;
    this.loading = false;
  }
}

import { ApiError } from '../api/client';
import type { Problem } from '../api/types';

/** Something loaded from the server: nothing yet, a value (perhaps being refreshed), or the problem that came instead. */
export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | undefined>(undefined);
  loading = $state(false);
  private turn = 0;
  /** Asked for while another answer was under way. */
  private wanted: (() => Promise<T>) | undefined;

  /** Loads; an answer that a later load has overtaken is dropped. The last value stays visible meanwhile. */
  async load(fetchValue: () => Promise<T>): Promise<void> {
    const turn = ++this.turn;
    this.wanted = undefined;
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
      if (turn === this.turn) {
        this.loading = false;
        const next = this.wanted;
        if (next !== undefined) void this.load(next);
      }
    }
  }

  /**
   * Asks the same again because something has changed: once, when what is under way has come. A server that answers more slowly than things
   * change would otherwise be overtaken for ever, and nothing be shown.
   */
  renew(fetchValue: () => Promise<T>): void {
    if (this.loading) this.wanted = fetchValue;
    else void this.load(fetchValue);
  }

  /** Takes what the server has just answered to something else; what was asked for before that is old. */
  take(value: T): void {
    this.turn += 1;
    this.wanted = undefined;
    this.value = value;
    this.problem = undefined;
    this.loading = false;
  }

  clear(): void {
    this.turn += 1;
    this.wanted = undefined;
    this.value = undefined;
    this.problem = undefined;
    this.loading = false;
  }
}

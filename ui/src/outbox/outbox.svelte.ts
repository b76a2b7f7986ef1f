import { ApiError, sendCapture, UNREACHABLE } from '../api/client';
import { currentMember } from '../state/session.svelte';
import { addQueued, dropQueued, forgetOld, listQueued, saveQueued, type Queued } from './queue';

/** So long a report can be taken back before it leaves. */
export const REGRET_MS = 4_000;
const AGAIN_MS = 10_000;

/** Reports on their way: kept first, sent in order, each once. A report that is refused does not hold up those behind it. */
class Outbox {
  list = $state.raw<Queued[]>([]);
  /** Whether the browser keeps what is reported; in some private windows it cannot. */
  keeps = $state(true);
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly waiting = $derived(this.list.filter((one) => one.state === 'waiting'));
  readonly refused = $derived(this.list.filter((one) => one.state === 'refused'));

  async start(): Promise<void> {
    addEventListener('online', () => void this.send());
    await this.refresh();
    await this.send();
  }

  async add(label: string, document: object): Promise<void> {
    const party = currentMember()?.id;
    if (party === undefined) return;
    const made = Date.now();
    await addQueued({ key: crypto.randomUUID(), party, label, body: JSON.stringify(document), made, state: 'waiting' });
    await this.refresh();
    this.later(REGRET_MS);
  }

  async takeBack(one: Queued): Promise<void> {
    await dropQueued(one.id);
    await this.refresh();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), ms);
  }

  private async refresh(): Promise<void> {
    try {
      this.list = await listQueued();
    } catch {
      this.keeps = false;
    }
  }

  /** Sends what waits, in order, as long as the line holds. Nothing is sent in another party's name. */
  async send(): Promise<void> {
    const party = currentMember()?.id;
    if (this.sending || party === undefined) return;
    this.sending = true;
    try {
      for (const one of this.waiting) {
        if (one.party !== party) continue;
        const wait = one.made + REGRET_MS - Date.now();
        if (wait > 0) {
          this.later(wait);
          break;
        }
        if (!(await this.deliver(one))) {
          this.later(AGAIN_MS);
          break;
        }
      }
    } finally {
      this.sending = false;
      await this.refresh();
    }
  }

  private async deliver(one: Queued): Promise<boolean> {
    try {
      await sendCapture(one.body, one.key);
      await saveQueued({ ...one, state: 'sent' });
      await forgetOld();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status } = error.problem;
      // No line, no session, a server that is busy or broken: it is sent again. Anything else is the server's answer.
      if (error.problem.code === UNREACHABLE || status === 401 || status === 429 || status >= 500) return false;
      await saveQueued({ ...one, state: 'refused', problem: error.problem });
    }
    await this.refresh();
    return true;
  }
}

export const outbox = new Outbox();

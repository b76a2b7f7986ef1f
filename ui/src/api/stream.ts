import { ApiError, ask } from './client';
import { EventReader, type ServerEvent } from './events';
import type { Clock, ConsignmentSummary, Movement, PositionTick } from './types';

export interface StreamListener {
  clock(clock: Clock): void;
  position(tick: PositionTick): void;
  consignment(summary: ConsignmentSummary): void;
  movement(movement: Movement): void;
  alarm(): void;
  /** The line stands. `resumed`: what comes follows on what came before; otherwise what happened meanwhile was not told. */
  opened(resumed: boolean): void;
  /** The line broke, or does not come to stand; it is tried again by itself. */
  lost(): void;
  /** Whoever acts here may not follow; it is not tried again. */
  refused(): void;
}

/** What the follower needs of the world. */
export interface Line {
  /** Asks for the stream. Throws an `ApiError` with the server's refusal, or when no server answers. */
  open(headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response>;
  /** Calls back after some milliseconds; returns what takes that back. */
  after(wait: number, act: () => void): () => void;
  /** Unit: millisecond, from any moment. */
  now(): number;
  /** From 0 up to 1. */
  chance(): number;
}

export const RETRY_FIRST_MS = 1_000;
export const RETRY_MOST_MS = 20_000;
/** A server says every quarter of a minute that it is there. A line on which nothing came for longer than this has broken unheard. */
export const SILENCE_MS = 50_000;
/** After a longer break the lists are fetched anew: that is less than all that was missed. */
export const RESUME_WITHIN_MS = 60_000;

const REFUSED = new Set([401, 403]);

const browserLine: Line = {
  open: (headers, signal) => ask('/api/stream', { headers, signal, cache: 'no-store' }),
  after: (wait, act) => {
    const timer = setTimeout(act, wait);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
  chance: () => Math.random(),
};

/**
 * Follows the server's live updates, as whoever acts here, and comes back by itself after a lost line, ever more slowly. It is read
 * with `fetch`, because an `EventSource` shows no token. Returns the function that stops it.
 */
export function followStream(listener: StreamListener, line: Line = browserLine): () => void {
  const follower = new Follower(listener, line);
  void follower.run();
  return () => follower.stop();
}

class Follower {
  private id = '';
  private brokeAt: number | undefined;
  private wait = RETRY_FIRST_MS;
  private readonly stopped = new AbortController();

  constructor(private readonly listener: StreamListener, private readonly line: Line) {}

  stop(): void {
    this.stopped.abort();
  }

  async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const refused = await this.follow();
      if (this.stopped.signal.aborted) return;
      if (refused) {
        this.listener.refused();
        return;
      }
      this.brokeAt ??= this.line.now();
      this.listener.lost();
      // Half of the pause is drawn, so that not everybody comes back to a node at the same moment.
      await this.rest(this.wait * (0.5 + this.line.chance() / 2));
      this.wait = Math.min(this.wait * 2, RETRY_MOST_MS);
    }
  }

  private rest(wait: number): Promise<void> {
    const { signal } = this.stopped;
    return new Promise((resolve) => {
      const end = (): void => {
        forget();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const forget = this.line.after(wait, end);
      signal.addEventListener('abort', end);
    });
  }

  /** One line from its beginning to its end. Answers whether the server refused it. */
  private async follow(): Promise<boolean> {
    const broken = this.brokeAt === undefined ? 0 : this.line.now() - this.brokeAt;
    if (broken > RESUME_WITHIN_MS) this.id = '';
    const resumed = this.id !== '';
    const cut = new AbortController();
    const stop = (): void => cut.abort();
    this.stopped.signal.addEventListener('abort', stop, { once: true });
    const watch = new Watch(this.line, stop);
    try {
      const headers = { accept: 'text/event-stream', ...(resumed ? { 'last-event-id': this.id } : {}) };
      const response = await this.line.open(headers, cut.signal);
      const body = response.body;
      if (body === null || !(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) return false;
      if (cut.signal.aborted) return false;
      this.brokeAt = undefined;
      this.listener.opened(resumed);
      await this.read(body, watch);
    } catch (error) {
      return error instanceof ApiError && REFUSED.has(error.problem.status);
    } finally {
      watch.end();
      cut.abort();
      this.stopped.signal.removeEventListener('abort', stop);
    }
    return false;
  }

  private async read(body: ReadableStream<Uint8Array>, watch: Watch): Promise<void> {
    const events = new EventReader(this.id);
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (this.stopped.signal.aborted || done) return;
      watch.heard();
      this.wait = RETRY_FIRST_MS;
      for (const event of events.read(value)) this.tell(event);
      if (events.retry !== undefined) this.wait = Math.min(Math.max(events.retry, RETRY_FIRST_MS), RETRY_MOST_MS);
    }
  }

  private tell(event: ServerEvent): void {
    // Numbers only grow. Smaller ones are those of another store, such as one that was restored: what is shown may not be in it.
    if (event.id !== '' && this.id !== '' && Number(event.id) < Number(this.id)) this.listener.opened(false);
    this.id = event.id;
    const { listener } = this;
    if (event.name === 'alarm') listener.alarm();
    else if (event.name === 'clock') listener.clock(JSON.parse(event.data) as Clock);
    else if (event.name === 'position') listener.position(JSON.parse(event.data) as PositionTick);
    else if (event.name === 'consignment') listener.consignment(JSON.parse(event.data) as ConsignmentSummary);
    else if (event.name === 'movement') listener.movement(JSON.parse(event.data) as Movement);
  }
}

/** Cuts a line on which nothing comes any more. One timer for many pieces: it looks again when the silence could be long enough. */
class Watch {
  private last: number;
  private forget: () => void;

  constructor(private readonly line: Line, private readonly cut: () => void) {
    this.last = line.now();
    this.forget = line.after(SILENCE_MS, () => this.look());
  }

  heard(): void {
    this.last = this.line.now();
  }

  end(): void {
    this.forget();
  }

  private look(): void {
    const left = this.last + SILENCE_MS - this.line.now();
    if (left <= 0) this.cut();
    else this.forget = this.line.after(left, () => this.look());
  }
}

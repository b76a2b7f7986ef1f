import type { Clock, ConsignmentSummary, Movement, PositionTick } from './types';

export interface StreamListener {
  clock(clock: Clock): void;
  position(tick: PositionTick): void;
  consignment(summary: ConsignmentSummary): void;
  movement(movement: Movement): void;
  alarm(): void;
  opened(): void;
  lost(): void;
}

const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 20_000;

/**
 * Follows the server's live updates and comes back by itself after a lost line. The browser's own retry gives up
 * on some failures, so a closed source is opened again here, ever more slowly. Returns the function that stops it.
 */
export function followStream(listener: StreamListener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = RETRY_FIRST_MS;

  const on = <T>(name: string, take: (value: T) => void): void => {
    source?.addEventListener(name, (event: MessageEvent<string>) => {
      take(JSON.parse(event.data) as T);
    });
  };

  const open = (): void => {
    source = new EventSource('/api/stream');
    source.onopen = () => {
      wait = RETRY_FIRST_MS;
      listener.opened();
    };
    source.onerror = () => {
      listener.lost();
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, RETRY_MOST_MS);
    };
    on<Clock>('clock', (clock) => listener.clock(clock));
    on<PositionTick>('position', (tick) => listener.position(tick));
    on<ConsignmentSummary>('consignment', (summary) => listener.consignment(summary));
    on<Movement>('movement', (movement) => listener.movement(movement));
    on<unknown>('alarm', () => listener.alarm());
  };

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

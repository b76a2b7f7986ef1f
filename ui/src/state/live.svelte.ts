import { SvelteMap } from 'svelte/reactivity';
import { loadClock, loadConsignments, loadMovements, loadNetwork } from '../api/client';
import { followStream } from '../api/stream';
import type { Clock, ConsignmentSummary, Movement, Network, PositionTick } from '../api/types';
import { Resource } from './resource.svelte';

export type Connection = 'connecting' | 'open' | 'lost';

/** What the whole screen shares: the network, the consignments, the movements and the line to the server. */
class Live {
  readonly network = new Resource<Network>();
  readonly loaded = new Resource<boolean>();
  readonly consignments = new SvelteMap<string, ConsignmentSummary>();
  readonly movements = new SvelteMap<string, Movement>();
  connection = $state<Connection>('connecting');
  /** Counts what was told of alarms: whoever shows them fetches them again. */
  alarmsTold = $state(0);
  /** The corridor's clock as last told, and the browser's own time when it was told. */
  clock = $state.raw<{ told: Clock; heard: number } | undefined>(undefined);
  private readonly watchers = new Set<(tick: PositionTick) => void>();

  start(): () => void {
    void this.network.load(loadNetwork);
    return followStream({
      clock: (clock) => this.setClock(clock),
      position: (tick) => this.watchers.forEach((watch) => watch(tick)),
      consignment: (summary) => this.consignments.set(summary.id, summary),
      movement: (movement) => this.movements.set(movement.id, movement),
      alarm: () => { this.alarmsTold += 1; },
      opened: () => {
        // Whatever happened while the line was down is fetched anew.
        this.connection = 'open';
        void this.refresh();
      },
      lost: () => {
        this.connection = 'lost';
        if (this.loaded.value === undefined) void this.refresh();
      },
    });
  }

  async refresh(): Promise<void> {
    await this.loaded.load(async () => {
      const [consignments, movements, clock] = await Promise.all([loadConsignments(), loadMovements(), loadClock()]);
      replaceAll(this.consignments, consignments);
      replaceAll(this.movements, movements);
      this.setClock(clock);
      return true;
    });
    if (this.network.value === undefined) await this.network.load(loadNetwork);
  }

  setClock(told: Clock): void {
    this.clock = { told, heard: performance.now() };
  }

  /** Positions arrive many times a second, so they go to whoever draws them and not through the shared state. */
  watchPositions(watch: (tick: PositionTick) => void): () => void {
    this.watchers.add(watch);
    return () => this.watchers.delete(watch);
  }

  placeName(code: string): string {
    return this.network.value?.places.find((place) => place.code === code)?.name ?? code;
  }

  movementsOf(consignment: string): Movement[] {
    return [...this.movements.values()].filter((movement) => movement.consignment === consignment);
  }
}

function replaceAll<T extends { id: string }>(map: SvelteMap<string, T>, items: readonly T[]): void {
  const kept = new Set(items.map((item) => item.id));
  for (const id of map.keys()) if (!kept.has(id)) map.delete(id);
  for (const item of items) map.set(item.id, item);
}

export const live = new Live();

/** The corridor's time now, in milliseconds, carried on from what the server last told. */
export function corridorNow(clock: { told: Clock; heard: number }, performanceNow: number): number {
  const speed = clock.told.paused === true ? 0 : (clock.told.speed ?? 1);
  return Date.parse(clock.told.now) + (performanceNow - clock.heard) * speed;
}

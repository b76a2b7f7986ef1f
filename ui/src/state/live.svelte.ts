import { loadClock, loadConsignments, loadMovements, loadNetwork } from '../api/client';
import { followStream } from '../api/stream';
import type { Clock, ConsignmentSummary, Movement, Network, Place, PositionTick } from '../api/types';
import { said } from '../i18n/names.svelte';
import { keepsPeople } from './keepers';
import { handsFor } from './hands';
import { Resource } from './resource.svelte';
import { Rows } from './rows.svelte';
import { currentMember, expectedMember, isAwaited, watchSession } from './session.svelte';

/** The lists change at most this often. */
const FLUSH_MS = 250;
/** However long somebody writes, the lists are never older than this. */
const LONGEST_MS = 2_000;

/** `none`: whoever acts here follows nothing; who runs or audits the node is let into no goods, so there is nothing to be told. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused' | 'none';

/** The code of a refusal that the page knows by itself: who keeps the node is let into no goods. */
export const NO_GOODS = 'page.no-goods';

interface Told { readonly consignments: Map<string, ConsignmentSummary>; readonly movements: Map<string, Movement> }

/** What the whole screen shares: the network, the consignments, the movements and the line to the server. */
class Live {
  readonly network = new Resource<Network>();
  readonly loaded = new Resource<boolean>();
  /** The movements come whole, and after the first consignments: a list of them is not empty before. */
  readonly cleared = new Resource<boolean>();
  readonly consignments = new Rows<ConsignmentSummary>();
  readonly movements = new Rows<Movement>();
  connection = $state<Connection>('connecting');
  /** Counts what was told of alarms: whoever shows them fetches them again. */
  alarmsTold = $state(0);
  /** The corridor's clock as last told, and the browser's own time when it was told. */
  clock = $state.raw<{ told: Clock; heard: number } | undefined>(undefined);
  private readonly watchers = new Set<(tick: PositionTick) => void>();

  /** What the stream told since the lists were last changed. */
  private readonly changed: Told = { consignments: new Map(), movements: new Map() };
  /** What it told since the lists are being fetched anew. */
  private toldMeanwhile: Told | undefined;
  private flushing: ReturnType<typeof setTimeout> | undefined;

  /** Thousands of changes a second become a few changes of the page, and none while somebody is doing something with it. */
  private flushSoon(after = FLUSH_MS, since = performance.now()): void {
    this.flushing ??= setTimeout(() => {
      this.flushing = undefined;
      const now = performance.now();
      const hands = handsFor(now);
      if (hands > 0 && now - since < LONGEST_MS) {
        this.flushSoon(hands, since);
        return;
      }
      this.consignments.setAll(this.changed.consignments.values());
      this.movements.setAll(this.changed.movements.values());
      this.changed.consignments.clear();
      this.changed.movements.clear();
    }, after);
  }

  /** Follows the node until the returned function is called: as whoever acts here, and only while the page is shown to somebody. */
  start(): () => void {
    void this.network.load(loadNetwork);
    let stop = isAwaited() ? (): void => undefined : this.follow();
    const leave = (): void => stop();
    const come = (event: PageTransitionEvent): void => { if (event.persisted) stop = this.follow(); };
    // Somebody else sees other things: the line of whoever acted before is closed at once.
    const forget = watchSession((known) => {
      stop();
      if (currentMember() === undefined) this.clear();
      this.connection = 'connecting';
      let here = true;
      stop = () => { here = false; };
      void known.then(() => { if (here) stop = this.follow(); });
    });
    window.addEventListener('pagehide', leave);
    window.addEventListener('pageshow', come);
    return () => {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', come);
      forget();
      stop();
    };
  }

  private follow(): () => void {
    if (keepsPeople(expectedMember())) {
      this.connection = 'none';
      this.clear();
      this.loaded.problem = this.cleared.problem = { type: 'about:blank', title: '', status: 403, code: NO_GOODS };
      void loadClock().then((clock) => this.setClock(clock)).catch(() => undefined);
      return () => undefined;
    }
    return followStream({
      clock: (clock) => this.setClock(clock),
      position: (tick) => this.watchers.forEach((watch) => watch(tick)),
      consignment: (summary) => {
        this.changed.consignments.set(summary.id, summary);
        this.toldMeanwhile?.consignments.set(summary.id, summary);
        this.flushSoon();
      },
      movement: (movement) => {
        this.changed.movements.set(movement.id, movement);
        this.toldMeanwhile?.movements.set(movement.id, movement);
        this.flushSoon();
      },
      alarm: () => { this.alarmsTold += 1; },
      opened: (resumed) => {
        this.connection = 'open';
        // What was not told is fetched anew.
        if (resumed && this.loaded.value !== undefined) return;
        this.alarmsTold += 1;
        void this.refresh();
      },
      lost: () => {
        this.connection = 'lost';
        if (this.loaded.value === undefined) void this.refresh();
      },
      refused: () => {
        this.connection = 'refused';
        void this.refresh();
      },
    });
  }

  /** What was shown to somebody who has signed out is not left for whoever comes next. */
  private clear(): void {
    this.changed.consignments.clear();
    this.changed.movements.clear();
    this.consignments.replace([]);
    this.movements.replace([]);
    this.toldMeanwhile = undefined;
    this.loaded.clear();
    this.cleared.clear();
  }

  async refresh(): Promise<void> {
    // The lists are from some moment of their fetching: what the stream tells from now on may be newer, and is never older in the end.
    const told: Told = { consignments: new Map(), movements: new Map() };
    this.toldMeanwhile = told;
    const timed = loadClock().then((clock) => this.setClock(clock)).catch(() => undefined);
    await this.loaded.load(async () => {
      // The first pages are shown while the rest still comes.
      const fresh = this.consignments.size === 0;
      const take = (items: readonly ConsignmentSummary[]): void => {
        if (!fresh || this.toldMeanwhile !== told) return;
        this.consignments.setAll(items);
        this.loaded.value = true;
      };
      const moved = this.cleared.load(async () => {
        const movements = await loadMovements();
        if (this.toldMeanwhile !== told) return true;
        this.movements.replace(movements);
        this.movements.setAll(told.movements.values());
        return true;
      });
      const [consignments] = await Promise.all([loadConsignments(take), timed, moved]);
      if (this.toldMeanwhile !== told) return true;
      this.consignments.replace(consignments);
      this.consignments.setAll(told.consignments.values());
      return true;
    });
    if (this.toldMeanwhile === told) this.toldMeanwhile = undefined;
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

  place(code: string): Place | undefined {
    return this.network.value?.places.find((place) => place.code === code);
  }

  /** The name of a place in the language shown. */
  placeName(code: string): string {
    const name = this.place(code)?.name;
    return name === undefined ? code : said(name);
  }

  movementsOf(consignment: string): Movement[] {
    return this.movements.list.filter((movement) => movement.consignment === consignment);
  }
}

export const live = new Live();

/** The corridor's time now, in milliseconds, carried on from what the server last told. */
export function corridorNow(clock: { told: Clock; heard: number }, performanceNow: number): number {
  const speed = clock.told.paused === true ? 0 : (clock.told.speed ?? 1);
  return Date.parse(clock.told.now) + (performanceNow - clock.heard) * speed;
}

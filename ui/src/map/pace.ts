import type { Map as MapLibre } from 'maplibre-gl';
import { handsFor } from '../state/hands';

/** Between two paintings of a map that is still putting itself together, the page has this many times as long to itself. */
const SHARE = 2;
/** However slow the machine and however busy the hands: what changed on the map is painted this long after it changed. */
const LONGEST_MS = 1_500;
/** The same for a map that is not whole yet, on a machine that paints slowly: each piece of it that is painted keeps the page from hands. */
const LONGEST_START_MS = 4_000;
/** A painting that takes less than this is in nobody's way. */
const CHEAP_MS = 30;
/** Of a painting's cost and those before it: one that took long for once is soon forgotten. */
const FORGET = 0.7;
/** How often hands that do not rest are looked at again. */
const AGAIN_MS = 50;

/** What a browser can say about clicks that wait for the page. */
interface Scheduling { readonly isInputPending?: () => boolean }
const pending = (): boolean => (navigator as { scheduling?: Scheduling }).scheduling?.isInputPending?.() ?? false;

/** How a map's paintings keep out of the way of hands. */
export interface Pace {
  /** What a painting costs, in milliseconds of the page's own time. */
  readonly cost: () => number;
}

/**
 * Without a graphics card each painting of the map takes a third of a second of the page's own time, and whoever clicks meanwhile waits for
 * it. So a map paints when hands rest, for as long as two paintings would take; one that starts asks for a painting with every piece that
 * arrives, and paints seldom until it stands still for the first time. Whoever moves the map by hand sees it move at once.
 */
export function pace(map: MapLibre): Pace {
  const paint = map.triggerRepaint.bind(map);
  let starting = true;
  let byHand = false;
  let cost = 0;
  let began = 0;
  let free = 0;
  let asked = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  map.on('render', () => {
    began = performance.now();
    // What a painting costs is known when the browser comes to the next frame.
    requestAnimationFrame((now) => {
      const took = Math.max(0, performance.now() - began);
      cost = Math.max(took, cost * FORGET);
      free = starting ? now + Math.min(LONGEST_MS, SHARE * took) : 0;
    });
  });
  map.on('movestart', (event) => { byHand = event.originalEvent !== undefined; });
  map.on('moveend', () => { byHand = false; });
  map.once('idle', () => { starting = false; });

  const restFor = (now: number): number => {
    const toil = starting && cost > CHEAP_MS;
    if (now - asked > (toil ? LONGEST_START_MS : LONGEST_MS)) return 0;
    // What takes longest is painted last, when the map's letters have come: hands that have hardly left are waited for.
    const hands = handsFor(now, toil ? LONGEST_START_MS : SHARE * cost);
    return Math.max(free - now, hands, hands === 0 && pending() ? AGAIN_MS : 0);
  };
  const look = (): void => {
    waiting = undefined;
    const rest = restFor(performance.now());
    if (rest > 0) waiting = setTimeout(look, rest);
    else paint();
  };
  map.triggerRepaint = () => {
    if (waiting !== undefined && !byHand) return;
    const now = performance.now();
    if (byHand || (!starting && cost < CHEAP_MS)) {
      clearTimeout(waiting);
      waiting = undefined;
      paint();
      return;
    }
    asked = now;
    const rest = restFor(now);
    if (rest <= 0) paint();
    else waiting = setTimeout(look, rest);
  };
  return { cost: () => cost };
}

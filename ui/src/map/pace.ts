import type { Map as MapLibre } from 'maplibre-gl';
import { handsFor } from '../state/hands';

/** Between two paintings of a map that is still putting itself together, the page has this many times as long to itself. */
const SHARE = 2;
/** However slow the machine: a map that comes piece by piece shows a piece at least this often. */
const LONGEST_MS = 1_500;

/**
 * A map that starts asks for a painting with every piece that arrives, and without a graphics card each takes a third of a second of the
 * page's own time. Until it stands still for the first time it paints seldom, and not while a hand does something; then it is left alone.
 */
export function paceStart(map: MapLibre): void {
  const paint = map.triggerRepaint.bind(map);
  let began = 0;
  let free = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const rendered = (): void => {
    began = performance.now();
    // What a painting costs is known when the browser comes to the next frame.
    requestAnimationFrame((now) => { free = now + Math.min(LONGEST_MS, SHARE * Math.max(0, performance.now() - began)); });
  };
  map.triggerRepaint = () => {
    if (waiting !== undefined) return;
    const now = performance.now();
    const rest = Math.max(free - now, handsFor(now));
    if (rest <= 0) {
      paint();
      return;
    }
    waiting = setTimeout(() => {
      waiting = undefined;
      map.triggerRepaint();
    }, rest);
  };
  map.on('render', rendered);
  map.once('idle', () => {
    map.off('render', rendered);
    map.triggerRepaint = paint;
  });
}

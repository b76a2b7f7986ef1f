/**
 * Whether somebody is doing something with the page just now. What changes by itself (lists, markers) waits that long, so that what a hand
 * asked for is painted first.
 */
const REST_MS = 120;
/** Hands that have rested this long are taken to rest, whatever there is to do. */
const LONGEST_REST_MS = 600;

let touched = Number.NEGATIVE_INFINITY;

export function startHands(): void {
  for (const kind of ['pointerdown', 'pointerup', 'keydown', 'input', 'wheel'] as const) {
    addEventListener(kind, () => { touched = performance.now(); }, { capture: true, passive: true });
  }
}

/** How many milliseconds hands still want to themselves; 0 when they have rested, longer before work that takes longer. */
export function handsFor(now: number, longer = 0): number {
  return Math.max(0, touched + Math.max(REST_MS, Math.min(LONGEST_REST_MS, longer)) - now);
}

/** Work that waits for hands waits no longer than this. */
const LONGEST_WAIT_MS = 2_500;

/** Long work is done in parts: between them the page answers whoever touches it. */
export async function rest(longer = 0): Promise<void> {
  const since = performance.now();
  let wanted = handsFor(since, longer);
  do {
    await new Promise((resolve) => { setTimeout(resolve, wanted); });
    wanted = handsFor(performance.now(), longer);
  } while (wanted > 0 && performance.now() - since < LONGEST_WAIT_MS);
}

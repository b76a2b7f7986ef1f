/**
 * What a person writes on the clock of a place, and the instant that is meant. Clocks are put forward and back: a time on the
 * wall may not be there at all, or be there twice. Browsers know the zones; the arithmetic is ours.
 */

/** A time on a wall, as the browser's field has it: `2026-10-25T02:30`. */
export type Wall = string;

/** What a time on a wall comes to: once, twice (the earlier one first), or never (a gap). */
export type Meant =
  | { readonly kind: 'once'; readonly instant: string }
  | { readonly kind: 'twice'; readonly instant: string; readonly later: string }
  | { readonly kind: 'gap'; readonly instant: string; readonly wall: Wall };

const MINUTE = 60_000;
/** No zone is further from UTC, and none changes by more, than this. */
const DAY = 86_400_000;
const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    try {
      format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      // A zone that the browser does not know is asked for in UTC, and its name says so.
      format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formats.set(zone, format);
  }
  return format;
}

/** What the wall of a zone shows at an instant in milliseconds. */
function wallAt(at: number, zone: string): Wall {
  const part = Object.fromEntries(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${(part['year'] ?? '').padStart(4, '0')}-${part['month'] ?? ''}-${part['day'] ?? ''}T${part['hour'] ?? ''}:${part['minute'] ?? ''}`;
}

const asUtc = (wall: Wall): number => Date.parse(`${wall.slice(0, 16)}:00Z`);
const offsetAt = (at: number, zone: string): number => asUtc(wallAt(at, zone)) - Math.floor(at / MINUTE) * MINUTE;
const written = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}:00Z`;

/** What the wall of a zone shows at an instant; nothing if the text is no instant. A time without its zone is one of UTC, not of the machine. */
export function wallOf(instant: string, zone: string): Wall {
  const at = Date.parse(/T[\d:.]+$/.test(instant) ? `${instant}Z` : instant);
  return Number.isNaN(at) ? '' : wallAt(at, zone);
}

/** The instants at which the wall of a zone shows a time; nothing if the text is no time. In a gap the clock runs on as if it had not been put forward. */
export function meantBy(wall: Wall, zone: string): Meant | undefined {
  const local = WALL.test(wall) ? asUtc(wall) : NaN;
  if (Number.isNaN(local)) return undefined;
  const [before, after] = [offsetAt(local - DAY, zone), offsetAt(local + DAY, zone)];
  const fits = [...new Set([local - before, local - after])].filter((at) => wallAt(at, zone) === wall.slice(0, 16)).sort((a, b) => a - b);
  const [first, second] = fits;
  if (first === undefined) return { kind: 'gap', instant: written(local - before), wall: wallAt(local - before, zone) };
  if (second === undefined) return { kind: 'once', instant: written(first) };
  return { kind: 'twice', instant: written(first), later: written(second) };
}

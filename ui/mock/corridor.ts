// Fixture of the state of the corridor: figures that look like figures, the same for each name.
import type { CorridorRow } from '../src/api/types.ts';
import { network } from './network.ts';

function row(kind: string, id: string, name: string, hours: number, queue: number | null): CorridorRow {
  const seed = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) / 997;
  const middle = hours * (0.5 + seed);
  return {
    kind, id, name, count: 3 + Math.round(seed * 40), per_day: Math.round((3 + seed * 40) / 3) / 10, queue,
    p10_h: middle * 0.6, p50_h: middle, p90_h: middle * 1.8, p95_h: middle * 2.3, buffer_index: 0.2 + seed,
  };
}

export function corridorState(now: number): CorridorRow[] {
  const names = new Map(network.places.map((place) => [place.code, place.name]));
  const name = (code: string): string => names.get(code) ?? code;
  const places = network.places.map((place, i) => row('place', place.code, place.name, 30, Math.floor(now / 3_600_000 + i) % 7));
  const links = network.links.map((link) => row('link', link.id, `${name(link.from)} → ${name(link.to)}`, 60, null));
  const route = row('route', 'CNXIA>TRIST', `${name('CNXIA')} → ${name('TRIST')}`, 500, null);
  return [...places, ...links, route];
}

import type { Place } from '../api/types';

const MOST = 12;

/** Letters without their marks, so that "Halkali" finds Halkalı. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ı', 'i').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function rank(place: Place, wish: string): number {
  const name = plain(place.name);
  if (plain(place.code) === wish) return 0;
  if (name.startsWith(wish)) return 1;
  if (name.split(' ').some((word) => word.startsWith(wish))) return 2;
  if (plain(place.code).includes(wish)) return 3;
  return name.includes(wish) ? 4 : 9;
}

/** The places whose name or code fits the text, best first. */
export function searchPlaces(places: readonly Place[], text: string): Place[] {
  const wish = plain(text);
  const byName = (a: Place, b: Place): number => a.name.localeCompare(b.name);
  if (wish === '') return [...places].sort(byName).slice(0, MOST);
  return places
    .map((place) => ({ place, at: rank(place, wish) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at || byName(a.place, b.place))
    .slice(0, MOST)
    .map(({ place }) => place);
}

/** A name without what stands in brackets or after a slash, for the map and for lists: the place's own page shows it whole. */
export function shortName(name: string): string {
  return name.replace(/\s*[(/].*$/, '') || name;
}

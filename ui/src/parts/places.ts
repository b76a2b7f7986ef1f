import type { Place } from '../api/types';
import { byName } from '../i18n/format';
import { cut, said } from '../i18n/names.svelte';

const MOST = 12;

/** Letters without their marks, so that "Halkali" finds Halkalı. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ı', 'i').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** By the name that is shown, and by the English one that stands in papers. */
function rank(place: Place, wish: string): number {
  return Math.min(rankOf(place, plain(said(place.name)), wish), rankOf(place, plain(place.name), wish));
}

function rankOf(place: Place, name: string, wish: string): number {
  if (plain(place.code) === wish) return 0;
  if (name.startsWith(wish)) return 1;
  if (name.split(' ').some((word) => word.startsWith(wish))) return 2;
  if (plain(place.code).includes(wish)) return 3;
  return name.includes(wish) ? 4 : 9;
}

/** The places whose name or code fits the text, best first. */
export function searchPlaces(places: readonly Place[], text: string): Place[] {
  const wish = plain(text);
  if (wish === '') return [...places].sort((a, b) => byName(said(a.name), said(b.name))).slice(0, MOST);
  return places
    .map((place) => ({ place, at: rank(place, wish) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at || byName(said(a.place.name), said(b.place.name)))
    .slice(0, MOST)
    .map(({ place }) => place);
}

/** A place's name in the language shown, without what stands in brackets or after a slash, for the map and for lists: the place's own page shows it whole. */
export function shortName(name: string): string {
  return cut(said(name));
}

/** The order of references and ids: by their signs, the same in every language, and quick for thousands. */
export const compareCodes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

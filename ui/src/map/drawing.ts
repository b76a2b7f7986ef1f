import type { Feature, FeatureCollection } from 'geojson';
import type { IsochroneFeature, Network, TrackPoint } from '../api/types';
import { shortName } from '../parts/places';
import type { LegShape } from './routes';

/** A route on the map: what is done, what is ahead, and the alternatives not chosen. */
export interface Drawn extends LegShape { readonly role: 'done' | 'ahead' | 'other' }

const collect = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

export function drawLinks(network: Network): FeatureCollection {
  return collect(network.links.map((link) => ({
    type: 'Feature', properties: { id: link.id, mode: link.mode, state: link.status.state },
    geometry: { type: 'LineString', coordinates: link.course },
  })));
}

/** Places, heavier the more links meet there: the heavier name wins where two would overlap. */
export function drawPlaces(network: Network): FeatureCollection {
  const weights = new Map<string, number>();
  for (const link of network.links) {
    const weight = link.status.state === 'open' ? 2 : 1;
    for (const code of [link.from, link.to]) weights.set(code, (weights.get(code) ?? 0) + weight);
  }
  return collect(network.places.map((place) => ({
    type: 'Feature', properties: { code: place.code, name: shortName(place.name), state: place.status.state, weight: weights.get(place.code) ?? 0 },
    geometry: { type: 'Point', coordinates: [place.lon, place.lat] },
  })));
}

export function drawRoutes(routes: readonly Drawn[]): FeatureCollection {
  return collect(routes.filter((route) => route.course.length > 1).map((route) => ({
    type: 'Feature', properties: { mode: route.mode, role: route.role },
    geometry: { type: 'LineString', coordinates: route.course.map((point) => [...point]) },
  })));
}

/** The ground that is reached, the widest first so that the nearer lies over it. */
export function drawAreas(areas: readonly IsochroneFeature[]): FeatureCollection {
  return collect(areas.map((one) => ({ type: 'Feature', properties: {}, geometry: one.geometry })));
}

/** Positions as reported, doubted ones apart, and a line from each to the point of the network that it is taken for. */
export function drawTrail(trail: readonly TrackPoint[]): FeatureCollection {
  return collect(trail.flatMap((one): Feature[] => {
    const reported = [one.lon, one.lat];
    const point: Feature = { type: 'Feature', properties: { doubted: !one.believed }, geometry: { type: 'Point', coordinates: reported } };
    if (one.on === null) return [point];
    return [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [reported, [one.on.lon, one.on.lat]] } }, point];
  }));
}

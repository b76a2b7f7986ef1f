import type { Feature, FeatureCollection, Geometry, MultiLineString, MultiPolygon, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import worldUrl from 'world-atlas/countries-50m.json?url';
import { country } from '../i18n/format';
import { t, type MessageKey } from '../i18n/i18n.svelte';
import { rest } from '../state/hands';

type World = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export interface Basemap {
  /** The land without its borders, in pieces that the map takes one after the other; their outlines are the coasts. */
  land: FeatureCollection<MultiPolygon>;
  borders: Feature<MultiLineString>;
  /** Where each country's name stands: its ISO numeric code, a point, and the size of the land it labels. */
  countries: { code: string; point: [number, number]; size: number }[];
}

let loaded: Promise<Basemap> | undefined;

/** Natural Earth's countries at 1:50 million, from a file of our own: no map server is asked. */
export function loadBasemap(): Promise<Basemap> {
  loaded ??= fetchWorld().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function fetchWorld(): Promise<Basemap> {
  const response = await fetch(worldUrl);
  if (!response.ok) throw new Error(`the base map answered ${String(response.status)}`);
  const world = (await response.json()) as World;
  await rest();
  const land = feature(world, world.objects.land);
  for (const one of land.features) unwrapLand(one.geometry);
  await rest();
  const borders = line(mesh(world, world.objects.countries, (a, b) => a !== b));
  await rest();
  const countries: Basemap['countries'] = [];
  for (let at = 0; at < world.objects.countries.geometries.length; at += COUNTRIES_AT_ONCE) {
    const geometries = world.objects.countries.geometries.slice(at, at + COUNTRIES_AT_ONCE);
    const some = feature(world, { type: 'GeometryCollection', geometries });
    for (const one of some.features) {
      unwrapLand(one.geometry);
      const label = labelOf(one);
      if (label !== undefined) countries.push(label);
    }
    await rest();
  }
  return { land: inPieces(land), borders, countries };
}

/** So many points are handed to the map's worker in a few milliseconds. */
const POINTS_A_PIECE = 8_000;
const COUNTRIES_AT_ONCE = 60;

/** The same land, so that no piece holds more points than are handed over at once, but for one polygon that does. */
export function inPieces(land: FeatureCollection): FeatureCollection<MultiPolygon> {
  const polygons = land.features.flatMap(({ geometry }) =>
    geometry.type === 'MultiPolygon' ? geometry.coordinates : geometry.type === 'Polygon' ? [geometry.coordinates] : []);
  const pieces: Position[][][][] = [];
  let room = 0;
  for (const polygon of polygons) {
    const points = polygon.reduce((sum, ring) => sum + ring.length, 0);
    if (points > room) {
      pieces.push([]);
      room = POINTS_A_PIECE;
    }
    pieces.at(-1)?.push(polygon);
    room -= points;
  }
  const features = pieces.map((coordinates, id): Feature<MultiPolygon> => ({ type: 'Feature', id, properties: {}, geometry: { type: 'MultiPolygon', coordinates } }));
  return { type: 'FeatureCollection', features };
}

/**
 * The file joins what the 180th meridian cuts, as on a globe. On a flat map a chain that jumps from one edge to the other
 * would be drawn straight across, so it is carried on beyond the edge; a ring around a pole is closed over the pole.
 */
function unwrap(chain: Position[], ring: boolean): void {
  let shift = 0;
  for (let i = 1; i < chain.length; i++) {
    const here = chain[i] ?? [];
    const before = chain[i - 1]?.[0] ?? 0;
    const lon = (here[0] ?? 0) + shift;
    if (lon - before > 180) shift -= 360;
    else if (before - lon > 180) shift += 360;
    chain[i] = [(here[0] ?? 0) + shift, here[1] ?? 0];
  }
  if (!ring || shift === 0) return;
  const [first, last] = [chain[0] ?? [], chain.at(-1) ?? []];
  const pole = (first[1] ?? 0) < 0 ? -90 : 90;
  chain.push([last[0] ?? 0, pole], [first[0] ?? 0, pole], first);
}

function unwrapLand(geometry: Geometry): void {
  if (geometry.type === 'Polygon') geometry.coordinates.forEach((ring) => unwrap(ring, true));
  if (geometry.type === 'MultiPolygon') geometry.coordinates.forEach((rings) => rings.forEach((ring) => unwrap(ring, true)));
}

function line(geometry: MultiLineString): Feature<MultiLineString> {
  geometry.coordinates.forEach((chain) => unwrap(chain, false));
  return { type: 'Feature', properties: {}, geometry };
}

function labelOf(one: Feature): Basemap['countries'][number] | undefined {
  if (one.id === undefined) return undefined;
  const polygons: Position[][] =
    one.geometry.type === 'Polygon' ? [one.geometry.coordinates[0] ?? []]
    : one.geometry.type === 'MultiPolygon' ? one.geometry.coordinates.map((rings) => rings[0] ?? [])
    : [];
  let best: { point: [number, number]; size: number } | undefined;
  for (const ring of polygons) {
    const found = centroid(ring);
    if (found !== undefined && found.size > (best?.size ?? 0)) best = found;
  }
  return best === undefined ? undefined : { code: String(one.id), ...best };
}

function centroid(ring: readonly Position[]): { point: [number, number]; size: number } | undefined {
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 1; i < ring.length; i++) {
    const [x0 = 0, y0 = 0] = ring[i - 1] ?? [];
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const cross = x0 * y1 - x1 * y0;
    area += cross;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  if (area === 0) return undefined;
  return { point: [x / (3 * area), y / (3 * area)], size: Math.abs(area) / 2 };
}

const SEAS: readonly { key: MessageKey; point: [number, number]; size: number }[] = [
  { key: 'sea.caspian', point: [50.1, 45.3], size: 3 },
  { key: 'sea.black', point: [34.6, 43.2], size: 3 },
  { key: 'sea.mediterranean', point: [19.5, 34.6], size: 4 },
  { key: 'sea.arabian', point: [64, 15], size: 5 },
  { key: 'sea.red', point: [38.4, 19.5], size: 2 },
  { key: 'sea.baltic', point: [19.4, 57.3], size: 2 },
  { key: 'sea.bengal', point: [88, 13], size: 4 },
  { key: 'sea.south_china', point: [114.5, 14], size: 4 },
  { key: 'sea.indian', point: [76, -12], size: 8 },
  { key: 'sea.atlantic', point: [-30, 32], size: 8 },
];

/** The names on the land and on the water, in the language shown. */
export function baseLabels(basemap: Basemap): FeatureCollection {
  const land = basemap.countries.map(({ code, point, size }) => label('country', country(code), point, size));
  const water = SEAS.map(({ key, point, size }) => label('sea', t(key), point, size));
  return { type: 'FeatureCollection', features: [...land, ...water] };
}

function label(kind: string, name: string, point: [number, number], size: number): Feature {
  return { type: 'Feature', properties: { kind, name, size }, geometry: { type: 'Point', coordinates: point } };
}

/** Meridians and parallels every ten degrees. */
export function graticule(): Feature<MultiLineString> {
  const lines: Position[][] = [];
  for (let lon = -180; lon <= 180; lon += 10) lines.push([[lon, -70], [lon, 80]]);
  for (let lat = -70; lat <= 80; lat += 10) lines.push([[-180, lat], [0, lat], [180, lat]]);
  return line({ type: 'MultiLineString', coordinates: lines });
}

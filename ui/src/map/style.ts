import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import { graticule } from './basemap';
import type { Palette } from './palette';

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };
export const SOURCES = ['land', 'borders', 'labels', 'areas', 'links', 'routes', 'trail', 'places'] as const;
export type SourceName = (typeof SOURCES)[number];

/** Layers a pointer can hit, nearest to the eye first; the markers of consignments lie over all of them. */
export const HIT_LAYERS = ['places', 'links-hit'] as const;

const FACE = ['Onest'];
const FACE_BOLD = ['Onest Medium'];

const zoomed = (...stops: [number, number][]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as unknown as ExpressionSpecification;

export function modeColour(palette: Palette): ExpressionSpecification {
  return [
    'match', ['get', 'mode'],
    'rail', palette.rail, 'road', palette.road, 'sea', palette.seaLane, 'ferry', palette.ferry, 'inland_water', palette.water,
    palette.inkSoft,
  ];
}

/** The pattern of each mode, in line widths. Hue is never the only difference between two modes. */
export const MODE_DASHES: Readonly<Record<string, readonly number[] | undefined>> = {
  rail: undefined, road: [5, 1.2], sea: [2.4, 1.6], ferry: [0.9, 1.3], inland_water: [4, 1.4],
};

/** The layers that draw the network's lines. */
export const NETWORK_LAYERS = ['links-planned', 'links-disrupted', ...Object.keys(MODE_DASHES).map((mode) => `links-${mode}`)];

function baseLayers(palette: Palette): LayerSpecification[] {
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': palette.sea } },
    { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': palette.graticule, 'line-width': 0.7 } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land, 'fill-antialias': false } },
    { id: 'borders', type: 'line', source: 'borders', paint: { 'line-color': palette.border, 'line-width': zoomed([2, 0.6], [6, 1.2]) } },
    { id: 'coasts', type: 'line', source: 'land', paint: { 'line-color': palette.coast, 'line-width': zoomed([2, 0.6], [6, 1.1]) } },
  ];
}

/** The ground that is reached, one wash for each part of the time over the ones before: the nearest is the deepest. */
function areaLayers(palette: Palette): LayerSpecification[] {
  return [
    { id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-color': palette.accent, 'fill-opacity': 0.18 } },
    { id: 'areas-edge', type: 'line', source: 'areas', paint: { 'line-color': palette.accent, 'line-width': zoomed([2, 0.8], [7, 1.6]) } },
  ];
}

function labelLayers(palette: Palette): LayerSpecification[] {
  const halo = { 'text-halo-width': 1.2 };
  return [
    {
      id: 'sea-labels', type: 'symbol', source: 'labels', filter: ['==', ['get', 'kind'], 'sea'],
      layout: {
        'text-field': ['get', 'name'], 'text-font': FACE, 'text-size': zoomed([2, 10], [6, 15]), 'text-letter-spacing': 0.16,
        'text-max-width': 6, 'symbol-sort-key': ['-', 0, ['get', 'size']],
      },
      paint: { 'text-color': palette.seaLabel, 'text-halo-color': palette.sea, ...halo },
    },
    {
      id: 'country-labels', type: 'symbol', source: 'labels', filter: ['==', ['get', 'kind'], 'country'], maxzoom: 7,
      layout: {
        'text-field': ['get', 'name'], 'text-font': FACE, 'text-letter-spacing': 0.06, 'text-max-width': 7,
        'text-size': ['interpolate', ['linear'], ['zoom'], 2, ['case', ['>', ['get', 'size'], 150], 11, 9], 6, ['case', ['>', ['get', 'size'], 150], 17, 13]],
        'symbol-sort-key': ['-', 0, ['get', 'size']], 'text-padding': 6,
      },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.land, ...halo },
    },
  ];
}

function linkLayers(palette: Palette): LayerSpecification[] {
  const width = zoomed([2, 1], [4, 1.8], [7, 3.2]);
  const open: ExpressionSpecification = ['==', ['get', 'state'], 'open'];
  const perMode = Object.entries(MODE_DASHES).map(([mode, dashes]): LayerSpecification => ({
    id: `links-${mode}`, type: 'line', source: 'links', filter: ['all', open, ['==', ['get', 'mode'], mode]],
    layout: { 'line-join': 'round', 'line-cap': dashes === undefined ? 'round' : 'butt' },
    paint: {
      'line-color': modeColour(palette), 'line-width': width,
      ...(dashes === undefined ? {} : { 'line-dasharray': [...dashes] }),
    },
  }));
  return [
    {
      id: 'links-planned', type: 'line', source: 'links', filter: ['==', ['get', 'state'], 'planned'], layout: { 'line-cap': 'round' },
      paint: { 'line-color': modeColour(palette), 'line-width': width, 'line-dasharray': [0.1, 2.2] },
    },
    {
      id: 'links-disrupted', type: 'line', source: 'links', filter: ['==', ['get', 'state'], 'disrupted'],
      paint: { 'line-color': palette.held, 'line-width': zoomed([2, 0.8], [7, 1.6]) },
    },
    ...perMode,
    {
      id: 'links-crosses', type: 'symbol', source: 'links', filter: ['==', ['get', 'state'], 'disrupted'],
      layout: {
        'symbol-placement': 'line', 'symbol-spacing': 46, 'text-field': '×', 'text-font': FACE_BOLD, 'text-size': 15,
        'text-allow-overlap': true, 'text-ignore-placement': true, 'text-keep-upright': false,
      },
      paint: { 'text-color': palette.held },
    },
    { id: 'links-hit', type: 'line', source: 'links', paint: { 'line-color': '#000', 'line-opacity': 0, 'line-width': 12 } },
    {
      id: 'links-chosen', type: 'line', source: 'links', filter: ['==', ['get', 'id'], ''], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.accent, 'line-opacity': 0.35, 'line-width': zoomed([2, 7], [7, 12]) },
    },
  ];
}

function routeLayers(palette: Palette): LayerSpecification[] {
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const of = (role: string): ExpressionSpecification => ['==', ['get', 'role'], role];
  return [
    { id: 'routes-other', type: 'line', source: 'routes', filter: of('other'), layout: round, paint: { 'line-color': palette.inkSoft, 'line-width': zoomed([2, 1.6], [7, 4]), 'line-opacity': 0.55 } },
    { id: 'routes-casing', type: 'line', source: 'routes', filter: ['!', of('other')], layout: round, paint: { 'line-color': palette.halo, 'line-width': zoomed([2, 6], [7, 11]) } },
    { id: 'routes-ahead', type: 'line', source: 'routes', filter: of('ahead'), paint: { 'line-color': modeColour(palette), 'line-width': zoomed([2, 3], [7, 5.5]), 'line-dasharray': [1.1, 0.8] } },
    { id: 'routes-done', type: 'line', source: 'routes', filter: of('done'), layout: round, paint: { 'line-color': modeColour(palette), 'line-width': zoomed([2, 3.6], [7, 6.5]) } },
    { id: 'trail-off', type: 'line', source: 'trail', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': palette.ink, 'line-width': 0.8 } },
    {
      id: 'trail', type: 'circle', source: 'trail', filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': ['case', ['get', 'doubted'], 4, 1.6], 'circle-color': ['case', ['get', 'doubted'], 'transparent', palette.halo],
        'circle-stroke-color': ['case', ['get', 'doubted'], palette.held, palette.ink], 'circle-stroke-width': ['case', ['get', 'doubted'], 1.6, 0.8],
      },
    },
  ];
}

function placeLayers(palette: Palette): LayerSpecification[] {
  const planned: ExpressionSpecification = ['==', ['get', 'state'], 'planned'];
  return [
    {
      id: 'places', type: 'circle', source: 'places',
      paint: {
        'circle-radius': zoomed([2, 1.8], [4, 3], [7, 5.5]), 'circle-color': ['case', planned, palette.halo, palette.surface],
        'circle-stroke-width': zoomed([2, 1], [5, 1.6]),
        'circle-stroke-color': ['case', ['==', ['get', 'state'], 'disrupted'], palette.held, planned, palette.inkSoft, palette.place],
      },
    },
    {
      id: 'places-chosen', type: 'circle', source: 'places', filter: ['==', ['get', 'code'], ''],
      paint: { 'circle-radius': zoomed([2, 6], [7, 10]), 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-width': 2.4, 'circle-stroke-color': palette.accent },
    },
    {
      id: 'place-labels', type: 'symbol', source: 'places',
      layout: {
        'text-field': ['get', 'name'], 'text-font': FACE_BOLD, 'text-size': zoomed([2, 10], [4, 11.5], [7, 14]),
        'text-variable-anchor': ['left', 'right', 'top', 'bottom', 'top-left', 'bottom-right'], 'text-radial-offset': 0.7,
        'text-justify': 'auto', 'text-max-width': 8, 'symbol-sort-key': ['-', 0, ['get', 'weight']], 'text-padding': 3,
      },
      paint: { 'text-color': palette.place, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
    },
  ];
}

/** The whole style. It names no glyph server: MapLibre then draws each letter from the page's own fonts. */
export function mapStyle(palette: Palette): StyleSpecification {
  const empty = Object.fromEntries(SOURCES.map((name) => [name, { type: 'geojson' as const, data: EMPTY }]));
  return {
    version: 8,
    sources: { ...empty, graticule: { type: 'geojson', data: graticule() } },
    layers: [
      ...baseLayers(palette), ...areaLayers(palette), ...linkLayers(palette), ...labelLayers(palette), ...routeLayers(palette), ...placeLayers(palette),
    ],
  };
}

import type { FeatureCollection } from 'geojson';
import { unit } from '../i18n/format';
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type PointLike } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { baseLabels, loadBasemap } from './basemap';
import type { Bounds } from './geometry';
import { MarkerSheet, type Sheet } from './markers';
import { pace, type Pace } from './pace';
import { readPalette } from './palette';
import { handsFor, rest } from '../state/hands';
import { EMPTY, HIT_LAYERS, mapStyle, NETWORK_LAYERS, type SourceName } from './style';
import type { Marker } from './vehicles';

export type Hit =
  | { readonly kind: 'place'; readonly id: string }
  | { readonly kind: 'link'; readonly id: string }
  | { readonly kind: 'consignment'; readonly id: string };

export interface Padding { top: number; right: number; bottom: number; left: number }

const HIT_PX = 6;
/** How long the map travels to what was asked for, and in how many pictures at least. */
const TRAVEL_MS = 500;
const FRAMES_OF_TRAVEL = 8;
const QUIET_OPACITY = 0.38;
const KINDS: Record<string, Hit['kind']> = { places: 'place', 'links-hit': 'link' };

/** The drawn map: everything that talks to MapLibre. It keeps the data it was given, so that a new theme redraws it. */
export class MapView {
  private readonly map: MapLibre;
  private readonly data = new Map<SourceName, FeatureCollection>();
  private readonly chosen = new Map<string, [string, string]>();
  private ready = false;
  private dimmed = false;
  private readonly markers: MarkerSheet;
  private readonly pace: Pace;
  private readonly waiting = new Map<string, () => void>();
  /** Where the map was painted last: the markers lie on what is seen, not on where the map is about to be. */
  private painted: Sheet | undefined;
  private moved: () => void = () => undefined;
  /** Whether a hand has moved the map since it was last fitted. */
  touched = false;

  constructor(container: HTMLElement, onHit: (hit: Hit | undefined) => void, onHover: (hit: Hit | undefined, at: PointLike) => void) {
    setWorkerUrl(workerUrl);
    this.map = new MapLibre({
      container, style: mapStyle(readPalette()), center: [55, 42], zoom: 2.6, minZoom: 1, maxZoom: 10, attributionControl: false, locale: { 'ScaleControl.Kilometers': unit('kilometer'), 'ScaleControl.Meters': unit('meter') },
      dragRotate: false, pitchWithRotate: false, touchPitch: false, renderWorldCopies: false, fadeDuration: 0,
    });
    this.pace = pace(this.map);
    this.map.touchZoomRotate.disableRotation();
    this.markers = new MarkerSheet(readPalette());
    this.map.getCanvasContainer().append(this.markers.canvas);
    this.resizeMarkers();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-right');
    this.map.on('load', () => this.fill());
    this.map.on('click', (event) => onHit(this.hit(event.point)));
    this.map.on('mousemove', (event) => {
      const hit = this.hit(event.point);
      this.map.getCanvas().style.cursor = hit === undefined ? '' : 'pointer';
      onHover(hit, event.point);
    });
    this.map.on('mouseout', () => onHover(undefined, [0, 0]));
    this.map.on('movestart', (event) => {
      if (event.originalEvent !== undefined) this.touched = true;
    });
    this.map.on('dragstart', () => onHover(undefined, [0, 0]));
  }

  /** Calls back once the map has drawn itself; a map whose worker does not come never does. */
  whenDrawn(then: () => void): void {
    this.map.once('load', then);
  }

  private fill(): void {
    this.ready = true;
    for (const [name, data] of this.data) this.hand(name, data);
    for (const [layer, [field, value]] of this.chosen) this.map.setFilter(layer, ['==', ['get', field], value]);
    if (this.dimmed) this.dim();
  }

  /** The map takes long to paint without a graphics card: what changes on it waits until the hand that asked has its answer. */
  private later(name: string, change: () => void): void {
    const rest = handsFor(performance.now());
    if (this.waiting.size === 0) {
      setTimeout(() => {
        const changes = [...this.waiting.values()];
        this.waiting.clear();
        if (this.ready) for (const one of changes) one();
      }, rest);
    }
    this.waiting.set(name, change);
  }

  /** Draws the consignments over the map as it was painted last. */
  drawMarkers(markers: readonly Marker[], chosen: string | undefined): void {
    this.markers.draw(markers, this.painted ?? this.sheet(), chosen);
  }

  /** Where the map's world lies on the screen, once it is painted so. */
  private sheet(): Sheet {
    const side = 512 * 2 ** this.map.getZoom();
    const { x, y } = this.map.project([0, 0]);
    return { side, x: x - side / 2, y: y - side / 2 };
  }

  /** Calls whenever the map below the markers was painted elsewhere than before: however often it moves in between, once for each painting. */
  onMoved(then: () => void): void {
    this.moved = then;
    this.map.on('render', () => {
      const [now, before] = [this.sheet(), this.painted];
      if (before?.x === now.x && before.y === now.y && before.side === now.side) return;
      this.painted = now;
      then();
    });
  }

  private resizeMarkers(): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    this.markers.resize(clientWidth, clientHeight);
  }

  private source(name: SourceName): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(name);
  }

  set(name: SourceName, data: FeatureCollection): void {
    this.data.set(name, data);
    if (this.ready) this.later(name, () => this.hand(name, data));
  }

  /** Hands the map's worker its data. What is large goes piece by piece, and the page answers in between. */
  private hand(name: SourceName, data: FeatureCollection): void {
    const source = this.source(name);
    const [first, ...others] = name === 'land' ? data.features : [];
    if (first === undefined || source === undefined) {
      source?.setData(data);
      return;
    }
    void (async () => {
      await source.setData({ ...EMPTY, features: [first] });
      for (const piece of others) {
        await rest();
        // Another theme has its own source, which is given everything anew.
        if (this.source(name) !== source) return;
        await source.updateData({ add: [piece] });
      }
    })().catch(() => undefined); // A map that went away meanwhile needs no land.
  }

  /** Loads the land and its names. Errors: rejects when the base map cannot be fetched; the lines stay usable. */
  async showBasemap(): Promise<void> {
    const basemap = await loadBasemap();
    this.set('land', basemap.land);
    await rest();
    this.set('borders', { ...EMPTY, features: [basemap.borders] });
    await rest();
    this.set('labels', baseLabels(basemap));
  }

  /** Draws everything again in the colours of the theme shown now. */
  repaint(): void {
    this.ready = false;
    this.markers.paint(readPalette());
    this.map.setStyle(mapStyle(readPalette()), { diff: false });
    this.map.once('style.load', () => this.fill());
  }

  choose(layer: 'links-chosen' | 'places-chosen', value: string | undefined): void {
    const field = layer === 'places-chosen' ? 'code' : 'id';
    if ((this.chosen.get(layer)?.[1] ?? '') === (value ?? '')) return;
    this.chosen.set(layer, [field, value ?? '']);
    if (this.ready) this.later(layer, () => this.map.setFilter(layer, ['==', ['get', field], value ?? '']));
  }

  /** Steps the network back while a route is shown on it. */
  quiet(on: boolean): void {
    if (this.dimmed === on) return;
    this.dimmed = on;
    if (this.ready) this.later('quiet', () => this.dim());
  }

  private dim(): void {
    for (const layer of NETWORK_LAYERS) this.map.setPaintProperty(layer, 'line-opacity', this.dimmed ? QUIET_OPACITY : 1);
  }

  private hit(point: { x: number; y: number }): Hit | undefined {
    const over = this.markers.hit(point.x, point.y);
    if (over !== undefined) return { kind: 'consignment', id: over };
    if (!this.ready) return undefined;
    const box: [PointLike, PointLike] = [[point.x - HIT_PX, point.y - HIT_PX], [point.x + HIT_PX, point.y + HIT_PX]];
    const found = this.map.queryRenderedFeatures(box, { layers: [...HIT_LAYERS] });
    for (const layer of HIT_LAYERS) {
      const properties = found.find((feature) => feature.layer.id === layer)?.properties;
      const id: unknown = properties?.['id'] ?? properties?.['code'];
      const kind = KINDS[layer];
      if (typeof id === 'string' && kind !== undefined) return { kind, id };
    }
    return undefined;
  }

  fit(bounds: Bounds, padding: Padding, calm: boolean): void {
    this.touched = false;
    // A map that was not seen yet has nowhere to travel from.
    this.map.fitBounds(bounds, { padding, maxZoom: 7, duration: calm || !this.ready || this.slow() ? 0 : TRAVEL_MS });
  }

  /** A map that paints a few times a second jumps: travelling would keep the page from whoever asked for it. */
  private slow(): boolean {
    return this.pace.cost() > TRAVEL_MS / FRAMES_OF_TRAVEL;
  }

  /** Moves the map only if the point is not in plain sight. */
  reveal(point: readonly [number, number], padding: Padding, calm: boolean): void {
    const { x, y } = this.map.project([...point]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const seen = x > padding.left && x < clientWidth - padding.right && y > padding.top && y < clientHeight - padding.bottom;
    if (!seen) this.map.easeTo({ center: [...point], offset: [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2], duration: calm || this.slow() ? 0 : TRAVEL_MS });
  }

  relabel(name: string): void {
    this.map.getCanvas().setAttribute('aria-label', name);
  }

  resize(): void {
    this.map.resize();
    this.resizeMarkers();
    // A sheet of another size is empty.
    this.painted = undefined;
    this.moved();
  }

  remove(): void {
    this.map.remove();
  }
}

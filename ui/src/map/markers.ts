import type { ConsignmentState } from '../api/types';
import type { Point } from './geometry';
import { drawMarkers, MARKER_PX } from './icons';
import type { Palette } from './palette';
import type { Marker } from './vehicles';

/** Where the map's flat world lies on the screen: its side, and its upper left corner, in pixels of the page. */
export interface Sheet { readonly side: number; readonly x: number; readonly y: number }

/** Whoever stands over others: what is held is never covered. */
const ORDER: readonly ConsignmentState[] = ['delivered', 'draft', 'planned', 'in_transit', 'held'];
const RING_PX = 15;
const HIT_PX = 11;
/** Markers are smaller where the whole corridor is in sight. */
const SMALL = 0.8;
const SMALL_SIDE = 512 * 2 ** 2;
const FULL_SIDE = 512 * 2 ** 5;

/** Markers of one state so near to each other are one picture to the eye, and drawn once: thousands of them stand along a few lines. */
const SPOT_PX = 3;
const SPOTS_A_ROW = 1 << 14;
const spotOf = (x: number, y: number): number => Math.round(y / SPOT_PX) * SPOTS_A_ROW + Math.round(x / SPOT_PX);

/** A point in the flat world of the web's maps, from 0 to 1 both ways. */
export function flat([lon, lat]: Point): [number, number] {
  return [(180 + lon) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)];
}

/**
 * The consignments, drawn on a sheet of glass over the map: while thousands of them move, the map below stands still and is not painted
 * again, which a machine without a graphics card would need a fifth of a second for.
 */
export class MarkerSheet {
  readonly canvas = document.createElement('canvas');
  private readonly pen = this.canvas.getContext('2d');
  /** The pictures, made for one side: a picture that is not resampled is copied at once. */
  private pictures: { readonly side: number; readonly of: ReadonlyMap<ConsignmentState, ImageBitmap> } = { side: 0, of: new Map() };
  private readonly ratio = Math.min(2, devicePixelRatio);
  private size: readonly [number, number] = [0, 0];
  /** What was drawn last, as it stands on the screen: what a pointer asks. */
  private seen: { readonly id: string; readonly x: number; readonly y: number }[] = [];

  constructor(private palette: Palette) {
    this.canvas.className = 'markers';
  }

  paint(palette: Palette): void {
    this.palette = palette;
    this.pictures = { side: 0, of: new Map() };
  }

  private picturesOf(side: number): ReadonlyMap<ConsignmentState, ImageBitmap> {
    if (this.pictures.side !== side) this.pictures = { side, of: drawMarkers(this.palette, side) };
    return this.pictures.of;
  }

  resize(width: number, height: number): void {
    this.size = [width, height];
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    this.canvas.style.width = `${String(width)}px`;
    this.canvas.style.height = `${String(height)}px`;
  }

  draw(markers: readonly Marker[], sheet: Sheet, chosen: string | undefined): void {
    const { pen, ratio } = this;
    if (pen === null) return;
    const [width, height] = this.size;
    const zoomed = Math.min(1, Math.max(0, Math.log2(sheet.side / SMALL_SIDE) / Math.log2(FULL_SIDE / SMALL_SIDE)));
    const side = Math.round(MARKER_PX * (SMALL + (1 - SMALL) * zoomed) * ratio);
    const byState = new Map<ConsignmentState, { id: string; x: number; y: number }[]>(ORDER.map((state) => [state, []]));
    for (const { id, state, at, offset } of markers) {
      const [fx, fy] = flat(at);
      const x = sheet.x + fx * sheet.side + offset[0];
      const y = sheet.y + fy * sheet.side + offset[1];
      if (x > -MARKER_PX && y > -MARKER_PX && x < width + MARKER_PX && y < height + MARKER_PX) byState.get(state)?.push({ id, x, y });
    }
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.seen = [...byState.values()].flat();
    this.circle(this.seen.find((one) => one.id === chosen));
    const pictures = this.picturesOf(side);
    for (const state of ORDER) {
      const picture = pictures.get(state);
      if (picture === undefined) continue;
      const taken = new Set<number>();
      for (const { x, y } of byState.get(state) ?? []) {
        const spot = spotOf(x * ratio, y * ratio);
        if (taken.has(spot)) continue;
        taken.add(spot);
        pen.drawImage(picture, Math.round(x * ratio - side / 2), Math.round(y * ratio - side / 2));
      }
    }
  }

  private circle(chosen: { readonly x: number; readonly y: number } | undefined): void {
    const { pen, ratio } = this;
    if (pen === null || chosen === undefined) return;
    pen.beginPath();
    pen.arc(chosen.x * ratio, chosen.y * ratio, RING_PX * ratio, 0, Math.PI * 2);
    pen.fillStyle = this.palette.accent;
    pen.globalAlpha = 0.22;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2 * ratio;
    pen.strokeStyle = this.palette.accent;
    pen.stroke();
  }

  /** The consignment under a point of the map, the uppermost first. */
  hit(x: number, y: number): string | undefined {
    return this.seen.findLast((one) => Math.hypot(one.x - x, one.y - y) <= HIT_PX)?.id;
  }
}

import type { ConsignmentState } from '../api/types';
import type { Palette } from './palette';

/** The side of a marker's picture in pixels of the page. */
export const MARKER_PX = 22;

type Pen = OffscreenCanvasRenderingContext2D;

/** The markers of consignments, `side` pixels of the screen wide: each state has its own shape, so that colour is not the only sign. */
export function drawMarkers(palette: Palette, side: number): ReadonlyMap<ConsignmentState, ImageBitmap> {
  const draw: Record<ConsignmentState, (pen: Pen) => void> = {
    draft: (pen) => ring(pen, palette.draft, palette, [2, 2]),
    planned: (pen) => ring(pen, palette.planned, palette, []),
    in_transit: (pen) => disc(pen, palette.moving, palette),
    held: (pen) => diamond(pen, palette.held, palette),
    delivered: (pen) => tick(pen, palette.done, palette),
  };
  const out = new Map<ConsignmentState, ImageBitmap>();
  for (const [state, paint] of Object.entries(draw) as [ConsignmentState, (pen: Pen) => void][]) {
    const canvas = new OffscreenCanvas(side, side);
    const pen = canvas.getContext('2d');
    if (pen === null) continue;
    pen.scale(side / MARKER_PX, side / MARKER_PX);
    pen.translate(MARKER_PX / 2, MARKER_PX / 2);
    paint(pen);
    out.set(state, canvas.transferToImageBitmap());
  }
  return out;
}

function circle(pen: Pen, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, Math.PI * 2);
}

function disc(pen: Pen, colour: string, palette: Palette): void {
  circle(pen, 7.5);
  pen.fillStyle = palette.halo;
  pen.fill();
  circle(pen, 5.8);
  pen.fillStyle = colour;
  pen.fill();
  circle(pen, 1.9);
  pen.fillStyle = palette.halo;
  pen.fill();
}

function ring(pen: Pen, colour: string, palette: Palette, dash: number[]): void {
  circle(pen, 6.5);
  pen.fillStyle = palette.halo;
  pen.fill();
  circle(pen, 4.8);
  pen.setLineDash(dash);
  pen.lineWidth = 2;
  pen.strokeStyle = colour;
  pen.stroke();
}

function diamond(pen: Pen, colour: string, palette: Palette): void {
  const path = (radius: number): void => {
    pen.beginPath();
    pen.moveTo(0, -radius);
    pen.lineTo(radius, 0);
    pen.lineTo(0, radius);
    pen.lineTo(-radius, 0);
    pen.closePath();
  };
  path(10.5);
  pen.fillStyle = palette.halo;
  pen.fill();
  path(8.5);
  pen.fillStyle = colour;
  pen.fill();
  pen.fillStyle = palette.halo;
  pen.fillRect(-0.9, -4, 1.8, 5);
  pen.fillRect(-0.9, 2.2, 1.8, 1.8);
}

function tick(pen: Pen, colour: string, palette: Palette): void {
  circle(pen, 7);
  pen.fillStyle = palette.halo;
  pen.fill();
  circle(pen, 5.6);
  pen.fillStyle = colour;
  pen.fill();
  pen.beginPath();
  pen.moveTo(-2.6, 0.2);
  pen.lineTo(-0.7, 2.1);
  pen.lineTo(2.8, -2);
  pen.lineWidth = 1.6;
  pen.strokeStyle = palette.halo;
  pen.stroke();
}

import type { Map as MapLibre } from 'maplibre-gl';
import type { ConsignmentState } from '../api/types';
import type { Palette } from './palette';

const SIZE = 22;
const RATIO = 2;

/** Draws the markers of consignments: each state has its own shape, so that colour is not the only sign. */
export function addStateIcons(map: MapLibre, palette: Palette): void {
  const draw: Record<ConsignmentState, (pen: CanvasRenderingContext2D) => void> = {
    draft: (pen) => ring(pen, palette.draft, palette, [2, 2]),
    planned: (pen) => ring(pen, palette.planned, palette, []),
    in_transit: (pen) => disc(pen, palette.moving, palette),
    held: (pen) => diamond(pen, palette.held, palette),
    delivered: (pen) => tick(pen, palette.done, palette),
  };
  for (const [state, paint] of Object.entries(draw)) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = SIZE * RATIO;
    const pen = canvas.getContext('2d');
    if (pen === null) continue;
    pen.scale(RATIO, RATIO);
    pen.translate(SIZE / 2, SIZE / 2);
    paint(pen);
    const name = `state-${state}`;
    const image = pen.getImageData(0, 0, canvas.width, canvas.height);
    if (map.hasImage(name)) map.updateImage(name, image);
    else map.addImage(name, image, { pixelRatio: RATIO });
  }
}

function circle(pen: CanvasRenderingContext2D, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, Math.PI * 2);
}

function disc(pen: CanvasRenderingContext2D, colour: string, palette: Palette): void {
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

function ring(pen: CanvasRenderingContext2D, colour: string, palette: Palette, dash: number[]): void {
  circle(pen, 6.5);
  pen.fillStyle = palette.halo;
  pen.fill();
  circle(pen, 4.8);
  pen.setLineDash(dash);
  pen.lineWidth = 2;
  pen.strokeStyle = colour;
  pen.stroke();
}

function diamond(pen: CanvasRenderingContext2D, colour: string, palette: Palette): void {
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

function tick(pen: CanvasRenderingContext2D, colour: string, palette: Palette): void {
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

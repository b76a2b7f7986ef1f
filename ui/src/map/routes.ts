import type { LegStep, Link, Mode, Network, Step } from '../api/types';
import { cut, locate, measure, type Point } from './geometry';

/** A leg of an itinerary as drawn. */
export interface LegShape { readonly mode: Mode; readonly course: readonly Point[] }

/** The courses of the network, to draw a leg along the links its service rides. */
export class Courses {
  private readonly links: ReadonlyMap<string, Link>;
  private readonly points: ReadonlyMap<string, Point>;

  constructor(network: Network) {
    this.links = new Map(network.links.map((link) => [link.id, link]));
    this.points = new Map(network.places.map((place) => [place.code, [place.lon, place.lat]]));
  }

  /** The course of a leg in travel direction, or straight from end to end where no link is known. */
  course(leg: LegStep): readonly Point[] {
    const out: Point[] = [];
    let at = leg.from;
    for (const id of leg.links) {
      // A link that goes both ways is told once; ridden against its course its name carries an R.
      const link = this.links.get(id) ?? this.links.get(id.replace(/R$/, ''));
      if (link === undefined) continue;
      const back = link.from !== at;
      out.push(...(back ? [...link.course].reverse() : link.course));
      at = back ? link.from : link.to;
    }
    if (out.length > 1) return out;
    return [leg.from, leg.to].map((code) => this.points.get(code)).filter((point) => point !== undefined);
  }

  shapes(steps: readonly Step[]): LegShape[] {
    return steps.filter((step) => step.kind === 'leg').map((leg) => ({ mode: leg.mode, course: this.course(leg) }));
  }
}

/** Splits the legs at the place the consignment has reached: what is done, what is ahead. */
export function splitAt(legs: readonly LegShape[], position: Point | undefined, delivered: boolean): { done: LegShape[]; ahead: LegShape[] } {
  if (delivered) return { done: [...legs], ahead: [] };
  if (position === undefined) return { done: [], ahead: [...legs] };
  let nearest = { leg: 0, at: 0, off: Number.POSITIVE_INFINITY };
  legs.forEach((leg, i) => {
    const found = locate(leg.course, measure(leg.course), position);
    if (found.off < nearest.off - 0.5) nearest = { leg: i, ...found };
  });
  const here = legs[nearest.leg];
  if (here === undefined) return { done: [], ahead: [...legs] };
  const [before, after] = cut(here.course, nearest.at);
  return {
    done: [...legs.slice(0, nearest.leg), { mode: here.mode, course: before }],
    ahead: [{ mode: here.mode, course: after }, ...legs.slice(nearest.leg + 1)],
  };
}

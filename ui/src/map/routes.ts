import type { LegStep, Link, Mode, Network, Step } from '../api/types';
import { measure, locate, cut, type Point } from './geometry';

/** A leg of an itinerary as drawn. */
export interface LegShape { readonly mode: Mode; readonly course: readonly Point[] }

interface Edge { readonly to: string; readonly km: number; readonly link: Link; readonly back: boolean }

/** The network as a graph per mode, to find the links a service rides when only its two ends are told. */
export class Rails {
  private readonly edges = new Map<string, Edge[]>();
  private readonly points = new Map<string, Point>();

  constructor(network: Network) {
    for (const place of network.places) this.points.set(place.code, [place.lon, place.lat]);
    for (const link of network.links) {
      this.add(link.from, { to: link.to, km: link.distance_km.typ, link, back: false });
      if (link.two_way) this.add(link.to, { to: link.from, km: link.distance_km.typ, link, back: true });
    }
  }

  private add(from: string, edge: Edge): void {
    const known = this.edges.get(from);
    if (known === undefined) this.edges.set(from, [edge]);
    else known.push(edge);
  }

  /** The course of a leg: along the shortest chain of links of its mode, or straight where there is none. */
  course(leg: LegStep): readonly Point[] {
    const chain = this.shortest(leg.from, leg.to, leg.mode);
    if (chain !== undefined) return chain.flatMap((edge) => (edge.back ? [...edge.link.course].reverse() : edge.link.course));
    return [leg.from, leg.to].map((code) => this.points.get(code)).filter((point) => point !== undefined);
  }

  private shortest(from: string, to: string, mode: Mode): Edge[] | undefined {
    const best = new Map<string, { km: number; by?: Edge; before?: string }>([[from, { km: 0 }]]);
    const open = new Set([from]);
    const done = new Set<string>();
    while (open.size > 0) {
      let here = '';
      let km = Number.POSITIVE_INFINITY;
      for (const code of open) {
        const reached = best.get(code)?.km ?? km;
        if (reached < km) [here, km] = [code, reached];
      }
      if (here === to) return this.unwind(best, to);
      open.delete(here);
      done.add(here);
      for (const edge of this.edges.get(here) ?? []) {
        if (edge.link.mode !== mode || done.has(edge.to)) continue;
        if (km + edge.km >= (best.get(edge.to)?.km ?? Number.POSITIVE_INFINITY)) continue;
        best.set(edge.to, { km: km + edge.km, by: edge, before: here });
        open.add(edge.to);
      }
    }
    return undefined;
  }

  private unwind(best: Map<string, { by?: Edge; before?: string }>, to: string): Edge[] {
    const chain: Edge[] = [];
    let step = best.get(to);
    while (step?.by !== undefined && step.before !== undefined) {
      chain.unshift(step.by);
      step = best.get(step.before);
    }
    return chain;
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

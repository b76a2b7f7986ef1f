// Development fixture: a world that is a pure function of the corridor's time.
import type {
  Alternative, ConsignmentDetail, ConsignmentEvent, ConsignmentState, ConsignmentSummary, EtaPoint, LegStep, Milestone, PositionTick, Track, TrackPoint,
} from '../src/api/types.ts';
import { orders, type Order } from './cargo.ts';
import { movementsOf } from './clearance.ts';
import { linkById, placeByCode } from './network.ts';
import { plan } from './planner.ts';
import { cut, measure, pointAt, type Point } from '../src/map/geometry.ts';

/** A document that was issued once and is in force. */
const IN_FORCE = { standing: 'current' as const, replaces: null, replaced_by: null, withdrawn: null, bill: null };

export const START = Date.parse('2026-12-01T08:00:00Z');
const DAY = 86_400_000;
const HOUR = 3_600_000;
const HOLD_HOURS = 60;
export const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

export interface Journey { id: string; reference: string; order: Order; itinerary: Alternative; late: number; courses: Point[][] }

function courseOf(leg: LegStep): Point[] {
  const links = leg.links.map((id) => linkById.get(id.replace(/R$/, ''))).filter((link) => link !== undefined);
  const origin = placeByCode.get(leg.from);
  const out: Point[] = [];
  let at = leg.from;
  for (const link of links) {
    const back = link.from !== at;
    out.push(...(back ? [...link.course].reverse() : link.course));
    at = back ? link.from : link.to;
  }
  return out.length > 1 ? out : [[origin?.lon ?? 0, origin?.lat ?? 0]];
}

export const journeys: Journey[] = orders.flatMap((order, i) => {
  const request = { from: order.from, to: order.to, ready: iso(START + order.readyDay * DAY), equipment: [{ count: order.equipment.length, size_type: '45G1' }], gross_mass_kg: order.gross };
  const found = plan(request).alternatives;
  const itinerary = found.at(order.held === true ? 0 : i % Math.max(1, found.length));
  if (itinerary === undefined) return [];
  const courses = itinerary.steps.filter((step) => step.kind === 'leg').map(courseOf);
  return [{ id: `C${String(i + 1).padStart(4, '0')}`, reference: `KRV-26-${String(1200 + i * 7)}`, order, itinerary, late: 0.97 + ((i * 37) % 19) / 100, courses }];
});

export const heldFrom = (journey: Journey): number => {
  const stay = journey.itinerary.steps.filter((step) => step.kind === 'stay')[2];
  return stay === undefined ? Infinity : actual(journey, Date.parse(stay.arrives_p50)) + 3 * HOUR;
};

/** Planned time to actual time: each journey runs a little faster or slower than planned. */
function actual(journey: Journey, planned: number): number {
  const ready = START + journey.order.readyDay * DAY;
  return ready + (planned - ready) * journey.late;
}

const holdOf = (journey: Journey, now: number): number => (journey.order.held === true && now > heldFrom(journey) ? Math.min(HOLD_HOURS * HOUR, now - heldFrom(journey)) : 0);
const isHeld = (journey: Journey, now: number): boolean => { const hold = holdOf(journey, now); return hold > 0 && hold < HOLD_HOURS * HOUR; };

/** The planned time the journey has reached now. */
function reached(journey: Journey, now: number): number {
  const ready = START + journey.order.readyDay * DAY;
  return ready + (now - holdOf(journey, now) - ready) / journey.late;
}

const happened = (journey: Journey, planned: string, now: number): string | null => {
  const at = actual(journey, Date.parse(planned));
  const shifted = at > heldFrom(journey) ? at + holdOf(journey, now) : at;
  return Date.parse(planned) <= reached(journey, now) && shifted <= now ? iso(shifted) : null;
};

function where(journey: Journey, now: number): { point: Point; link?: string; leg: number; share: number } {
  const at = reached(journey, now);
  let leg = -1;
  for (const step of journey.itinerary.steps) {
    if (step.kind === 'stay') continue;
    leg += 1;
    const [departs, arrives] = [Date.parse(step.departs_p50), Date.parse(step.arrives_p50)];
    if (at > arrives) continue;
    const share = Math.max(0, (at - departs) / (arrives - departs));
    const course = journey.courses[leg] ?? [];
    const lengths = measure(course);
    return { point: pointAt(course, lengths, (lengths.at(-1) ?? 0) * share), leg, share };
  }
  return { point: journey.courses.at(-1)?.at(-1) ?? [0, 0], leg: leg + 1, share: 0 };
}

export function position(journey: Journey, now: number): PositionTick {
  const { point } = where(journey, now);
  return { consignment: journey.id, lon: point[0], lat: point[1], at: iso(now) };
}

function progress(journey: Journey, now: number): number {
  const [from, to] = [START + journey.order.readyDay * DAY, Date.parse(journey.itinerary.steps.at(-1)?.kind === 'stay' ? (journey.itinerary.steps.at(-1) as { leaves_p50: string }).leaves_p50 : journey.itinerary.arrives.p50)];
  return Math.min(1, Math.max(0, (reached(journey, now) - from) / (to - from)));
}

function stateOf(journey: Journey, now: number): ConsignmentState {
  if (progress(journey, now) >= 1) return 'delivered';
  if (isHeld(journey, now)) return 'held';
  return Date.parse(journey.itinerary.departs) <= reached(journey, now) ? 'in_transit' : journey.order.readyDay > 7 && now < START + 13 * DAY ? 'draft' : 'planned';
}

function etaAt(journey: Journey, now: number): { p10: string; p50: string; p90: string } {
  const done = progress(journey, now);
  const end = actual(journey, Date.parse(journey.itinerary.arrives.p50)) + holdOf(journey, now);
  const slack = 1 - done;
  return { p10: iso(end - slack * 4 * DAY), p50: iso(end), p90: iso(end + slack * 9 * DAY) };
}

export function summary(journey: Journey, now: number): ConsignmentSummary {
  const { order, itinerary } = journey;
  const state = stateOf(journey, now);
  const { point, leg } = where(journey, now);
  const current = itinerary.steps.filter((step) => step.kind === 'leg')[leg];
  const done = milestonesOf(journey, now).findLast((milestone) => milestone.actual !== null);
  return {
    id: journey.id, reference: journey.reference, forwarder: 'fixture', from: order.from, from_name: placeByCode.get(order.from)?.name ?? order.from, to: order.to,
    to_name: placeByCode.get(order.to)?.name ?? order.to, goods: order.goods, equipment: order.equipment, state, ready: iso(START + order.readyDay * DAY),
    planned_arrival: state === 'draft' ? null : itinerary.arrives.p50, eta: state === 'draft' ? null : etaAt(journey, now),
    position: { lon: point[0], lat: point[1], at: iso(now) }, progress: progress(journey, now), mode: state === 'delivered' ? null : (current?.mode ?? null),
    last_event: done === undefined ? null : `${done.code} ${done.place_name}`, delivered: state === 'delivered' ? happenedEnd(journey, now) : null,
    attention: state === 'held' ? 'Gross weight differs between the note and the supplier’s invoice' : null,
  };
}

const happenedEnd = (journey: Journey, now: number): string => {
  const last = journey.itinerary.steps.at(-1);
  return last?.kind === 'stay' ? (happened(journey, last.leaves_p50, now) ?? iso(now)) : iso(now);
};

export function eventsOf(journey: Journey, now: number): ConsignmentEvent[] {
  const events: ConsignmentEvent[] = [];
  const add = (step: string, code: string, planned: string): void => {
    const at = happened(journey, planned, now);
    const name = placeByCode.get(code)?.name ?? code;
    if (at !== null) events.push({ id: `ni:///sha-256;${journey.id.toLowerCase()}${String(events.length).padStart(3, '0')}?ver=CBV2.0`, type: 'ObjectEvent', biz_step: step, place: code, place_name: name, at });
  };
  for (const step of journey.itinerary.steps) {
    if (step.kind === 'stay') continue;
    add('departing', step.from, step.departs_p50);
    add('arriving', step.to, step.arrives_p50);
  }
  return events;
}

function milestonesOf(journey: Journey, now: number): Milestone[] {
  const one = (code: string, place: string, planned: string): Milestone => {
    const shift = actual(journey, Date.parse(planned)) + holdOf(journey, now);
    const done = happened(journey, planned, now);
    return { code, place, place_name: placeByCode.get(place)?.name ?? place, zone: placeByCode.get(place)?.zone ?? 'UTC', unseen: false, planned, estimated: done === null ? iso(shift) : null, actual: done };
  };
  return journey.itinerary.steps.flatMap((step) => (step.kind === 'stay' ? [] : [one('departed', step.from, step.departs_p50), one('arrived', step.to, step.arrives_p50)]));
}

function etaHistory(journey: Journey, now: number): EtaPoint[] {
  const history: EtaPoint[] = [{ at: iso(START + journey.order.readyDay * DAY - 5 * HOUR), ...journey.itinerary.arrives, because: 'planned' }];
  for (const event of eventsOf(journey, now)) history.push({ at: event.at, ...etaAt(journey, Date.parse(event.at)), because: `${event.biz_step ?? ''} ${event.place_name ?? ''}` });
  if (isHeld(journey, now)) history.push({ at: iso(heldFrom(journey)), ...etaAt(journey, now), because: 'held under control' });
  return history;
}

function trailOf(journey: Journey, now: number): { lat: number; lon: number; at: string }[] {
  const { leg, share } = where(journey, now);
  const done = journey.courses.slice(0, leg).flat();
  const course = journey.courses[leg] ?? [];
  const [part] = share > 0 && course.length > 1 ? cut(course, (measure(course).at(-1) ?? 0) * share) : [[]];
  return [...done, ...part].map(([lon, lat]) => ({ lon, lat, at: iso(now) }));
}

/** Each position a little beside its course, and one that nobody can believe. */
export function track(journey: Journey, now: number): Track {
  const points = trailOf(journey, now).map((one, i): TrackPoint => ({
    ...one, lat: one.lat + ((i % 5) - 2) * 0.06, device: 'tracker:M1', marks: [], believed: true,
    on: { link: 'L001', mode: 'rail', share: 0, off_km: Math.abs((i % 5) - 2) * 6.7, lat: one.lat, lon: one.lon },
  }));
  const last = points.at(-1);
  if (last !== undefined) points.push({ ...last, lat: last.lat + 4, lon: last.lon + 3, marks: ['jump'], believed: false, on: null });
  return { points, observations: [], derived: [] };
}

export function detail(journey: Journey, now: number): ConsignmentDetail {
  const { order } = journey;
  const head = (n: number): string => `${n.toString(16)}${journey.id.toLowerCase()}9f3a77c2d18e40b6`.padEnd(64, 'a1b2c3d4');
  const issued = iso(START + order.readyDay * DAY - 20 * HOUR);
  const amended = order.held === true && now > heldFrom(journey) + HOLD_HOURS * HOUR * 0.6;
  return {
    ...summary(journey, now),
    parties: [
      { role: 'consignor', id: 'seller', address: 'Factory road 1', name: order.seller[0], country: order.seller[1], did: `did:key:z6Mk${journey.id}seller` },
      { role: 'consignee', id: 'buyer', address: 'Harbour street 2', name: order.buyer[0], country: order.buyer[1], did: `did:key:z6Mk${journey.id}buyer` },
      { role: 'forwarder', id: 'forwarder', address: 'Market square 3', name: order.carrier[0], country: order.carrier[1], did: 'did:key:z6MkForwarder' },
    ],
    goods_items: [{ description: order.goods, hs: order.hs, packages: order.packages, package_kind: order.kind, gross_mass_kg: String(order.gross), net_mass_kg: String(Math.round(order.gross * 0.93)), value: { amount: order.value, currency: 'USD' }, origin: order.seller[1] }],
    equipment_items: order.equipment.map((number, i) => ({ number, size_type: '45G1', seals: [`SL${String(88012 + i)}`] })),
    terms: { incoterm: 'CPT', place: placeByCode.get(order.to)?.name ?? order.to },
    itinerary: stateOf(journey, now) === 'draft' ? null : journey.itinerary, milestones: milestonesOf(journey, now), movements: movementsOf(journey, now, happened, isHeld(journey, now)),
    bills: [], proposals: [],
    documents: [
      { kind: 'commercial-invoice', type_code: '380', title: 'Commercial invoice', number: `INV-${journey.reference}`, issued, ...IN_FORCE },
      { kind: 'packing-list', type_code: '271', title: 'Packing list', number: `PL-${journey.reference}`, issued, ...IN_FORCE },
      { kind: 'cim-smgs', type_code: '722', title: 'CIM/SMGS consignment note', number: `CN-${journey.reference}`, issued, ...IN_FORCE },
    ],
    attachments: order.held === true ? [{ type_code: '380', title: 'Commercial invoice', number: 'SUP-7781', issuer: order.seller[0], sha256: head(3) }] : [],
    dossier: { id: `urn:kervan:dossier:${journey.id}`, heads: [head(amended ? 15 : 9)], entries: 5 + eventsOf(journey, now).length + (amended ? 2 : 0) },
    eta_history: etaHistory(journey, now), trail: trailOf(journey, now), events: eventsOf(journey, now),
  };
}

export const amendedNow = (journey: Journey, now: number): boolean => journey.order.held === true && now > heldFrom(journey) + HOLD_HOURS * HOUR * 0.6;

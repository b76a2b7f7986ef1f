// Development fixture: a plain shortest-time search, enough to fill the screen with likely itineraries.
import type { Alternative, Badge, Insight, Isochrone, IsochroneRequest, LegCost, LegStep, Matrix, MatrixRequest, Plan, PlanRequest, StayStep, Step } from '../src/api/types.ts';
import { network, placeByCode, processesAt, services, type Service } from './network.ts';

const HOUR = 3_600_000;
const USD_PER_KM: Record<string, number> = { rail: 0.95, road: 1.5, sea: 0.35, ferry: 1.2, inland_water: 0.5 };
const GRAMS_PER_TKM: Record<string, number> = { rail: 22, road: 78, sea: 11, ferry: 28, inland_water: 24 };

const usd = (amount: number): { amount: string; currency: string } => ({ amount: amount.toFixed(2), currency: 'USD' });
const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
const nameOf = (code: string): string => placeByCode.get(code)?.name ?? code;

const legCost = (amount: number, basis: string, { provenance }: Service): LegCost =>
  ({ amount: usd(amount), low: usd(amount * 0.7), high: usd(amount * 1.5), basis, provenance });

type Taste = (service: Service) => number;

function shortest(from: string, to: string, taste: Taste): Service[] | undefined {
  const best = new Map<string, { cost: number; by?: Service }>([[from, { cost: 0 }]]);
  const done = new Set<string>();
  for (;;) {
    let here: string | undefined;
    for (const [code, reached] of best) {
      if (!done.has(code) && (here === undefined || reached.cost < (best.get(here)?.cost ?? 0))) here = code;
    }
    if (here === undefined) return undefined;
    if (here === to) break;
    done.add(here);
    for (const service of services) {
      if (service.from !== here || done.has(service.to)) continue;
      const cost = (best.get(here)?.cost ?? 0) + taste(service) + 6;
      if (cost < (best.get(service.to)?.cost ?? Infinity)) best.set(service.to, { cost, by: service });
    }
  }
  const chain: Service[] = [];
  for (let by = best.get(to)?.by; by !== undefined; by = best.get(by.from)?.by) chain.unshift(by);
  return chain;
}

function stay(code: string, arrives: number, end: 'origin' | 'destination' | 'between'): { step: StayStep; leaves: number } {
  const fits = processesAt(code).filter((one) => (end === 'between' ? !one.atOrigin && !one.atDestination : end === 'origin' ? one.atOrigin : one.atDestination));
  const processes = fits.slice(0, end === 'between' ? 2 : 1).map(({ kind, hours, includes_waiting, provenance }) => ({ kind, hours, includes_waiting, provenance }));
  const leaves = arrives + processes.reduce((sum, one) => sum + one.hours.typ, 0) * HOUR;
  return { step: { kind: 'stay', place: code, name: nameOf(code), arrives_p50: iso(arrives), leaves_p50: iso(leaves), processes }, leaves };
}

function buildSteps(chain: Service[], ready: number, count: number, tonnes: number): { steps: Step[]; end: number } {
  const steps: Step[] = [];
  let now = ready;
  chain.forEach((service, i) => {
    const first = stay(service.from, now, i === 0 ? 'origin' : 'between');
    steps.push(first.step);
    const departs = first.leaves + service.wait.typ * HOUR;
    const arrives = departs + service.hours.typ * HOUR;
    const leg: LegStep = {
      kind: 'leg', service: service.id, name: service.name, operator: service.operator, class: service.class, mode: service.mode,
      from: service.from, from_name: nameOf(service.from), to: service.to, to_name: nameOf(service.to), links: service.links, departs_p50: iso(departs), arrives_p50: iso(arrives), hours: service.hours,
      distance_km: service.km, countries: service.countries,
      ...(i % 5 !== 4 && { cost: legCost((USD_PER_KM[service.mode] ?? 1) * service.km * count, service.mode === 'ferry' ? 'published' : i % 2 === 0 ? 'derived' : 'judgement', service) }),
      co2e_kg: Math.round(((GRAMS_PER_TKM[service.mode] ?? 20) * service.km * tonnes) / 1000), status: service.status, provenance: service.provenance,
    };
    steps.push(leg);
    now = arrives;
  });
  const last = stay(chain.at(-1)?.to ?? '', now, 'destination');
  return { steps: [...steps, last.step], end: last.leaves };
}

function alternative(id: string, chain: Service[], request: PlanRequest): Alternative {
  const ready = Date.parse(request.ready);
  const count = request.equipment.reduce((sum, one) => sum + one.count, 0) || 1;
  const { steps, end } = buildSteps(chain, ready, count, (request.gross_mass_kg ?? 18_000 * count) / 1000);
  const legs = steps.filter((step) => step.kind === 'leg');
  const total = legs.reduce((sum, leg) => sum + Number(leg.cost?.amount.amount ?? 0), 0);
  const hours = (end - ready) / HOUR;
  const judged = legs.reduce((sum, leg) => sum + (leg.cost?.basis === 'judgement' ? Number(leg.cost.amount.amount) : 0), 0);
  const spread = { p10: hours * 0.84, p50: hours * 1.04, p90: hours * 1.41 };
  return {
    id, findings: [], via: chain.slice(0, -1).map((one) => nameOf(one.to)), badges: [], departs: legs[0]?.departs_p50 ?? request.ready,
    arrives: { p10: iso(ready + spread.p10 * HOUR), p50: iso(ready + spread.p50 * HOUR), p90: iso(ready + spread.p90 * HOUR) }, duration_h: spread,
    distance_km: legs.reduce((sum, leg) => sum + leg.distance_km, 0), transfers: legs.length - 1,
    countries: [...new Set(legs.flatMap((leg) => leg.countries))], confidence: 'low',
    cost: {
      total: usd(total), low: usd(total * 0.72), high: usd(total * 1.5), published_share: 0.18, judged: usd(judged),
      unknown: legs.filter((leg) => leg.cost === undefined).map((leg) => `No tariff for ${leg.name}`),
    },
    co2e_kg: legs.reduce((sum, leg) => sum + leg.co2e_kg, 0), steps,
  };
}

const later = (from: string, hours: number): string => iso(Date.parse(from) + hours * HOUR);

/** What the server would say of the alternatives, in round figures. */
function insight(alternatives: Alternative[], request: PlanRequest): Insight | undefined {
  const best = alternatives[1] ?? alternatives[0];
  if (best === undefined) return undefined;
  const provenance = { source: 'judgement', period: '2026', confidence: 'low' as const };
  const others = alternatives.filter((one) => one !== best);
  const first = best.steps.find((step) => step.kind === 'leg');
  const onTime = request.deadline === undefined ? {} : { on_time: { chance: 0.83, least: 0.8, most: 0.86 } };
  const swing = (of: string, arrival: number, cost: number, flips_to?: string): Insight['swings'][number] => ({
    of, name: first?.name ?? '', least: { value: of === 'price' ? 900 : 60, arrival_h: -arrival / 2, cost: usd(-cost / 2) },
    most: { value: of === 'price' ? 2400 : 120, arrival_h: arrival, cost: usd(cost), ...(flips_to !== undefined && { flips_to }) },
    ...(of === 'ride' && { family: 'pert', family_matters: 0.18 }), provenance,
  });
  return {
    value_of_day: usd(request.value_of_day ?? 240), value_assumed: request.value_of_day === undefined, wanted_chance: 0.8, recommended: best.id,
    ...(request.deadline !== undefined && { deadline: request.deadline }),
    reasons: [
      ...(request.deadline === undefined ? [] : [{ code: 'on_time', share: 0.83 }]),
      ...others.slice(0, 1).flatMap((one) => [{ code: 'least_total', than: one.id, amount: usd(410) }, { code: 'cheaper', than: one.id, amount: usd(2300), hours: 29, per_day: usd(1903) }]),
      { code: 'price_judged', share: 0.4 },
    ],
    outlooks: alternatives.map((one) => ({
      id: one.id, expected: later(one.arrives.p50, 9), expected_least: later(one.arrives.p50, 6), expected_most: later(one.arrives.p50, 12), deviation_h: 58, ...onTime, grid_h: 0.75,
      risks: one.steps.slice(0, 8).map((step, i, all) => ({ step: i, kind: step.kind, name: step.name, share: 2 ** -(i + 1) + (i === all.length - 1 ? 2 ** -all.length : 0) })),
      connections: [],
    })),
    days: others.slice(0, 1).map((one) => ({ from: best.id, to: one.id, days: 1.2, costs: usd(2300), per_day: usd(1917) })),
    rivals: others.map((one, i) => ({ id: one.id, price_down: usd(410 + 900 * i), price_down_each: usd(205 + 450 * i), hours_down: 41 + 90 * i, value_above: usd(1917), misses_deadline: false, unpriced: false })),
    swings: [swing('price', 0, 3000, others[0]?.id), swing('ride', 66, 0)],
    fallbacks: {
      waiting: { mean: later(best.arrives.p50, 9) }, with_fallbacks: { mean: later(best.arrives.p50, 2) }, best: { mean: later(best.arrives.p50, -20) }, best_by: [], grid_h: 3,
      fallbacks: first === undefined ? [] : [{ step: 1, place: first.from_name, planned: first.name, wait_from_h: 72, chance: 0.14, instead: others[0]?.steps.flatMap((step) => (step.kind === 'leg' ? [step.name] : [])) ?? [], gains_h: 38, costs: usd(260), net: usd(120) }],
    },
    assumptions: [{ name: 'value of a day', value: '60 USD per twenty-foot container', provenance }],
  };
}

const usable = (request: PlanRequest) => (service: Service): boolean =>
  service.status.state === 'open' || (service.status.state === 'planned' && request.allow_planned === true) ||
  (service.status.state === 'disrupted' && request.allow_disrupted === true);

export function plan(request: PlanRequest): Plan {
  const open = usable(request);
  const block = (service: Service): number => (open(service) ? 0 : Infinity);
  const tastes: Taste[] = [
    (s) => block(s) + s.hours.typ + s.wait.typ,
    (s) => block(s) + (USD_PER_KM[s.mode] ?? 1) * s.km,
    (s) => block(s) + (GRAMS_PER_TKM[s.mode] ?? 20) * s.km * 0.05,
    (s) => block(s) + s.hours.typ + s.wait.typ + (s.mode === 'ferry' || s.class === 'container_vessel' ? 200 : 0),
  ];
  const seen = new Set<string>();
  const alternatives: Alternative[] = [];
  for (const taste of tastes) {
    const chain = shortest(request.from, request.to, taste);
    const key = chain?.map((one) => one.id).join() ?? '';
    if (chain === undefined || chain.length === 0 || seen.has(key) || chain.some((one) => !open(one))) continue;
    seen.add(key);
    alternatives.push(alternative(`A${String(alternatives.length + 1)}`, chain, request));
  }
  const badge = (name: Badge, value: (one: Alternative) => number): void => {
    [...alternatives].sort((a, b) => value(a) - value(b))[0]?.badges.push(name);
  };
  badge('fastest', (one) => one.duration_h.p50);
  badge('cheapest', (one) => Number(one.cost.total.amount));
  badge('lowest_emissions', (one) => one.co2e_kg);
  alternatives.sort((a, b) => a.duration_h.p50 - b.duration_h.p50);
  const explained = insight(alternatives, request);
  return {
    request, ...(explained !== undefined && { insight: explained }), network_version: network.version, seed: 7, samples: 1000, alternatives,
    findings: alternatives.length === 0
      ? [{ code: 'PLAN-NO-ROUTE', severity: 'error', message: `No open service leads from ${nameOf(request.from)} to ${nameOf(request.to)}.`, remedy: 'Allow planned or disrupted links, or choose another place.' }]
      : [{ code: 'PLAN-COST-UNKNOWN', severity: 'warning', message: 'Some legs have no tariff: their cost is missing from the totals.', remedy: 'Ask the operator for a quotation.' }],
    assumptions: [
      { name: 'Payload of one forty-foot container', value: '18 t', provenance: { source: 'judgement', period: '2026', confidence: 'low' } },
      { name: 'Distribution of durations', value: 'triangular over min, typ, max', provenance: { source: 'judgement', period: '2026', confidence: 'medium' } },
    ],
  };
}

export function matrix(request: MatrixRequest): Matrix {
  const pairs = request.from.flatMap((from) => request.to.filter((to) => to !== from).map((to) => {
    const ways = plan({ ...request.plan, from, to }).alternatives;
    const [first] = ways;
    if (first === undefined) return { from, to, ways: 0 };
    const days = { p10: first.duration_h.p10 / 24, p50: first.duration_h.p50 / 24, p90: first.duration_h.p90 / 24 };
    return { from, to, days, cost: first.cost.total, least_cost: first.cost.total, least_co2e_kg: first.co2e_kg, ways: ways.length };
  }));
  return { network_version: 'mock', ready: request.plan.ready, pairs };
}

export function isochrone(request: IsochroneRequest): Isochrone {
  const from = request.plan.from;
  const others = network.places.map((place) => place.code).filter((code) => code !== from);
  const within = matrix({ plan: request.plan, from: [from], to: others }).pairs.filter((pair) => (pair.days?.p50 ?? Infinity) <= request.within_days);
  const at = (code: string): [number, number] => [placeByCode.get(code)?.lon ?? 0, placeByCode.get(code)?.lat ?? 0];
  const box = (code: string, size: number): number[][][] => {
    const [lon, lat] = at(code);
    return [[[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([x = 0, y = 0]) => [lon + x * size, lat + y * size])];
  };
  const area = (share: number): Isochrone['features'][number] => ({
    type: 'Feature', properties: { kind: 'area', within_days: request.within_days * share },
    geometry: { type: 'MultiPolygon', coordinates: [from, ...within.filter((pair) => (pair.days?.p50 ?? 0) <= request.within_days * share).map((pair) => pair.to)].map((code) => box(code, 1)) },
  });
  const places = within.map((pair): Isochrone['features'][number] => ({
    type: 'Feature', properties: { kind: 'place', code: pair.to, name: nameOf(pair.to), days: pair.days ?? { p10: 0, p50: 0, p90: 0 } },
    geometry: { type: 'Point', coordinates: at(pair.to) },
  }));
  return { type: 'FeatureCollection', note: '', beyond: others.length - within.length, features: [area(1), area(2 / 3), area(1 / 3), ...places] };
}

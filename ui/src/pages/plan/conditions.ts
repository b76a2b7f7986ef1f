import type { PlanConditions, PlanSelection } from '../../api/types';

export const MODES = ['rail', 'road', 'sea', 'ferry', 'inland_water'] as const;
export const CRITERIA = ['arrival', 'cost', 'emissions', 'exposure'] as const;
export type Use = '' | 'avoid' | 'require';
const KINDS = ['places', 'countries', 'carriers'] as const;
type Kind = (typeof KINDS)[number];

/** The conditions as they stand in the fields of the form: lists are words with commas between them. */
export interface Wish {
  arriveBy: string; horizon?: number | undefined; transshipments?: number | undefined; epsilon?: number | undefined;
  criteria: string[]; exposure: string; dangerous: string; gauges: string; temperature: boolean;
  avoid: Record<Kind, string>; require: Record<Kind, string>; modes: Record<string, Use>;
}

const words = (text: string): string[] => text.split(/[,;]/).map((word) => word.trim()).filter((word) => word !== '');
const joined = (list: readonly (string | number)[] | undefined): string => (list ?? []).join(', ');
/** A territory is two capital letters; anything else is a carrier. */
const TERRITORY = /^[A-Z]{2}$/;

export function readWish(conditions: PlanConditions | undefined): Wish {
  const { avoid, require, exposure } = conditions ?? {};
  const of = (selection: PlanSelection | undefined): Record<Kind, string> => ({
    places: joined(selection?.places), countries: joined(selection?.countries), carriers: joined(selection?.carriers),
  });
  const use = (mode: string): Use => (avoid?.modes?.includes(mode) === true ? 'avoid' : require?.modes?.includes(mode) === true ? 'require' : '');
  const weights = Object.entries({ ...exposure?.territories, ...exposure?.carriers });
  return {
    arriveBy: conditions?.arrive_by ?? '', horizon: conditions?.horizon_days, transshipments: conditions?.most_transshipments,
    epsilon: conditions?.epsilon_permille === undefined ? undefined : conditions.epsilon_permille / 10,
    criteria: [...(conditions?.criteria ?? [])], exposure: weights.map(([name, weight]) => `${name}=${String(weight)}`).join(', '),
    dangerous: joined(conditions?.dangerous), gauges: joined(conditions?.gauges_mm), temperature: conditions?.temperature_controlled ?? false,
    avoid: of(avoid), require: of(require), modes: Object.fromEntries(MODES.map((mode) => [mode, use(mode)])),
  };
}

function selection(fields: Record<Kind, string>, modes: string[]): PlanSelection | undefined {
  const found: PlanSelection = {};
  for (const kind of KINDS) {
    const list = words(fields[kind]).map((word) => (kind === 'carriers' ? word : word.toUpperCase()));
    if (list.length > 0) found[kind] = list;
  }
  if (modes.length > 0) found.modes = modes;
  return Object.keys(found).length > 0 ? found : undefined;
}

function weights(text: string): PlanConditions['exposure'] {
  const territories: Record<string, number> = {};
  const carriers: Record<string, number> = {};
  for (const word of words(text)) {
    const [name = '', weight = ''] = word.split('=').map((part) => part.trim());
    // A weight that is no whole number is sent as one that the server refuses with a reason.
    const value = /^-?\d+$/.test(weight) ? Number(weight) : weight === '' ? 1 : -1;
    (TERRITORY.test(name) ? territories : carriers)[name] = value;
  }
  const has = (map: Record<string, number>): boolean => Object.keys(map).length > 0;
  return has(territories) || has(carriers) ? { ...(has(territories) && { territories }), ...(has(carriers) && { carriers }) } : undefined;
}

/** The conditions of a request, or nothing when none is asked for. */
export function writeWish(wish: Wish): PlanConditions | undefined {
  const modes = (use: Use): string[] => MODES.filter((mode) => wish.modes[mode] === use);
  const [avoid, require, exposure] = [selection(wish.avoid, modes('avoid')), selection(wish.require, modes('require')), weights(wish.exposure)];
  const gauges = words(wish.gauges).map(Number).filter((gauge) => Number.isInteger(gauge) && gauge >= 0 && gauge <= 65_535);
  const number = (value: number | undefined | null): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
  const found: PlanConditions = {
    ...(wish.arriveBy !== '' && { arrive_by: wish.arriveBy }), ...(number(wish.horizon) && { horizon_days: Math.round(wish.horizon) }),
    ...(number(wish.transshipments) && { most_transshipments: Math.round(wish.transshipments) }),
    ...(number(wish.epsilon) && wish.epsilon > 0 && { epsilon_permille: Math.round(wish.epsilon * 10) }),
    ...(wish.criteria.length > 0 && { criteria: [...wish.criteria] }), ...(exposure !== undefined && { exposure }),
    ...(avoid !== undefined && { avoid }), ...(require !== undefined && { require }),
    ...(words(wish.dangerous).length > 0 && { dangerous: words(wish.dangerous) }), ...(gauges.length > 0 && { gauges_mm: gauges }),
    ...(wish.temperature && { temperature_controlled: true }),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}

/** How many of the conditions are asked for, for the folded panel. */
export function countWishes(conditions: PlanConditions | undefined): number {
  return Object.entries(conditions ?? {}).reduce((sum, [name, value]) => {
    if (name !== 'avoid' && name !== 'require') return sum + 1;
    return sum + Object.values(value as PlanSelection).flat().length;
  }, 0);
}

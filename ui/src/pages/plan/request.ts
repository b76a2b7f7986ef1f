import type { PlanConditions, PlanRequest } from '../../api/types';

/** Container types offered in the form, by their ISO 6346 size and type code. */
export const SIZE_TYPES = ['22G1', '42G1', '45G1', '22R1', '45R1', '22T1'] as const;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z?$/;

/** A request as it stands in the address, so that a plan can be linked. */
export function requestQuery(request: PlanRequest): Record<string, string | undefined> {
  return {
    from: request.from, to: request.to, ready: request.ready.slice(0, 16),
    equipment: request.equipment.map((one) => `${String(one.count)}x${one.size_type}`).join(','),
    deadline: request.deadline?.slice(0, 16), day: request.value_of_day === undefined ? undefined : String(request.value_of_day),
    mass: request.gross_mass_kg === undefined ? undefined : String(request.gross_mass_kg),
    conditions: request.conditions === undefined ? undefined : JSON.stringify(request.conditions),
    planned: request.allow_planned === true ? '1' : undefined, disrupted: request.allow_disrupted === true ? '1' : undefined,
  };
}

/** Conditions as they stand in the address; nothing if somebody broke them. What they ask for is the server's to judge. */
function readConditions(text: string | null): PlanConditions | undefined {
  try {
    const found: unknown = JSON.parse(text ?? 'null');
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The request an address carries, or nothing when a needed part is missing or malformed. */
export function readRequest(query: URLSearchParams): PlanRequest | undefined {
  const [from, to, ready] = [query.get('from'), query.get('to'), query.get('ready')];
  if (from === null || to === null || ready === null || !INSTANT.test(ready)) return undefined;
  const equipment = (query.get('equipment') ?? '').split(',').flatMap((text) => {
    const [, count, size_type] = /^(\d{1,3})x(\w{4})$/.exec(text) ?? [];
    return count === undefined || size_type === undefined ? [] : [{ count: Number(count), size_type }];
  });
  const mass = Number(query.get('mass') ?? '');
  const conditions = readConditions(query.get('conditions'));
  const [deadline, day] = [query.get('deadline') ?? '', query.get('day') ?? ''];
  return {
    from, to, ready: `${ready.slice(0, 16)}:00Z`, equipment: equipment.length === 0 ? [{ count: 1, size_type: '45G1' }] : equipment,
    ...(INSTANT.test(deadline) && { deadline: `${deadline.slice(0, 16)}:00Z` }), ...(day !== '' && Number(day) >= 0 && { value_of_day: Number(day) }),
    ...(mass > 0 && { gross_mass_kg: mass }), ...(query.has('planned') && { allow_planned: true }), ...(query.has('disrupted') && { allow_disrupted: true }),
    ...(conditions !== undefined && { conditions }),
  };
}

/** The next morning at eight, corridor time: the form's first proposal. */
export function nextMorning(now: number): string {
  const day = new Date(now + 86_400_000);
  day.setUTCHours(8, 0, 0, 0);
  return `${day.toISOString().slice(0, 16)}:00Z`;
}

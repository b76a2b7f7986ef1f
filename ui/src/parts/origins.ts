import type { BoardLine, ConsignmentSummary, CorridorRow, Movement } from '../api/types';
import { dayYear } from '../i18n/format';
import { t } from '../i18n/i18n.svelte';
import type { Further, Origin } from '../state/origin.svelte';
import { live } from '../state/live.svelte';
import { href } from '../state/router.svelte';

/** The answers that figures of several pages share. */
const toConsignment = (id: string): Further => ({ href: href(['consignments', id]), label: t('origin.see_consignment') });

/** An arrival estimated for a consignment, and what is computed from it. */
export const fromEstimate = (one: Pick<ConsignmentSummary, 'id'>): Origin => ({ kind: 'computed', how: t('origin.eta'), further: toConsignment(one.id) });
export const fromPlan = (id: string): Origin => ({ kind: 'entry', by: t('role.forwarder'), consignment: id, kinds: ['itinerary_accepted'] });
export const fromDelay = (one: Pick<ConsignmentSummary, 'id'>): Origin => ({ kind: 'computed', how: t('origin.delay'), further: toConsignment(one.id) });
export const fromWay = (one: Pick<ConsignmentSummary, 'id'>): Origin => ({ kind: 'computed', how: t('origin.way'), further: toConsignment(one.id) });
/** An event that somebody reported: an entry of the dossier at that time. */
export const fromEvent = (consignment: string, at?: string): Origin => ({
  kind: 'entry', by: t('role.carrier'), consignment, kinds: ['event_reported'], ...(at === undefined ? {} : { at }),
});
/** A step of a customs movement: the declaration or the decision at that time. */
export const fromStep = (movement: Movement, at: string): Origin => ({
  kind: 'entry', by: movement.territory_name, consignment: movement.consignment, kinds: ['transit_decided', 'transit_declared'], at,
});
/** What the forwarder declared. */
export const fromDeclared = (consignment: string, by: string): Origin => ({ kind: 'entry', by, consignment, kinds: ['consignment_declared'] });
export const fromDocument = (consignment: string, at: string): Origin => ({ kind: 'entry', by: t('role.forwarder'), consignment, kinds: ['document_issued', 'document_attached'], at });
export const fromAlarm = (reason: string): Origin => ({ kind: 'computed', how: t('origin.alarm'), source: reason });
/** Measured on the corridor in a window of time. */
export const fromMeasured = (row: Pick<CorridorRow, 'count'>, from: string, to: string): Extract<Origin, { kind: 'computed' }> => ({
  kind: 'computed', how: t('origin.measured', { n: row.count }), period: `${dayYear(from)} – ${dayYear(to)}`,
});
/** A call of the board: reported, estimated or planned. */
export function fromCall(line: BoardLine): Origin {
  if (line.actual !== undefined) return fromEvent(line.consignment, line.actual);
  return line.expected === undefined ? fromPlan(line.consignment) : fromEstimate({ id: line.consignment });
}

/** The zone of a place of the network; undefined for a place that it does not know. */
export const zoneOf = (code: string | undefined): string | undefined => live.network.value?.places.find((place) => place.code === code)?.zone;

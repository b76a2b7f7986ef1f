/** What people report of a call, as EPCIS 2.0 documents in the words of `crates/events/src/report.rs`. */
import type { BoardLine } from '../../api/types';
import type { Call } from './calls';

export const REPORTS = ['arrived', 'departed', 'loaded', 'unloaded', 'sealed'] as const;
export type ReportKind = (typeof REPORTS)[number];

const BASE = 'https://id.kervan.example/';
const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { kervan: `${BASE}epcis/` }];
const container = (number: string): string => `urn:epc:id:bic:${number}`;
const place = (code: string): string => `${BASE}place/${code}`;

/** What is likely to be reported of a call, the likeliest first. */
export const likely = (call: Call): ReportKind[] => (call.code === 'arrived' ? ['arrived', 'unloaded', 'sealed'] : ['departed', 'loaded', 'sealed']);

/** The offset of a zone at an instant, as EPCIS writes it. */
export function offsetOf(zone: string, at: Date): string {
  try {
    const named = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
    return /[+-]\d{2}:\d{2}/.exec(named)?.[0] ?? '+00:00';
  } catch {
    return '+00:00';
  }
}

function eventOf(kind: ReportKind, call: Call, line: BoardLine, at: Date, containers: readonly string[], seal: string): object {
  const common = {
    eventTime: at.toISOString(), eventTimeZoneOffset: offsetOf(call.zone, at), readPoint: { id: place(call.place) },
    bizTransactionList: [{ type: `${BASE}type/consignment`, bizTransaction: `${BASE}consignment/${line.consignment}` }],
  };
  const things = containers.map(container);
  const conveyance = `${BASE}conveyance/${call.service}/${(call.means ?? call.at.slice(0, 10)).replaceAll(/[^A-Za-z0-9._-]/g, '-')}`;
  switch (kind) {
    case 'arrived': return { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'arriving', disposition: 'in_progress', epcList: things, bizLocation: { id: place(call.place) }, ...common };
    case 'departed': return { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'departing', disposition: 'in_transit', epcList: things, destinationList: [{ type: 'location', destination: place(call.to) }], 'kervan:service': call.service, ...common };
    case 'loaded': return { type: 'AggregationEvent', action: 'ADD', bizStep: 'loading', disposition: 'in_progress', parentID: conveyance, childEPCs: things, ...common };
    case 'unloaded': return { type: 'AggregationEvent', action: 'DELETE', bizStep: 'unloading', disposition: 'in_progress', parentID: conveyance, childEPCs: things, ...common };
    case 'sealed': return { type: 'AssociationEvent', action: 'ADD', disposition: 'container_closed', parentID: things[0] ?? '', childEPCs: [`${BASE}seal/${seal}`], ...common };
  }
}

/** A capture of one report of a whole call, or of one container of it: an event for each consignment, for each has its own dossier. */
export function makeReport(kind: ReportKind, call: Call, at: Date, only?: string, seal = ''): object {
  const lines = call.lines.filter((line) => line.yours && (only === undefined || line.containers.includes(only)));
  const eventList = lines.map((line) => eventOf(kind, call, line, at, only === undefined ? line.containers : [only], seal));
  return { '@context': CONTEXT, type: 'EPCISDocument', schemaVersion: '2.0', creationDate: at.toISOString(), epcisBody: { eventList } };
}

// Development fixture: dossier entries of a journey. The hashes are made up; nothing here is signed.
import type { DossierView, EntryGroup, EntryView, Finding } from '../src/api/types.ts';
import { amendedNow, detail, eventsOf, START, iso, type Journey } from './world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

function hash(text: string): string {
  let a = 2166136261;
  let out = '';
  for (let round = 0; round < 8; round++) {
    for (const c of text + String(round)) a = Math.imul(a ^ c.charCodeAt(0), 16777619) >>> 0;
    out += a.toString(16).padStart(8, '0');
  }
  return out;
}

export function dossier(journey: Journey, now: number): DossierView {
  const full = detail(journey, now);
  const ready = START + journey.order.readyDay * DAY;
  const [seller, , forwarder] = full.parties;
  const author = (role: string, name: string): EntryView['author'] => ({ party: `did:key:z6Mk${role}`, party_name: name, role });
  const entries: EntryView[] = [];
  const add = (kind: string, who: EntryView['author'], at: number, groups: EntryGroup[], why?: Finding): void => {
    const id = hash(`${journey.id}${String(entries.length)}`);
    const before = entries.at(-1)?.id;
    entries.push({ id, kind, author: who, at: iso(at), parents: before === undefined ? [] : [before], audience: ['consignor', 'forwarder', 'carrier', 'customs'], standing: why === undefined ? 'in_force' : 'ignored', verification_method: `${who.party}#key`, groups, ...(why !== undefined && { why }) });
  };
  const open = (name: string, content: unknown): EntryGroup => ({ name, disclosed: true, content });
  add('consignment_declared', author('forwarder', forwarder?.name ?? ''), ready - 30 * HOUR, [open('consignment', { goods: full.goods_items, equipment: full.equipment_items }), open('parties', full.parties), { name: 'prices', disclosed: false }]);
  add('itinerary_accepted', author('forwarder', forwarder?.name ?? ''), ready - 22 * HOUR, [open('itinerary', { via: journey.itinerary.via, arrives: journey.itinerary.arrives })]);
  for (const document of full.documents) add('document_issued', author('forwarder', forwarder?.name ?? ''), ready - 20 * HOUR, [open('document', document)]);
  if (journey.order.held === true) add('document_attached', author('consignor', seller?.name ?? ''), ready - 18 * HOUR, [open('document', full.attachments[0]), open('facts', { gross_mass_kg: '18420' })]);
  if (journey.id === 'C0003') add('transit_decided', author('carrier', 'Steppe Line Logistics'), ready, [open('decision', { to_state: 'released' })], { code: 'dossier.authority', severity: 'warning', message: 'A carrier has no authority to decide for a customs office.' });
  for (const event of eventsOf(journey, now)) add('event_reported', author('carrier', 'Corridor carriers'), Date.parse(event.at), [open('event', event)]);
  for (const movement of full.movements) {
    if (movement.decision !== undefined) add('transit_decided', { ...author('customs', `Customs of ${movement.territory_name}`), territory: movement.territory }, Date.parse(movement.decision.at), [open('decision', { to_state: movement.decision.outcome === 'release' ? 'released' : 'under_control' }), open('findings', movement.decision.findings)]);
  }
  if (amendedNow(journey, now)) add('consignment_amended', author('consignor', seller?.name ?? ''), now - HOUR, [open('reason', 'The invoice was right.'), open('changes', [{ path: '/goods/0/gross_mass_kg', value: '18420' }])]);
  entries.sort((a, b) => a.at.localeCompare(b.at));
  entries.forEach((entry, i) => { entry.parents = i === 0 ? [] : [entries[i - 1]?.id ?? '']; });
  return { id: full.dossier.id, heads: [entries.at(-1)?.id ?? ''], entries, findings: [] };
}

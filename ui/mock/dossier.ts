// Development fixture: dossier entries of a journey. The hashes are made up; nothing here is signed.
import type { DossierView, EntryGroup, EntryView } from '../src/api/types.ts';
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
  const add = (kind: string, who: EntryView['author'], at: number, title: string, groups: EntryGroup[], standing: EntryView['standing'] = 'in_force', why?: string): void => {
    const id = hash(`${journey.id}${String(entries.length)}`);
    const before = entries.at(-1)?.id;
    entries.push({ id, kind, author: who, at: iso(at), parents: before === undefined ? [] : [before], audience: ['consignor', 'forwarder', 'carrier', 'customs'], standing, title, groups, ...(why !== undefined && { why }) });
  };
  const open = (name: string, content: unknown): EntryGroup => ({ name, disclosed: true, content });
  add('party_keys', author('forwarder', forwarder?.name ?? ''), ready - 30 * HOUR, 'Parties and their keys', [open('parties', full.parties)]);
  add('goods', author('consignor', seller?.name ?? ''), ready - 26 * HOUR, `Goods: ${journey.order.goods}`, [open('goods', full.goods_items), { name: 'prices', disclosed: false }]);
  add('equipment', author('forwarder', forwarder?.name ?? ''), ready - 24 * HOUR, 'Containers and seals', [open('equipment', full.equipment_items)]);
  add('itinerary', author('forwarder', forwarder?.name ?? ''), ready - 22 * HOUR, 'Itinerary chosen', [open('itinerary', { via: journey.itinerary.via, arrives: journey.itinerary.arrives })]);
  add('document', author('forwarder', forwarder?.name ?? ''), ready - 20 * HOUR, 'CIM/SMGS consignment note issued', [open('document', full.documents[2])]);
  if (journey.order.held === true) add('attachment', author('consignor', seller?.name ?? ''), ready - 18 * HOUR, 'Supplier’s invoice attached', [open('facts', { type_code: '380', gross_mass_kg: '18420' })]);
  if (journey.id === 'C0003') add('customs_decision', author('carrier', 'Steppe Line Logistics'), ready, 'Release asserted by a carrier', [open('decision', { outcome: 'release' })], 'ignored', 'A carrier has no authority to decide for a customs office.');
  for (const event of eventsOf(journey, now)) add('event', author('carrier', 'Corridor carriers'), Date.parse(event.at), event.summary, [open('event', event)]);
  for (const movement of full.movements) {
    if (movement.decision !== undefined) add('customs_decision', author('customs', `Customs of ${movement.territory_name}`), Date.parse(movement.decision.at), `${movement.decision.outcome}: ${movement.territory_name}`, [open('decision', movement.decision)]);
  }
  if (amendedNow(journey, now)) add('amendment', author('consignor', seller?.name ?? ''), now - HOUR, 'Gross mass corrected', [open('changes', [{ path: '/goods/0/gross_mass_kg', value: '18420' }])]);
  entries.sort((a, b) => a.at.localeCompare(b.at));
  entries.forEach((entry, i) => { entry.parents = i === 0 ? [] : [entries[i - 1]?.id ?? '']; });
  return { id: full.dossier.id, heads: [entries.at(-1)?.id ?? ''], entries };
}

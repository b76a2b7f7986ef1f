// Development fixture: one transit movement per country on the way.
import type { Movement, MovementState } from '../src/api/types.ts';
import { placeByCode } from './network.ts';
import type { Journey } from './world.ts';

type Happened = (journey: Journey, planned: string, now: number) => string | null;

const RELEASED = (): Movement['decision'] & object => ({
  outcome: 'release', at: '', rule_pack: { id: 'transit-basic', version: '2026.1', hash: '5f0c2b9e7d1a44c3' }, profiles: [],
  findings: [
    { code: 'CLR-COMPLETE', severity: 'info', message: 'All data the declaration needs are present.', rule: 'R001 completeness', source: 'WCO Data Model 4.1, transit data set' },
    { code: 'CLR-SEAL', severity: 'info', message: 'Seal numbers are the same in the note and in the declaration.', rule: 'R014 seals', source: 'CIM/SMGS consignment note manual, box 29' },
  ],
});

export function movementsOf(journey: Journey, now: number, happened: Happened, held: boolean): Movement[] {
  const legs = journey.itinerary.steps.filter((step) => step.kind === 'leg');
  const territories = journey.itinerary.countries.slice(1);
  const names = new Intl.DisplayNames('en', { type: 'region' });
  return territories.map((territory, i) => {
    const inside = legs.filter((leg) => leg.countries.includes(territory));
    const first = inside[0] ?? legs[0];
    const last = inside.at(-1) ?? first;
    const pick = (planned: string | undefined): string | null => (planned === undefined ? null : happened(journey, planned, now));
    const times: [MovementState, string | null, string, string][] = [
      ['declared', pick(legs[0]?.departs_p50), 'declaration', 'Derived from the dossier before arrival.'],
      ['accepted', pick(legs[Math.max(0, i - 1)]?.departs_p50), 'acceptance', 'The declaration is complete.'],
      ['released', pick(first?.arrives_p50), 'release', 'No rule asked for a control.'],
      ['arrived', pick(last?.arrives_p50), 'arrival', 'Presented at the office of destination.'],
      ['discharged', pick(last?.arrives_p50), 'discharge', 'Arrived within the time limit, seals intact.'],
    ];
    const history = times.flatMap(([state, at, message, because]) => (at === null ? [] : [{ at, state, message, because }]));
    const controlled = held && i === 0;
    if (controlled) history.splice(2, 3, { at: history.at(-1)?.at ?? '', state: 'under_control', message: 'control', because: 'Gross weight differs between two documents.' });
    const decidedAt = history.find((one) => one.state === 'released' || one.state === 'under_control')?.at;
    const decision = RELEASED();
    if (controlled) {
      decision.outcome = 'control';
      decision.findings.unshift({
        code: 'CLR-GROSS-MASS', severity: 'error', path: '/goods/0/gross_mass_kg', rule: 'R007 gross mass agrees across documents',
        source: 'SMGS Annex 1, article 23; Customs Code, declaration of goods', message: 'The consignment note states 21 300 kg, the supplier’s invoice 18 420 kg.',
        remedy: 'The consignor corrects the mass with a new entry, or the office weighs the container.',
      });
    }
    return {
      id: `${journey.id}-M${String(i + 1)}`, consignment: journey.id, territory, territory_name: names.of(territory) ?? territory, procedure: 'transit', law: 'Fixture law, article 1.', because: 'The goods cross this territory.',
      entry_place: first?.from ?? '', entry_place_name: nameOf(first?.from), exit_place: last?.to ?? '', exit_place_name: nameOf(last?.to),
      findings: controlled ? decision.findings.slice(0, 1) : [], regime_name: ['National transit', 'Common transit', 'EAEU transit'][i % 3] ?? '', regime: i % 3 === 0 ? 'national_transit' : i % 3 === 1 ? 'common_transit' : 'eaeu_transit', office_of_departure: nameOf(first?.from), office_of_destination: nameOf(last?.to),
      state: history.at(-1)?.state ?? 'declared', history, version: String(history.length), ...(history.length > 1 && { mrn: `26${territory}${String(70401 + i * 137)}K${journey.id.slice(1)}A${String(i)}` }),
      ...(decidedAt !== undefined && { decision: { ...decision, at: decidedAt } }),
    };
  });
}

const nameOf = (code: string | undefined): string => (code === undefined ? '' : (placeByCode.get(code)?.name ?? code));

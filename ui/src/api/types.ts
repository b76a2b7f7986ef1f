import type { Geometry } from 'geojson';

/** The shapes of Kervan's HTTP API as the screen reads them. Instants are RFC 3339 UTC, durations are hours. */

export type Instant = string;
export type Confidence = 'high' | 'medium' | 'low';
export type Mode = 'rail' | 'road' | 'sea' | 'ferry' | 'inland_water';
export type ConsignmentState = 'draft' | 'planned' | 'in_transit' | 'held' | 'delivered';
export type MovementState = 'planned' | 'declared' | 'accepted' | 'under_control' | 'released' | 'arrived' | 'unloading' | 'under_enquiry' | 'under_recovery' | 'discharged' | 'refused';
export type Severity = 'info' | 'warning' | 'error';
export type Badge = 'fastest' | 'cheapest' | 'lowest_emissions';

export interface Finding { code: string; severity: Severity; message: string; path?: string; rule?: string; source?: string; remedy?: string }
/** What a finding says in English and in another language; `{1}` is the first of what the English fills in. */
export interface NameWords { english: string; told: string }
export interface FindingWords { code: string; rule?: string; message: string; message_told: string; remedy: string; remedy_told: string }
export interface Problem { type: string; title: string; status: number; detail?: string; code?: string; findings?: Finding[] }
export interface Provenance { source: string; period: string; confidence: Confidence }
export interface Money { amount: string; currency: string }
export interface Spread { min: number; typ: number; max: number }
export interface Percentiles { p10: number; p50: number; p90: number }
export interface ArrivalBand { p10: Instant; p50: Instant; p90: Instant }
export interface Status { state: 'open' | 'planned' | 'disrupted'; opens?: number; reason?: string }

export interface Place { code: string; name: string; country: string; lat: number; lon: number; kinds: string[]; zone: string; status: Status }
export interface Link {
  id: string; from: string; to: string; mode: Mode; status: Status; distance_km: Spread;
  course: [number, number][]; operator: string; countries: string[]; provenance: Provenance; two_way: boolean;
}
export interface Attribution { text: string; licence: string }
export interface Network { version: string; places: Place[]; links: Link[]; attributions: Attribution[] }

export interface PlaceProcess { id: string; kind: string; hours: Spread; includes_waiting: boolean; provenance: Provenance }
export interface PlaceService {
  id: string; name: string; operator: string; class: string; mode: Mode; from: string; to: string;
  hours: Spread; every_h?: number; wait_h?: Spread; status: Status; provenance: Provenance;
}
export interface PlaceDetail extends Place {
  processes: PlaceProcess[]; services: PlaceService[]; provenance: Provenance; point_provenance: Provenance; note?: string;
}

export interface EquipmentWish { count: number; size_type: string }
export interface PlanRequest {
  from: string; to: string; ready: Instant; equipment: EquipmentWish[];
  gross_mass_kg?: number; allow_planned?: boolean; allow_disrupted?: boolean; seed?: number;
  deadline?: Instant; wanted_chance?: number; value_of_day?: number; conditions?: PlanConditions;
}
export interface PlanSelection { places?: string[]; countries?: string[]; modes?: string[]; carriers?: string[] }
export interface PlanConditions {
  arrive_by?: Instant; horizon_days?: number; criteria?: string[];
  exposure?: { territories?: Record<string, number>; carriers?: Record<string, number> };
  avoid?: PlanSelection; require?: PlanSelection; dangerous?: string[]; temperature_controlled?: boolean; gauges_mm?: number[];
  most_transshipments?: number; epsilon_permille?: number;
}
export interface MatrixRequest { plan: PlanRequest; from: string[]; to: string[] }
export interface DayOdds { p10: number; p50: number; p90: number }
export interface MatrixPair {
  from: string; to: string; days?: DayOdds | null; cost?: Money | null; least_cost?: Money | null; least_cost_days?: number | null;
  least_co2e_kg?: number | null; ways: number; findings?: Finding[];
}
export interface Matrix { network_version: string; ready: Instant; pairs: MatrixPair[] }
export interface IsochroneRequest { plan: PlanRequest; within_days: number }
export type IsochroneProperties =
  | { kind: 'area'; within_days: number } | { kind: 'origin'; code: string; name: string } | { kind: 'place'; code: string; name: string; days: DayOdds }
  | { kind: 'ride'; service: string; name: string; from: string; to: string; departs_days: number; arrives_days: number; done: number };
/** As GeoJSON. What the coordinates are depends on the type of the geometry. */
export interface IsochroneFeature { type: string; geometry: Geometry; properties: IsochroneProperties }
export interface Isochrone { type: string; note: string; beyond: number; features: IsochroneFeature[] }
export interface LegCost { amount: Money; low: Money; high: Money; basis: string; provenance: Provenance }
export interface LegStep {
  kind: 'leg'; service: string; name: string; operator: string; class: string; mode: Mode;
  from: string; from_name: string; to: string; to_name: string; departs_p50: Instant; arrives_p50: Instant; hours: Spread;
  distance_km: number; countries: string[]; cost?: LegCost; co2e_kg: number; status: Status; links: string[]; provenance: Provenance;
}
export interface StayStep {
  kind: 'stay'; place: string; name: string; arrives_p50: Instant; leaves_p50: Instant;
  processes: { kind: string; hours: Spread; includes_waiting: boolean; provenance: Provenance }[];
}
export type Step = LegStep | StayStep;
export interface Itinerary {
  departs: Instant; arrives: ArrivalBand; duration_h: Percentiles;
  distance_km: number; transfers: number; countries: string[]; confidence: Confidence;
  cost: { total: Money; low: Money; high: Money; published_share: number; judged: Money; unknown: string[] };
  co2e_kg: number; steps: Step[];
}
export interface Alternative extends Itinerary { id: string; via: string[]; badges: Badge[]; findings: Finding[]; bands?: StepBand[] }
/** What is foreseen of a step: when it is over, and how many hours it lasts. */
export interface StepBand { ends: ArrivalBand; lasts_h: Percentiles }
export interface Assumption { name: string; value: string; provenance: Provenance }
export interface Plan {
  request: PlanRequest; network_version: string; seed: number; samples: number;
  alternatives: Alternative[]; findings: Finding[]; assumptions: Assumption[]; insight?: Insight;
}

export interface Within { half: boolean; eighty: boolean; ninety_five: boolean }
export interface HourBand { p2_5: number; p10: number; p25: number; p50: number; p75: number; p90: number; p97_5: number }
export interface InstantBand { p2_5: Instant; p10: Instant; p25: Instant; p50: Instant; p75: Instant; p90: Instant; p97_5: Instant }
export interface StepOutcome {
  step: number; kind: string; id: string; name: string; ends: InstantBand; hours: HourBand;
  actual_end?: Instant; actual_hours?: number; within?: Within; added_h?: number; cost?: Money;
}
export interface PlanOutcome {
  consignment: string; ready: Instant; arrival: InstantBand; actual_arrival?: Instant; within?: Within; late_h?: number;
  steps: StepOutcome[]; figures: string; tables_changed: boolean;
}

export interface CorridorFlow { teu: number; usd_per_feu?: number; days?: number }
export interface CorridorShift { id: string; name: string; before: CorridorFlow; after: CorridorFlow }
export interface SpotShift { id: string; name: string; capacity_teu: number; other_teu: number; before_teu: number; after_teu: number; after_added_hours: number; provenance: Provenance }
export interface RouteShift { corridor: string; commodity: string; stops: string[]; before_teu: number; after_teu: number; usd_per_feu: number; days: number }
export interface FlowShift { demand_year: number; corridors: CorridorShift[]; spots: SpotShift[]; routes: RouteShift[]; unserved: { demand: string; teu: number }[]; assumptions: string[] }
export interface PublishedVolume { id: string; name: string; published_teu: number; model_teu: number; fitted: boolean; provenance: Provenance }
export interface FlowBase { year: number; published: PublishedVolume[] }
export interface PartUnits { id: string; name: string; units: number }
export interface Bottleneck { units?: number; bottleneck: PartUnits[]; last_bottleneck: PartUnits[] }

/** Shares and chances run from 0 to 1; which figures a reason has depends on its code. */
export interface PlanReason { code: string; than?: string; hours?: number; amount?: Money; per_day?: Money; share?: number; count?: number }
export interface RiskShare { step: number; kind: string; name: string; share: number }
export interface Connection { step: number; place: string; service: string; planned?: Instant; missed: number; costs_h: number }
export interface Outlook {
  id: string; expected: Instant; expected_least: Instant; expected_most: Instant; deviation_h: number;
  on_time?: { chance: number; least: number; most: number }; risks: RiskShare[]; connections: Connection[]; grid_h: number;
}
export interface DayPrice { from: string; to: string; days: number; costs: Money; per_day: Money }
export interface Rival {
  id: string; price_down: Money; price_down_each: Money; hours_down?: number; value_above?: Money; value_below?: Money;
  misses_deadline: boolean; unpriced: boolean;
}
export interface SwingEnd { value: number; arrival_h: number; cost: Money; flips_to?: string }
export interface Swing {
  of: string; name: string; process?: string; least: SwingEnd; most: SwingEnd;
  family?: string; family_matters?: number; measured?: number; provenance: Provenance;
}
export interface Fallback {
  step: number; place: string; planned: string; wait_from_h: number; chance: number; instead: string[]; gains_h: number; costs: Money; net: Money;
}
export interface Expected { mean: Instant; on_time?: number }
export interface FallbackPlan { waiting: Expected; with_fallbacks: Expected; best: Expected; best_by: string[]; fallbacks: Fallback[]; grid_h: number }
export interface Insight {
  value_of_day: Money; value_assumed: boolean; deadline?: Instant; wanted_chance: number; recommended: string; reasons: PlanReason[];
  outlooks: Outlook[]; days: DayPrice[]; rivals: Rival[]; swings: Swing[]; fallbacks?: FallbackPlan; assumptions: Assumption[];
}

export interface Position { lat: number; lon: number; at: Instant }
export interface ConsignmentSummary {
  id: string; reference: string; forwarder: string; from: string; from_name: string; to: string; to_name: string; goods: string;
  equipment: string[]; state: ConsignmentState; ready: Instant; planned_arrival: Instant | null; eta: ArrivalBand | null;
  delivered: Instant | null; position: Position | null; progress: number; last_event: string | null; attention: string | null; mode: Mode | null;
}
export interface Party { role: string; id: string; name: string; address: string; country: string; did: string | null }
export interface GoodsItem {
  description: string; hs: string; packages: number; package_kind: string; gross_mass_kg: string; net_mass_kg: string;
  value: Money | null; origin: string;
}
export interface EquipmentItem { number: string; size_type: string; seals: string[] }
export interface Milestone {
  code: string; place: string; place_name: string; zone: string; planned: Instant; estimated: Instant | null; actual: Instant | null; unseen: boolean;
}
export interface Bill {
  entry: string; number: string; issuer: string; standing: 'held' | 'pledged' | 'frozen' | 'surrendered'; holder: string | null; holder_name: string | null;
}
export interface IssuedDocument {
  kind: string; type_code: string; title: string; number: string; issued: Instant; standing: 'current' | 'replaced' | 'withdrawn';
  replaces: string | null; replaced_by: string | null; withdrawn: string | null; bill: Bill | null;
}
export interface ProposedAmendment {
  entry: string; by: string; at: Instant; reason: string; standing: 'pending' | 'agreed' | 'refused'; waits_for: string[];
  changes: { path: string; was: unknown; value: unknown }[];
}
export interface Attachment { type_code: string; title: string; number: string; issuer: string; sha256: string }
export interface EtaPoint extends ArrivalBand { at: Instant; because: string }
/** A position as a device reported it: with its marks, and the point of the network that it is taken for. */
export interface TrackPoint extends Position {
  device: string; marks: string[]; believed: boolean;
  on: { link: string; mode: string; share: number; off_km: number; lat: number; lon: number } | null;
}
export interface TrackObservation { kind: string; since: Instant; detail: Record<string, unknown> }
export interface Track {
  points: TrackPoint[]; observations: TrackObservation[];
  derived: { code: string; place: string; estimated: Instant; earliest: Instant; latest: Instant }[];
}
export interface ConsignmentEvent { id: string; type: string; biz_step: string | null; place: string | null; place_name: string | null; at: Instant }
export interface ConsignmentDetail extends ConsignmentSummary {
  parties: Party[]; goods_items: GoodsItem[]; equipment_items: EquipmentItem[]; terms: { incoterm: string; place: string } | null;
  itinerary: Itinerary | null; milestones: Milestone[]; movements: Movement[]; documents: IssuedDocument[]; bills: Bill[]; proposals: ProposedAmendment[]; attachments: Attachment[];
  dossier: { id: string; heads: string[]; entries: number }; eta_history: EtaPoint[]; trail: Position[]; events: ConsignmentEvent[];
}

export interface Decision {
  outcome: 'release' | 'control' | 'refuse'; at: Instant;
  rule_pack: { id: string; version: string; hash: string }; findings: Finding[]; profiles: DecisionProfile[]; capacity?: DecisionCapacity;
}
export interface DecisionProfile {
  profile: string; title: string; source: string; act: string; points: number; threshold: number;
  parts: { title: string; points: number; held: boolean }[];
}
export interface DecisionCapacity { team: string; day: string; controls: number; taken: number; ahead: number; value: number; room: boolean }
export interface Movement {
  id: string; consignment: string; procedure: string; territory: string; territory_name: string; regime: string; regime_name: string;
  law: string; because: string; office_of_departure: string; office_of_destination: string; entry_place: string; entry_place_name: string;
  exit_place: string; exit_place_name: string; state: MovementState; mrn?: string; version: string; findings: Finding[]; decision?: Decision;
  history: { at: Instant; state: MovementState; message: string; because: string }[];
}

export interface EntryGroup { name: string; disclosed: boolean; content?: unknown }
export interface EntryView {
  id: string; kind: string; author: { party: string; party_name: string; role: string; territory?: string }; at: Instant;
  parents: string[]; audience: string[]; standing: 'in_force' | 'proposed' | 'ignored'; waits_for?: string[]; why?: Finding; verification_method: string; groups: EntryGroup[];
}
export interface DossierView { id: string; heads: string[]; entries: EntryView[]; findings: Finding[] }
export interface Clock { now: Instant; mode: 'wall' | 'play'; speed?: number; paused?: boolean }
export interface PositionTick extends Position { consignment: string }
export interface Page<T> { items: T[]; next?: string }

export interface MemberRole { role: string; territory?: string }
export interface MemberOfficer { id: string; name: string }
/** A person who is signed in, or whose key is shown. */
export interface MemberPerson { name: string; called: string; duty: string }
export interface Member { id: string; name: string; country: string; roles: MemberRole[]; officer?: MemberOfficer; person?: MemberPerson }
/** How people sign in: with a password always, at a provider where there is one. */
export interface WaysIn { provider?: string }
/** A key of the API, without its token. */
export interface KeyLine { id: string; label: string; scope: string; made: string; expires?: string; revoked?: string; used?: string }
export type Duty = 'member' | 'operator' | 'auditor';
export interface Person { name: string; called: string; duty: Duty; offices: string[]; since: Instant; ended?: Instant | null; password: boolean; links: PersonLink[]; sessions: number }
export interface PersonLink { issuer: string; subject: string; by_rule: boolean }
export interface PersonWanted { name: string; called: string; duty?: Duty }
/** A key of anybody, and what it is worth. */
export interface OwnedKey { key: KeyLine; party?: string | null; person?: string | null; state: 'good' | 'revoked' | 'expired' }
export interface KeyFor { party?: string; person?: string; label: string; scope?: string; days?: number }
/** The token is in this answer and in no other. */
export interface NewKey { token: string; key: KeyLine }
export interface AuditLine { number: number; at: Instant; actor: string; act: string; about: string }
export interface AuditFlaw { flaw: string; number: number; other?: number | null }
export interface AuditReport { whole: boolean; entries: number; end: string; flaws: AuditFlaw[] }
export interface SignedIn { token: string; party: Member }
export type OfficerWord = 'control' | 'hold' | 'ask_documents' | 'control_result' | 'release' | 'no_release';
export type OfficerAct =
  | { message: 'control' | 'hold' | 'no_release'; reason: string }
  | { message: 'ask_documents'; wanted: string }
  | { message: 'control_result'; satisfactory: boolean; remark: string }
  | { message: 'release' };
export interface Proposal { officer: string; act: string; remark: string; at: Instant }
export interface WorkLine {
  movement: string; territory: string; office: string; since: Instant; until: Instant; because: string; source?: string; goods_wait: boolean;
  why: Finding[]; asked: string[]; risk: number; four_eyes: boolean; proposal?: Proposal; acts: string[]; version: string;
}
export interface ScreeningHit { list: string; version: string; entity: string; name: string; score: number; reasons: string[] }
export interface ConsignmentHit {
  path: string; asked: string; question: string; hit: ScreeningHit; state: 'open' | 'changed' | 'decided'; holds: boolean;
  decision?: { verdict: 'cleared' | 'confirmed'; by: string; reason: string; at: Instant; list_version: string };
  proposal?: { officer: string; reason: string; at: Instant };
}
export interface HitVerdict { movement: string; list: string; entity: string; question: string; verdict: 'cleared' | 'confirmed'; reason: string; revise: boolean }

export interface AlarmDigest {
  kind: string; cause: string; cause_name: string; owner: string; since: Instant; reason: string; consignments: string[]; alarms: string[];
}
export interface Alarm { id: string; reference: string; kind: string; severity: string; state: string; escalated: boolean; acknowledged_by: string | null }
export interface AlarmList { digests: AlarmDigest[]; alarms: Alarm[] }
export interface FigureUse { key: string; name: string; published_h: Spread; median_h: number; p95_h: number; measured: number; published_share: number }
export interface ArrivalEstimate { at: Instant; because: string; measured: number; recalibrated: boolean }
export interface Arrival {
  reference: string; eta: ArrivalEstimate | null; nine_of_ten_days: number | null; journeys: number; figures: FigureUse[];
}

export type CorridorKind = 'place' | 'ride' | 'link' | 'route';
export interface CorridorRow {
  kind: string; id: string; name: string; count: number; per_day: number; queue?: number | null;
  p10_h?: number | null; p50_h?: number | null; p90_h?: number | null; p95_h?: number | null; buffer_index?: number | null;
}
export interface Closure {
  id: string; kind: string; what: string; from: Instant; until_min: Instant; until_typ: Instant; until_max: Instant; reason: string; by: string;
}
export interface ClosureRequest { place?: string; link?: string; service?: string; from?: Instant; until_min: Instant; until_typ: Instant; until_max: Instant; reason: string }

export interface NamedCode { code: string; name: string }
export interface KnownParty { id: string; name: string; country: string; roles: string[] }
export interface CodeLists { packages: NamedCode[]; incoterms: string[]; parties: KnownParty[] }
export interface ConsignmentSums { packages: number; gross_mass_kg: string; net_mass_kg: string; value?: string }
export interface CheckedConsignment { good: boolean; findings: Finding[]; file: unknown; sums?: ConsignmentSums }
export interface BoardLine {
  consignment: string; containers: string[]; code: string; place: string; place_name: string; zone: string; planned: Instant; expected?: ArrivalBand; actual?: Instant; unseen: boolean;
  next: boolean; yours: boolean; service: string; service_name: string; operator: string; class: string; mode: Mode; means?: string; from: string; from_name: string; to: string; to_name: string;
}
/** `kept`: the date of an answer that comes from this browser. */
export interface Board { lines: BoardLine[]; kept?: string }
export interface Waiting {
  kind: 'held' | 'papers' | 'refused' | 'consent' | 'alarm' | 'no_itinerary'; consignment: string; since: Instant; message: string; remedy?: string; code?: string; rule?: string; movement?: string; entry?: string; alarm?: string;
}

export interface PackLine { pack: string; version: string; hash: string; title: string; territory: string; procedures: string[]; since: string; until?: string; rules: number }
export interface RuleLine { rule: string; title: string; code: string; act: string; four_eyes: boolean; walks?: string; condition: string; source: string; confidence: string; languages: string[] }
export interface PackPage extends PackLine { list: RuleLine[] }
export interface PackFiles { pack: string; tests?: string }
export interface CaseCount { rule: string; fired: string[]; silent: number; example?: Finding }
export interface CheckReport { pack?: PackLine; findings: Finding[]; cases?: number; failed: number; coverage: CaseCount[] }
export interface ChangedLine { movement: string; before: string; after: string; gone: string[]; new: string[] }
export interface EffectReport { compared: number; without_pack: number; changed: ChangedLine[] }

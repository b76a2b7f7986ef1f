/** The shapes of Kervan's HTTP API as the screen reads them. Instants are RFC 3339 UTC, durations are hours. */

export type Instant = string;
export type Confidence = 'high' | 'medium' | 'low';
export type Mode = 'rail' | 'road' | 'sea' | 'ferry' | 'inland_water';
export type ConsignmentState = 'draft' | 'planned' | 'in_transit' | 'held' | 'delivered';
export type MovementState = 'planned' | 'declared' | 'accepted' | 'under_control' | 'released' | 'arrived' | 'unloading' | 'under_enquiry' | 'under_recovery' | 'discharged' | 'refused';
export type Severity = 'info' | 'warning' | 'error';
export type Badge = 'fastest' | 'cheapest' | 'lowest_emissions';

export interface Finding { code: string; severity: Severity; message: string; path?: string; rule?: string; source?: string; remedy?: string }
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
}
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
export interface Alternative extends Itinerary { id: string; via: string[]; badges: Badge[]; findings: Finding[] }
export interface Assumption { name: string; value: string; provenance: Provenance }
export interface Plan {
  request: PlanRequest; network_version: string; seed: number; samples: number;
  alternatives: Alternative[]; findings: Finding[]; assumptions: Assumption[];
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
export interface VerifyReport { verified: boolean; dossier: string | null; entries: number; heads: string[]; findings: Finding[] }

export interface Clock { now: Instant; mode: 'wall' | 'play'; speed?: number; paused?: boolean }
export interface PositionTick extends Position { consignment: string }
export interface Page<T> { items: T[]; next?: string }

export interface MemberRole { role: string; territory?: string }
export interface MemberOfficer { id: string; name: string }
export interface Member { id: string; name: string; country: string; roles: MemberRole[]; officer?: MemberOfficer }
export interface SignedIn { token: string; party: Member }
export type OfficerWord = 'control' | 'hold' | 'ask_documents' | 'control_result' | 'release' | 'no_release';
export type OfficerAct =
  | { message: 'control' | 'hold' | 'no_release'; reason: string }
  | { message: 'ask_documents'; wanted: string }
  | { message: 'control_result'; satisfactory: boolean; remark: string }
  | { message: 'release' };
export interface Proposal { officer: string; act: string; remark: string; at: Instant }
export interface WorkLine {
  movement: string; territory: string; office: string; since: Instant; until: Instant; because: string; goods_wait: boolean;
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

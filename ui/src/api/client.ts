import type {
  AlarmList, Arrival, Clock, ConsignmentDetail, ConsignmentHit, ConsignmentSummary, DossierView, HitVerdict, Member, Movement, Network, OfficerAct, Page,
  PlaceDetail, Plan, PlanRequest, Problem, SignedIn, Track, VerifyReport, WorkLine,
} from './types';

/** A request that did not succeed, carrying what the server said about it (RFC 9457). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
    this.name = 'ApiError';
  }
}

/** The code of a problem the screen makes itself when no server answered. */
export const UNREACHABLE = 'unreachable';

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'title' in value && 'status' in value;
}

async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body;
  return { type: 'about:blank', title: response.statusText || String(response.status), status: response.status };
}

let token: string | undefined;

/** From now on requests carry this token, or none. */
export function setToken(value: string | undefined): void {
  token = value;
}

async function send<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    const who = token === undefined ? {} : { authorization: `Bearer ${token}` };
    response = await fetch(path, { ...init, headers: { accept: 'application/json', ...who, ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({ type: 'about:blank', title: '', status: 0, code: UNREACHABLE });
  }
  if (!response.ok) throw new ApiError(await readProblem(response));
  return (await response.json()) as T;
}

function post<T>(path: string, body: BodyInit): Promise<T> {
  return send<T>(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** A request that changes something: the server answers it once, however often a shaky line sends it. */
function act<T>(path: string, body: unknown, more: Readonly<Record<string, string>> = {}): Promise<T> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...more };
  return send<T>(path, { method: 'POST', body: JSON.stringify(body), headers });
}

const part = encodeURIComponent;

export const loadNetwork = (): Promise<Network> => send('/api/network');
export const loadPlace = (code: string): Promise<PlaceDetail> => send(`/api/places/${part(code)}`);
export const loadConsignment = (id: string): Promise<ConsignmentDetail> => send(`/api/consignments/${part(id)}`);
export const loadTrack = (id: string): Promise<Track> => send(`/api/consignments/${part(id)}/track`);
export const loadDossier = (id: string): Promise<DossierView> => send(`/api/consignments/${part(id)}/dossier`);
export const loadMovements = (): Promise<Movement[]> => send('/api/movements');
export const loadClock = (): Promise<Clock> => send('/api/clock');
export const sendPlan = (request: PlanRequest): Promise<Plan> => post('/api/plans', JSON.stringify(request));
export const sendPlay = (speed: number, paused: boolean): Promise<Clock> => post('/api/play', JSON.stringify({ speed, paused }));
export const verifyDossier = (file: Blob): Promise<VerifyReport> => post('/api/verify', file);

export const loadSession = (): Promise<Member> => send('/api/session');
export const loadCast = (): Promise<Member[]> => send('/api/play/cast');
export const sendSignIn = (party: string, officer?: string): Promise<SignedIn> => post('/api/play/sign-in', JSON.stringify({ party, officer }));
export const loadWork = (territory: string): Promise<WorkLine[]> => send(`/api/worklist?territory=${part(territory)}`);
/** The id of a movement is an address already: the consignment's reference, a slash, a number. */
export const sendOfficerAct = (movement: string, what: OfficerAct, version: string): Promise<Movement> =>
  act(`/api/movements/${movement.split('/').map(part).join('/')}/messages`, what, { 'if-match': `"${version}"` });
/** Hits are shown to the administrations that decide them, and to nobody else. */
export const loadHits = (consignment: string): Promise<ConsignmentHit[]> => send(`/api/screening/hits?consignment=${part(consignment)}`);
export const sendHitVerdict = (verdict: HitVerdict): Promise<ConsignmentHit[]> => act('/api/screening/decisions', verdict, {});

export const loadAlarms = (): Promise<AlarmList> => send('/api/alarms');
export const loadArrival = (id: string): Promise<Arrival> => send(`/api/consignments/${part(id)}/eta`);
export const sendAcknowledgement = (alarms: readonly string[]): Promise<unknown> => act('/api/alarms/acknowledgements', { alarms });

/** All consignments, page after page. */
export async function loadConsignments(): Promise<ConsignmentSummary[]> {
  const all: ConsignmentSummary[] = [];
  let after: string | undefined;
  do {
    const query: string = after === undefined ? '' : `&after=${part(after)}`;
    const page: Page<ConsignmentSummary> = await send(`/api/consignments?limit=500${query}`);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}

export const dossierFileUrl = (id: string): string => `/api/consignments/${part(id)}/dossier.json`;
export const documentUrl = (id: string, kind: string, form: 'pdf' | 'json'): string =>
  `/api/consignments/${part(id)}/documents/${part(kind)}.${form}`;

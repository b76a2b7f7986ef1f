import type {
  AlarmList, Arrival, Board, BoardLine, Bottleneck, CheckedConsignment, CheckReport, Clock, Closure, ClosureRequest, CodeLists,
  ConsignmentDetail, ConsignmentHit, ConsignmentSummary, CorridorRow, DossierView, EffectReport, FindingWords, FlowBase, FlowShift, HitVerdict,
  Isochrone, KeyLine, Matrix, Member, Movement, NameWords, Network, OfficerAct, PackFiles, PackLine, PackPage, Page, PlaceDetail, Plan, PlanOutcome, PlanRequest, Problem,
  SignedIn, Track, Waiting, WaysIn, WorkLine,
} from './types';
import { once, tellAnswer } from './sending';

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

/** What a request says of who asks, beyond what the browser says by itself. */
export function credentials(): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** A request and its answer, which is a success. Throws what the server said otherwise. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { accept: 'application/json', ...credentials(), ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({ type: 'about:blank', title: '', status: 0, code: UNREACHABLE });
  }
  tellAnswer({ method: init.method ?? 'GET', path, status: response.status });
  if (!response.ok) throw new ApiError(await readProblem(response));
  return response;
}

/** The same, read as JSON. */
export async function send<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await ask(path, init)).json()) as T;
}

/** The address of the page after an answer, which its `Link` header names (RFC 8288). */
function nextOf(response: Response): string | undefined {
  return /<([^>]*)>;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
}

/** Every line of a list that comes in pages. */
export async function sendAll<T>(path: string): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const response: Response = await ask(next);
    all.push(...((await response.json()) as T[]));
    next = nextOf(response);
  }
  return all;
}

/** Asks a question that has a body. */
export function post<T>(path: string, body: BodyInit): Promise<T> {
  return send<T>(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** A request that changes something: the server answers it once, however often a shaky line sends it. */
export function act<T>(path: string, body: unknown, more: Readonly<Record<string, string>> = {}): Promise<T> {
  const text = JSON.stringify(body);
  const isLost = (error: unknown): boolean => error instanceof ApiError && error.problem.code === UNREACHABLE;
  const deed = JSON.stringify([path, text, more, token ?? '']);
  return once(deed, isLost, (key) => send<T>(path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', 'idempotency-key': key, ...more } }));
}

const part = encodeURIComponent;

export const loadNetwork = (): Promise<Network> => send('/api/network');
export const loadPlace = (code: string): Promise<PlaceDetail> => send(`/api/places/${part(code)}`);
export const loadConsignment = (id: string): Promise<ConsignmentDetail> => send(`/api/consignments/${part(id)}`);
export const loadTrack = (id: string): Promise<Track> => send(`/api/consignments/${part(id)}/track`);
export const loadDossier = (id: string): Promise<DossierView> => send(`/api/consignments/${part(id)}/dossier`);
export const loadMovements = (): Promise<Movement[]> => sendAll('/api/movements');
export const loadMovement = (id: string): Promise<Movement> => send(`/api/movements/${id.split('/').map(part).join('/')}`);
export const loadFindingWords = (language: string): Promise<FindingWords[]> => send(`/api/findings?language=${part(language)}`);
export const loadNameWords = (language: string): Promise<NameWords[]> => send(`/api/names?language=${part(language)}`);
export const loadClock = (): Promise<Clock> => send('/api/clock');
export const sendPlan = (request: PlanRequest): Promise<Plan> => post('/api/plans', JSON.stringify(request));
/** Both are asked as texts, so that the same question is known to be the same. */
export const sendMatrix = (request: string): Promise<Matrix> => post('/api/matrices', request);
export const sendIsochrone = (request: string): Promise<Isochrone> => post('/api/isochrones', request);
export const loadOutcome = (id: string): Promise<PlanOutcome> => send(`/api/consignments/${part(id)}/outcome`);
export const loadFlowBase = (): Promise<FlowBase> => send('/api/flows/base');
export const sendFlowShift = (close: readonly string[], open: readonly string[]): Promise<FlowShift> => post('/api/flows/shift', JSON.stringify({ close, open }));
export const sendBottleneck = (from: string, to: string, avoid: readonly string[], open: readonly string[]): Promise<Bottleneck> =>
  post('/api/flows/bottleneck', JSON.stringify({ from, to, avoid, open }));
export const sendPlay = (speed: number, paused: boolean): Promise<Clock> => post('/api/play', JSON.stringify({ speed, paused }));

export const loadWaysIn = (): Promise<WaysIn> => send('/api/sign-in');
/** The answer sets a cookie that no script reads. */
export const sendPassword = (name: string, password: string): Promise<Member> => post('/api/sign-in', JSON.stringify({ name, password }));
export const sendSignOut = async (): Promise<void> => { await ask('/api/sign-out', { method: 'POST' }); };
export const loadKeys = (): Promise<KeyLine[]> => send('/api/keys');
export const sendRevocation = async (id: string): Promise<void> => { await ask(`/api/keys/${part(id)}`, { method: 'DELETE' }); };
export const loadSession = (): Promise<Member> => send('/api/session');
export const loadCast = (): Promise<Member[]> => send('/api/play/cast');
export const sendSignIn = (party: string, officer?: string): Promise<SignedIn> => post('/api/play/sign-in', JSON.stringify({ party, officer }));
export const loadWork = (territory: string, language: string): Promise<WorkLine[]> =>
  sendAll(`/api/worklist?territory=${part(territory)}&language=${part(language)}&limit=500`);
/** The id of a movement is an address already: the consignment's reference, a slash, a number. */
export const sendOfficerAct = (movement: string, what: OfficerAct, version: string): Promise<Movement> =>
  act(`/api/movements/${movement.split('/').map(part).join('/')}/messages`, what, { 'if-match': `"${version}"` });
/** Hits are shown to the administrations that decide them, and to nobody else. */
export const loadHits = (consignment: string): Promise<ConsignmentHit[]> => send(`/api/screening/hits?consignment=${part(consignment)}`);
export const sendHitVerdict = (verdict: HitVerdict): Promise<ConsignmentHit[]> => act('/api/screening/decisions', verdict, {});

export const checkConsignment = (file: string): Promise<CheckedConsignment> => post('/api/check/consignment', file);
export const loadCodes = (): Promise<CodeLists> => send('/api/codes');
export const sendConsignment = (file: unknown): Promise<ConsignmentDetail> => act('/api/consignments', file);
export const sendAcceptance = (id: string, accepted: { plan: PlanRequest; alternative: string }): Promise<ConsignmentDetail> =>
  act(`/api/consignments/${part(id)}/itinerary`, accepted);
export const loadWaiting = (): Promise<Waiting[]> => send('/api/waiting');
export const sendConsent = (id: string, entry: string, agreed: boolean): Promise<unknown> =>
  act(`/api/consignments/${part(id)}/amendments/${part(entry)}/answer`, { agreed, reason: '' });

/** The board, and when it was kept if it comes from this browser because there is no line. */
export async function loadBoard(place: string, hours: number): Promise<Board> {
  const where = place === '' ? '' : `&place=${part(place)}`;
  const response = await ask(`/api/board?hours=${String(hours)}${where}`);
  const kept = response.headers.get('kervan-kept');
  return { lines: (await response.json()) as BoardLine[], ...(kept === null ? {} : { kept }) };
}
/** A capture as it was kept: the same key however often a shaky line sends it. */
export const sendCapture = (document: string, key: string): Promise<unknown> =>
  send('/epcis/capture', { method: 'POST', body: document, headers: { 'content-type': 'application/json', 'idempotency-key': key } });

export const loadPacks = (): Promise<PackLine[]> => send('/api/rules');
export const loadPackPage = (pack: string, language: string): Promise<PackPage> => send(`/api/rules/${part(pack)}?language=${part(language)}`);
export const loadPackFiles = (pack: string): Promise<PackFiles> => send(`/api/rules/${part(pack)}/files`);
export const checkPack = (pack: string, tests: string): Promise<CheckReport> => post('/api/rules/check', JSON.stringify({ pack, ...(tests === '' ? {} : { tests }) }));
export const tryPack = (pack: string, last: number): Promise<EffectReport> => post('/api/rules/effect', JSON.stringify({ pack, last }));

export const loadAlarms = (): Promise<AlarmList> => send('/api/alarms');
export const loadArrival = (id: string): Promise<Arrival> => send(`/api/consignments/${part(id)}/eta`);
export const sendAcknowledgement = (alarms: readonly string[]): Promise<unknown> => act('/api/alarms/acknowledgements', { alarms });

/** An address that holds a window of the corridor's state, in one of its forms. */
export const corridorFileUrl = (from: string, to: string, format: 'json' | 'csv' | 'parquet'): string =>
  `/api/corridor/state?from=${part(from)}&to=${part(to)}&format=${format}`;
export const loadCorridor = (from: string, to: string): Promise<CorridorRow[]> => send(corridorFileUrl(from, to, 'json'));
export const loadClosures = (): Promise<Closure[]> => sendAll('/api/closures');
export const sendClosure = (closure: ClosureRequest): Promise<Closure> => act('/api/closures', closure);
export const sendReopening = (id: string): Promise<Closure> => act(`/api/closures/${part(id)}/reopening`, {});

/** All consignments, page after page; each page is told as it comes. */
export async function loadConsignments(onpage: (items: readonly ConsignmentSummary[]) => void): Promise<ConsignmentSummary[]> {
  const all: ConsignmentSummary[] = [];
  let after: string | undefined;
  do {
    const query: string = after === undefined ? '' : `&after=${part(after)}`;
    const page: Page<ConsignmentSummary> = await send(`/api/consignments?limit=500${query}`);
    all.push(...page.items);
    onpage(page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}

/** The bytes of a file as they are. */
export async function loadFile(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path).catch(() => undefined);
  if (response === undefined) throw new ApiError({ type: 'about:blank', title: '', status: 0, code: UNREACHABLE });
  if (!response.ok) throw new ApiError(await readProblem(response));
  return response.arrayBuffer();
}

export const dossierFileUrl = (id: string): string => `/api/consignments/${part(id)}/dossier.json`;
/** The dossier with all its documents in one file that anybody can check, and all documents as one print. */
export const packageUrl = (id: string): string => `/api/dossiers/${part(id)}/export?format=asice`;
export const printedPackageUrl = (id: string): string => `/api/consignments/${part(id)}/package.pdf`;
export const documentUrl = (id: string, kind: string, form: 'pdf' | 'json'): string =>
  `/api/consignments/${part(id)}/documents/${part(kind)}.${form}`;

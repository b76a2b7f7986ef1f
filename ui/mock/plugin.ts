// Development fixture: `npm run mock` answers the API inside Vite's dev server. It never enters a build.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { IsochroneRequest, MatrixRequest, PlanRequest } from '../src/api/types.ts';
import { dossier } from './dossier.ts';
import { corridorState } from './corridor.ts';
import { network, placeByCode, placeDetail } from './network.ts';
import { isochrone, matrix, plan } from './planner.ts';
import { detail, iso, journeys, position, START, summary, track } from './world.ts';

const DAY = 86_400_000;
let speed = Number(process.env.MOCK_SPEED ?? 3600);
let paused = false;
let base = START + Number(process.env.MOCK_DAYS ?? 10.5) * DAY;
let since = Date.now();

const now = (): number => base + (paused ? 0 : (Date.now() - since) * speed);
const clock = (): object => ({ now: iso(Math.floor(now() / 1000) * 1000), mode: 'play', speed, paused });

class Refused extends Error {
  constructor(readonly status: number, title: string, readonly code: string, readonly detail: string) { super(title); }
}

function findJourney(id: string | undefined): (typeof journeys)[number] {
  const found = journeys.find((one) => one.id === id);
  if (found === undefined) throw new Refused(404, 'No such consignment', 'CONSIGNMENT-UNKNOWN', 'No consignment has this id. Look it up in the list.');
  return found;
}

function play(body: string): object {
  const wish = JSON.parse(body) as { speed: number; paused: boolean };
  base = now();
  since = Date.now();
  ({ speed, paused } = wish);
  return clock();
}

function makePlan(body: string): object {
  const request = JSON.parse(body) as PlanRequest;
  if (!placeByCode.has(request.from)) throw new Refused(422, 'The plan was refused', 'PLACE-UNKNOWN', `No place has the code ${request.from}.`);
  return plan(request);
}

function answer(method: string, path: string, body: string): unknown {
  const [head, id, leaf] = path.replace(/^\/api\//, '').split('/');
  if (path === '/api/network') return network;
  if (path === '/api/alarms') return { digests: [], alarms: [] };
  if (path === '/api/closures') return [];
  if (path === '/api/corridor/state') return corridorState(now());
  if (path === '/api/clock') return clock();
  if (path === '/api/matrices') return matrix(JSON.parse(body) as MatrixRequest);
  if (path === '/api/isochrones') return isochrone(JSON.parse(body) as IsochroneRequest);
  if (path === '/api/plans' && method === 'POST') return makePlan(body);
  if (path === '/api/play' && method === 'POST') return play(body);
  if (path === '/api/consignments') return { items: journeys.map((one) => summary(one, now())) };
  if (path === '/api/movements') return journeys.flatMap((one) => detail(one, now()).movements);
  if (head === 'places' && id !== undefined) {
    const found = placeDetail(id);
    if (found === undefined) throw new Refused(404, 'No such place', 'PLACE-UNKNOWN', `No place has the code ${id}.`);
    return found;
  }
  if (head === 'consignments' && leaf === undefined) return detail(findJourney(id), now());
  if (head === 'consignments' && (leaf === 'dossier' || leaf === 'dossier.json')) return dossier(findJourney(id), now());
  if (head === 'consignments' && leaf === 'track') return track(findJourney(id), now());
  if (head === 'consignments' && leaf === 'eta') return { reference: id, eta: null, nine_of_ten_days: null, journeys: 0, figures: [] };
  if (head === 'consignments' && leaf === 'documents') return { form: path, of: detail(findJourney(id), now()).goods_items };
  throw new Refused(404, 'Not found', 'NOT-FOUND', path);
}

function stream(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let id = 0;
  const tell = (event: string, value: unknown): void => { response.write(`id: ${String(++id)}\nevent: ${event}\ndata: ${JSON.stringify(value)}\n\n`); };
  let beat = 0;
  const timer = setInterval(() => {
    beat += 1;
    if (beat % 4 === 0) tell('clock', clock());
    for (const journey of journeys) {
      tell('position', position(journey, now()));
      if (beat % 8 === 0) tell('consignment', summary(journey, now()));
    }
    if (beat % 16 === 0) for (const movement of detail(journeys[(beat / 16) % journeys.length] ?? findJourney('C0001'), now()).movements) tell('movement', movement);
  }, 250);
  request.on('close', () => clearInterval(timer));
  tell('clock', clock());
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path === '/api/stream') return stream(request, response);
  try {
    const value = answer(request.method ?? 'GET', path, await readBody(request));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    response.statusCode = error.status;
    response.setHeader('content-type', 'application/problem+json').end(JSON.stringify({ type: 'about:blank', title: error.message, status: error.status, detail: error.detail, code: error.code }));
  }
}

export function mockServer(): Plugin {
  const mount = (use: (route: string, act: (request: IncomingMessage, response: ServerResponse) => void) => void): void => {
    use('/api', (request, response) => {
      request.url = `/api${request.url ?? ''}`;
      void handle(request, response);
    });
  };
  return {
    name: 'kervan-mock',
    configureServer: (server) => mount((route, act) => server.middlewares.use(route, act)),
    configurePreviewServer: (server) => mount((route, act) => server.middlewares.use(route, act)),
  };
}

// Development fixture: reads the repository's own network tables and answers as the server does.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Confidence, Link, Mode, Network, Place, PlaceDetail, PlaceProcess, PlaceService, Provenance, Spread, Status } from '../src/api/types.ts';

type Row = Record<string, string>;

const folder = fileURLToPath(new URL('../../data/network/', import.meta.url));

function splitLine(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (quoted && c === '"' && line.charAt(i + 1) === '"') { cell += '"'; i++; }
    else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) { cells.push(cell); cell = ''; }
    else cell += c;
  }
  return [...cells, cell];
}

export function readTable(name: string): Row[] {
  const path = folder + name;
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const head = splitLine(lines[0] ?? '');
  return lines.slice(1).map((line) => {
    const cells = splitLine(line);
    return Object.fromEntries(head.map((column, i) => [column, cells[i] ?? '']));
  });
}

const text = (row: Row, column: string): string => row[column] ?? '';
const number = (row: Row, column: string): number => Number(text(row, column));
const spreadOf = (row: Row, prefix: string, suffix = ''): Spread =>
  ({ min: number(row, `${prefix}_min${suffix}`), typ: number(row, `${prefix}_typ${suffix}`), max: number(row, `${prefix}_max${suffix}`) });
const provenanceOf = (row: Row): Provenance =>
  ({ source: text(row, 'source'), period: text(row, 'period'), confidence: (text(row, 'confidence') || 'low') as Confidence });

function statusOf(row: Row): Status {
  const state = (text(row, 'status') || 'open') as Status['state'];
  return { state, ...(text(row, 'opens') && { opens: number(row, 'opens') }), ...(text(row, 'reason') && { reason: text(row, 'reason') }) };
}

const MODES: Record<string, Mode> = { rail_ferry: 'ferry' };
const modeOf = (name: string): Mode => MODES[name] ?? (name as Mode);

function readCourses(): Map<string, [number, number][]> {
  const courses = new Map<string, [number, number][]>();
  for (const file of ['courses.csv', 'courses_odbl.csv']) {
    for (const row of readTable(file)) {
      const id = text(row, 'link');
      const points = courses.get(id) ?? [];
      points.push([number(row, 'lon'), number(row, 'lat')]);
      courses.set(id, points);
    }
  }
  return courses;
}

const points = new Map([...readTable('points.csv'), ...readTable('points_odbl.csv')].map((row) => [text(row, 'place'), row]));

const placeOf = (row: Row): Place => {
  const point = points.get(text(row, 'code')) ?? {};
  return {
    code: text(row, 'code'), name: text(row, 'name'), country: text(row, 'country'), zone: text(row, 'zone'),
    kinds: text(row, 'kinds').split(';'), status: statusOf(row), lat: number(point, 'lat'), lon: number(point, 'lon'),
  };
};

const placeRows = readTable('places.csv');
const places = placeRows.map(placeOf);
export const placeByCode = new Map(places.map((place) => [place.code, place]));

const courses = readCourses();

const links = readTable('links.csv').map((row): Link => {
  const ends = [text(row, 'from'), text(row, 'to')].map((code) => placeByCode.get(code)).filter((place) => place !== undefined);
  return {
    id: text(row, 'id'), from: text(row, 'from'), to: text(row, 'to'), mode: modeOf(text(row, 'mode')), status: statusOf(row),
    distance_km: spreadOf(row, 'km'), course: courses.get(text(row, 'id')) ?? ends.map((p): [number, number] => [p.lon, p.lat]),
    operator: text(row, 'operator'), countries: text(row, 'countries').split(';'), provenance: provenanceOf(row),
    two_way: text(row, 'both_ways') === 'yes',
  };
});
export const linkById = new Map(links.map((link) => [link.id, link]));

export const network: Network = {
  version: '0000fixture00000', places, links,
  attributions: [
    { text: 'Places and courses: © OpenStreetMap contributors, GeoNames', licence: 'ODbL 1.0, CC-BY 4.0' },
    { text: 'Land: Natural Earth', licence: 'public domain' },
  ],
};

export interface Service extends PlaceService { km: number; countries: string[]; links: string[]; wait: Spread }

function servicesOf(row: Row): Service[] {
  const ridden = text(row, 'links').split(';').map((id) => linkById.get(id)).filter((link) => link !== undefined);
  const every = number(row, 'every_h');
  const wait = text(row, 'runs') === 'headway' ? { min: 0, typ: every / 2, max: every } : spreadOf(row, 'wait_h');
  const there: Service = {
    id: text(row, 'id'), name: text(row, 'name'), operator: text(row, 'operator'), class: text(row, 'class'), mode: modeOf(text(row, 'mode')),
    from: text(row, 'from'), to: text(row, 'to'), hours: spreadOf(row, 'running_h'), status: statusOf(row), provenance: provenanceOf(row),
    ...(text(row, 'runs') === 'headway' ? { every_h: every } : { wait_h: wait }),
    km: ridden.reduce((sum, link) => sum + link.distance_km.typ, 0), countries: [...new Set(ridden.flatMap((link) => link.countries))],
    links: ridden.map((link) => link.id), wait,
  };
  if (text(row, 'both_ways') !== 'yes') return [there];
  return [there, { ...there, id: `${there.id}R`, from: there.to, to: there.from, countries: [...there.countries].reverse(), links: there.links.map((id) => `${id}R`).reverse() }];
}

export const services = readTable('services.csv').flatMap(servicesOf);

const processRows = readTable('processes.csv');
export const processesAt = (code: string): (PlaceProcess & { atOrigin: boolean; atDestination: boolean })[] =>
  processRows.filter((row) => text(row, 'place') === code).map((row) => ({
    id: text(row, 'id'), kind: text(row, 'kind'), hours: spreadOf(row, 'hours'), includes_waiting: text(row, 'includes_waiting') === 'yes',
    provenance: provenanceOf(row), atOrigin: text(row, 'at_origin') === 'yes', atDestination: text(row, 'at_destination') === 'yes',
  }));

export function placeDetail(code: string): PlaceDetail | undefined {
  const place = placeByCode.get(code);
  const row = placeRows.find((one) => text(one, 'code') === code);
  if (place === undefined || row === undefined) return undefined;
  const publish = ({ id, name, operator, class: kind, mode, from, to, hours, every_h, wait_h, status, provenance }: Service): PlaceService =>
    ({ id, name, operator, class: kind, mode, from, to, hours, status, provenance, ...(every_h !== undefined && { every_h }), ...(wait_h !== undefined && { wait_h }) });
  return {
    ...place, provenance: provenanceOf(row), point_provenance: provenanceOf(points.get(code) ?? {}),
    processes: processesAt(code).map(({ id, kind, hours, includes_waiting, provenance }) => ({ id, kind, hours, includes_waiting, provenance })),
    services: services.filter((one) => one.from === code).map(publish),
  };
}

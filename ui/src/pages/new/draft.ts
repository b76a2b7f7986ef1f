/** A consignment file while it is being filled in: the fields of `docs/consignment-file.md`, as text until the server reads them. */

export interface PartyDraft { role: string; id: string; name: string; address: string; country: string; [more: string]: unknown }
export interface GoodsDraft {
  description: string; hs: string; origin: string; packages: number | string; package_kind: string; marks?: string;
  gross_mass_kg: number | string; net_mass_kg: number | string; value: string; [more: string]: unknown;
}
export interface EquipmentDraft { number: string; size_type: string; tare_kg?: number | string; seals?: { number: string; affixed_by: string }[]; [more: string]: unknown }
export interface Draft {
  reference: string; from: string; to: string; ready: string; terms: { incoterm: string; place: string };
  parties: PartyDraft[]; goods: GoodsDraft[]; equipment: EquipmentDraft[];
  invoice: { number: string; date: string; currency: string; contract?: string }; [more: string]: unknown;
}

export const blankGoods = (): GoodsDraft => ({ description: '', hs: '', origin: '', packages: '', package_kind: '', gross_mass_kg: '', net_mass_kg: '', value: '' });
export const blankEquipment = (): EquipmentDraft => ({ number: '', size_type: '45G1', seals: [] });
export const blankParty = (role: string): PartyDraft => ({ role, id: '', name: '', address: '', country: '' });

export const blankDraft = (): Draft => ({
  reference: '', from: '', to: '', ready: '', terms: { incoterm: '', place: '' },
  parties: [blankParty('consignor'), blankParty('consignee'), blankParty('forwarder')], goods: [blankGoods()], equipment: [blankEquipment()],
  invoice: { number: '', date: '', currency: 'USD' },
});

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** A file that somebody pasted or that was kept, as a draft: what it lacks is empty, what the form does not show is kept. */
export function readDraft(value: unknown): Draft {
  const file = isRecord(value) ? value : {};
  const [terms, invoice] = [isRecord(file.terms) ? file.terms : {}, isRecord(file.invoice) ? file.invoice : {}];
  const parties = records(file.parties).map((one) => ({ ...blankParty(text(one.role)), ...one }) as PartyDraft);
  const lacking = ['consignor', 'consignee', 'forwarder'].filter((role) => !parties.some((one) => one.role === role));
  const goods = records(file.goods).map((one) => ({ ...blankGoods(), ...one, hs: text(one.hs) }) as GoodsDraft);
  const equipment = records(file.equipment).map((one) => ({ ...blankEquipment(), ...one }) as EquipmentDraft);
  return {
    ...file, reference: text(file.reference), from: text(file.from), to: text(file.to), ready: text(file.ready),
    terms: { incoterm: text(terms.incoterm), place: text(terms.place) }, parties: [...parties, ...lacking.map(blankParty)],
    goods: goods.length === 0 ? [blankGoods()] : goods, equipment: equipment.length === 0 ? [blankEquipment()] : equipment,
    invoice: { ...invoice, number: text(invoice.number), date: text(invoice.date), currency: text(invoice.currency) },
  };
}

/** The file to be sent: counts as numbers, optional fields that are empty left out. */
export function toFile(draft: Draft): Record<string, unknown> {
  const goods = draft.goods.map(({ marks, ...item }) => ({
    ...item, packages: /^\d{1,9}$/.test(String(item.packages)) ? Number(item.packages) : 0, value: String(item.value), ...(marks === undefined || marks === '' ? {} : { marks }),
  }));
  const equipment = draft.equipment.map(({ tare_kg, seals, ...unit }) => ({
    ...unit, ...(tare_kg === undefined || tare_kg === '' ? {} : { tare_kg }), ...(seals === undefined || seals.length === 0 ? {} : { seals }),
  }));
  const { contract, ...invoice } = draft.invoice;
  // A time that came without its zone is read as UTC; the form asks on the clock of the place and writes UTC.
  const ready = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(draft.ready) ? `${draft.ready}:00Z` : draft.ready;
  return { ...draft, ready, goods, equipment, invoice: { ...invoice, ...(contract === undefined || contract === '' ? {} : { contract }) } };
}

/** The columns of a spreadsheet of goods, in the order that is taken when there is no row of names. */
export const COLUMNS = ['description', 'hs', 'origin', 'packages', 'package_kind', 'gross_mass_kg', 'net_mass_kg', 'value', 'marks'] as const;
export type Column = (typeof COLUMNS)[number];

/** A number as spreadsheets of the corridor write it (`1 240,50`, `1,240.50`), as a plain decimal; anything else as it is. */
export function plainNumber(cell: string): string {
  const compact = cell.replaceAll(/[\s\u00a0\u202f']/g, '');
  if (!/^\d[\d.,]*$/.test(compact)) return cell.trim();
  const [comma, dot] = [compact.lastIndexOf(','), compact.lastIndexOf('.')];
  if (comma >= 0 && dot >= 0) return comma > dot ? compact.replaceAll('.', '').replace(',', '.') : compact.replaceAll(',', '');
  if (comma < 0) return compact;
  // One comma with three digits behind it can be either; it is left to the reader's eye.
  return /^\d{1,3}(,\d{3})+$/.test(compact) ? cell.trim() : compact.replace(',', '.');
}

const NUMBERS: readonly Column[] = ['packages', 'gross_mass_kg', 'net_mass_kg', 'value'];
const word = (name: string): string => name.toLocaleLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();

/**
 * Rows of goods pasted from a spreadsheet: cells parted by tabs (or semicolons), a row for each item. `names` are words for each
 * column in the reader's language; a first row that holds at least two of them says the order.
 */
export function readRows(pasted: string, names: Readonly<Record<Column, string>>): GoodsDraft[] {
  const separator = pasted.includes('\t') ? '\t' : ';';
  const rows = pasted.split(/\r?\n/).filter((row) => row.trim() !== '').map((row) => row.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/s, '$1').replaceAll('""', '"')));
  const find = (cell: string): Column | undefined => COLUMNS.find((column) => word(column) === word(cell) || word(names[column]) === word(cell));
  const header = (rows[0] ?? []).map(find);
  const named = header.filter((column) => column !== undefined).length >= 2;
  const order: readonly (Column | undefined)[] = named ? header : COLUMNS;
  return rows.slice(named ? 1 : 0).map((cells) => {
    const item = blankGoods();
    order.forEach((column, at) => {
      const cell = cells[at];
      if (column !== undefined && cell !== undefined && cell !== '') item[column] = NUMBERS.includes(column) ? plainNumber(cell) : column === 'hs' ? cell.replaceAll(/[.\s]/g, '') : cell;
    });
    return item;
  });
}

/** Whether pasted text is a whole file rather than rows of goods. */
export const isWholeFile = (pasted: string): boolean => /^\s*\{/.test(pasted) || /^\s*(reference|from|goods|parties)\s*:/m.test(pasted);

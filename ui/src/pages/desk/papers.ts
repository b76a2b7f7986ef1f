import type { ConsignmentDetail, EntryView } from '../../api/types';
import { plain } from '../../parts/places';

/** The facts that papers are held against, in the order in which an officer reads them. */
export const FACTS = ['gross_mass', 'net_mass', 'packages', 'total', 'containers', 'seals', 'commodities', 'origins', 'consignor_name', 'consignee_name', 'incoterm'] as const;
export type FactName = (typeof FACTS)[number];

/** What one paper says, fact by fact; nothing where it is silent. */
export type Said = Partial<Record<FactName, readonly string[]>>;
export interface Paper { title: string; number: string; issuer: string; withheld: boolean; says: Said }
export interface Cell { values: readonly string[]; differs: boolean }
export interface Row { fact: FactName; declared: readonly string[]; cells: (Cell | undefined)[]; differs: boolean }

const grams = (kg: string): string => String(Math.round(Number(kg) * 1000));
const sum = (values: readonly string[]): string => String(values.reduce((all, one) => all + Number(one), 0));

/** What was declared, in the words and units of the papers: grams, minor units, codes. */
export function declaredFacts(one: ConsignmentDetail): Said {
  const party = (role: string): string[] => one.parties.filter((each) => each.role === role).map((each) => each.name);
  const values = one.goods_items.flatMap((item) => (item.value === null ? [] : [item.value]));
  return {
    gross_mass: [sum(one.goods_items.map((item) => grams(item.gross_mass_kg)))], net_mass: [sum(one.goods_items.map((item) => grams(item.net_mass_kg)))],
    packages: [sum(one.goods_items.map((item) => String(item.packages)))],
    ...(values[0] === undefined ? {} : { total: [`${(values.reduce((all, value) => all + Number(value.amount), 0)).toFixed(2)} ${values[0].currency}`] }),
    containers: one.equipment_items.map((unit) => unit.number), seals: one.equipment_items.flatMap((unit) => unit.seals),
    commodities: one.goods_items.map((item) => item.hs), origins: [...new Set(one.goods_items.map((item) => item.origin))],
    consignor_name: party('consignor'), consignee_name: party('consignee'), ...(one.terms === null ? {} : { incoterm: [one.terms.incoterm] }),
  };
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : isFields(one) && typeof one.number === 'string' ? [one.number] : []));

function totalOf(value: unknown): string[] {
  if (!isFields(value) || typeof value.minor !== 'number' || typeof value.currency !== 'string') return [];
  return [`${(value.minor / 100).toFixed(2)} ${value.currency}`];
}

/** The papers of others that stand in the dossier, with what each says. Bodies that this copy withholds are told as such. */
export function readPapers(entries: readonly EntryView[], titles: ReadonlyMap<string, string>): Paper[] {
  return entries.filter((entry) => entry.kind === 'document_attached' && entry.standing === 'in_force').map((entry) => {
    const content = (name: string): Fields => {
      const found = entry.groups.find((group) => group.name === name)?.content;
      return isFields(found) ? found : {};
    };
    const [head, facts, prices] = [content('document'), content('facts'), content('prices')];
    const says: Said = {};
    for (const fact of FACTS) {
      const values = fact === 'total' ? totalOf(prices.total ?? facts.total) : texts(facts[fact]);
      if (values.length > 0) says[fact] = values;
    }
    const number = texts(head.number)[0] ?? '';
    return { title: titles.get(number) ?? texts(head.type_code)[0] ?? '', number, issuer: texts(head.issuer)[0] ?? entry.author.party_name, withheld: entry.groups.some((group) => group.name === 'facts' && !group.disclosed), says };
  });
}

/** Codes agree as far as both say them; lists in any order; names whatever their marks and capitals. */
function agrees(fact: FactName, declared: readonly string[], stated: readonly string[]): boolean {
  if (declared.length === 0) return true;
  if (fact === 'commodities') return stated.every((code) => declared.some((own) => own.startsWith(code) || code.startsWith(own)));
  const key = (list: readonly string[]): string => [...new Set(list.map(plain))].sort().join('|');
  return key(declared) === key(stated);
}

/** One row for each fact that any paper says, with the cells that say otherwise than the declaration marked. */
export function comparePapers(declared: Said, papers: readonly Paper[]): Row[] {
  return FACTS.flatMap((fact) => {
    const own = declared[fact] ?? [];
    const cells = papers.map((paper): Cell | undefined => {
      const values = paper.says[fact];
      return values === undefined ? undefined : { values, differs: !agrees(fact, own, values) };
    });
    return cells.some((cell) => cell !== undefined) ? [{ fact, declared: own, cells, differs: cells.some((cell) => cell?.differs === true) }] : [];
  });
}

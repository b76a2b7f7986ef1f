import type { ConsignmentDetail, EntryView } from '../../api/types';
import { t, tCode } from '../../i18n/i18n.svelte';
import { said } from '../../i18n/names.svelte';
import { live } from '../../state/live.svelte';

/** Fields of a body that say in a word what the entry is about, by the group that holds them and the words they come from. */
const TELLING: readonly (readonly [group: string, field: string, words: string | undefined])[] = [
  ['decision', 'to_state', 'movement'],
  ['event', 'biz_step', 'biz_step'],
  ['document', 'number', undefined],
  ['movement', 'movement', undefined],
];

/** What the numbers in entries are called by people: papers by their kind, movements by their procedure. */
export type Called = ReadonlyMap<string, string>;
export function calledIn(one: ConsignmentDetail): Called {
  const papers = [...one.documents, ...one.attachments].map((paper): [string, string] => [paper.number, t('dossier.paper', { title: said(paper.title), number: paper.number })]);
  return new Map([...papers, ...one.movements.map((each): [string, string] => [each.id, said(each.regime_name)])]);
}

function fieldOf(entry: EntryView, group: string, field: string): string | undefined {
  const content = entry.groups.find((one) => one.name === group)?.content;
  if (typeof content !== 'object' || content === null) return undefined;
  const value = (content as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}

/** What an entry is, in the reader's language, with the one word of its body that tells it from its like. */
export function titleOf(entry: EntryView, called: Called = new Map()): string {
  const kind = tCode('entry', entry.kind);
  const place = fieldOf(entry, 'event', 'place');
  const at = place === undefined ? '' : `, ${live.placeName(place)}`;
  for (const [group, field, words] of TELLING) {
    const value = fieldOf(entry, group, field);
    if (value !== undefined) return t('dossier.titled', { kind, what: (words === undefined ? (called.get(value) ?? value) : tCode(words, value)) + at });
  }
  return kind;
}

/** The number of the paper that an entry issues, if it is one that can be opened. */
export function paperOf(entry: EntryView, one: ConsignmentDetail): string | undefined {
  const number = entry.kind === 'document_issued' ? fieldOf(entry, 'document', 'number') : undefined;
  return one.documents.some((paper) => paper.number === number) ? number : undefined;
}

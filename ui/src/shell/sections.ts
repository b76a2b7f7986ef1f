import type { Member } from '../api/types';
import type { MessageKey } from '../i18n/i18n.svelte';
import type { IconName } from '../parts/icons';
import { keepsPeople } from '../state/keepers';

export interface Section { id: string; label: MessageKey; icon: IconName }

export const SECTIONS: readonly Section[] = [
  { id: 'corridor', label: 'nav.corridor', icon: 'route' },
  { id: 'consignments', label: 'nav.consignments', icon: 'container' },
  { id: 'clearance', label: 'nav.clearance', icon: 'stamp' },
  { id: 'desk', label: 'nav.desk', icon: 'person' },
  { id: 'board', label: 'nav.board', icon: 'board' },
  { id: 'plan', label: 'nav.plan', icon: 'compass' },
  { id: 'verify', label: 'nav.verify', icon: 'seal' },
];

/** Who runs or audits the node keeps its people; nobody else is shown the way. */
const PEOPLE: Section = { id: 'people', label: 'nav.people', icon: 'lock' };
/** What is theirs besides: no goods, no papers and no cases. */
const OF_KEEPERS = new Set(['corridor', 'plan', 'verify']);

/** What each of the people uses first. Everything else follows, so that nothing is out of reach. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  customs: ['desk', 'clearance', 'consignments'],
  forwarder: ['desk', 'plan', 'consignments'],
  carrier: ['board', 'desk', 'consignments'],
  terminal: ['board', 'desk', 'consignments'],
  consignee: ['desk', 'verify', 'consignments'],
  consignor: ['desk', 'verify', 'consignments'],
  bank: ['verify', 'desk', 'consignments'],
};

/** The sections in the order of whoever is signed in; in the usual one for anybody else. */
export function sectionsFor(member: Member | undefined): readonly Section[] {
  if (keepsPeople(member)) return [PEOPLE, ...SECTIONS.filter((section) => OF_KEEPERS.has(section.id))];
  const first = FIRST[member?.roles[0]?.role ?? ''] ?? [];
  const rank = (section: Section): number => (first.includes(section.id) ? first.indexOf(section.id) : first.length);
  return [...SECTIONS].sort((a, b) => rank(a) - rank(b));
}

/** Where somebody begins who has just signed in. */
export const homeOf = (member: Member): string => sectionsFor(member)[0]?.id ?? 'corridor';

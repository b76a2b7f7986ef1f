import type { Member } from '../api/types';

const KEEPERS = new Set(['operator', 'auditor']);

/** Whether somebody runs or audits the node: then its people are theirs, and no goods, papers or cases. */
export const keepsPeople = (member: Member | undefined): boolean => KEEPERS.has(member?.person?.duty ?? '');

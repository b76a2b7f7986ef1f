import { t, tCode } from '../i18n/i18n.svelte';

/** Steps of a pointer that only say how the data is laid out. */
const LAYOUT = new Set(['*', 'facts', '-', 'body', 'content', 'header']);
/** Units that a field's name ends with; the figure says its own. */
const UNIT = /_(kg|g|h|km|days)$/;

/**
 * Where in the data something stands, in the reader's words: `/goods/0/gross_mass_kg` is the gross mass of goods no. 1. What is no pointer,
 * such as the place of a rule in its pack, stays as it is.
 */
export function sayPath(path: string): string {
  if (!path.startsWith('/')) return path;
  const steps = path.split('/').slice(1).filter((step) => step !== '' && !LAYOUT.has(step));
  const words: string[] = [];
  for (const step of steps) {
    if (/^\d+$/.test(step)) words.push(t('finding.nth', { what: words.pop() ?? '', n: Number(step) + 1 }).trim());
    else words.push(tCode('field', step.replace(UNIT, '')));
  }
  return words.length === 0 ? t('finding.whole') : words.join(' › ');
}

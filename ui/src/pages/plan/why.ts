import type { Fallback, PlanReason, RiskShare, Swing } from '../../api/types';
import type { MessageKey } from '../../i18n/i18n.svelte';

/** The sentence of each reason; a code that is not here is not told. */
const REASONS: Partial<Record<string, MessageKey>> = {
  only: 'why.only', least_total: 'why.least_total', earlier: 'why.earlier', cheaper: 'why.cheaper', better_on_both: 'why.better_on_both',
  on_time: 'why.on_time', nearest_to_deadline: 'why.nearest_to_deadline', others_unpriced: 'why.others_unpriced',
  price_incomplete: 'why.price_incomplete', price_judged: 'why.price_judged', not_robust: 'why.not_robust',
};
const CAUTIONS = new Set(['nearest_to_deadline', 'others_unpriced', 'price_incomplete', 'price_judged', 'not_robust']);

export const reasonKey = (reason: PlanReason): MessageKey | undefined => REASONS[reason.code];
export const isCaution = (reason: PlanReason): boolean => CAUTIONS.has(reason.code);

/** The largest shares, and what is left of the whole: together always 1. */
export function topRisks(risks: readonly RiskShare[], most: number): { shown: RiskShare[]; rest: number } {
  const shown = risks.slice(0, most);
  const rest = risks.slice(most).reduce((sum, risk) => sum + risk.share, 0);
  return { shown, rest };
}

/** What a fallback does, by whether it is earlier and whether it is dearer. */
export function effectKey({ gains_h, costs }: Pick<Fallback, 'gains_h' | 'costs'>): MessageKey {
  const dearer = Number(costs.amount) >= 0;
  if (gains_h >= 0) return dearer ? 'why.fallback_effect' : 'why.fallback_effect_saves';
  return dearer ? 'why.fallback_effect_worse' : 'why.fallback_effect_later';
}

const reach = (swing: Swing, of: (end: Swing['least']) => number): number => Math.max(Math.abs(of(swing.least)), Math.abs(of(swing.most)));

export interface Bar { from: number; to: number }

/** Where the two ends of a swing lie on a scale from 0 to 100 with the present in the middle. */
export function bars(swings: readonly Swing[]): Bar[] {
  const arrival = Math.max(1e-9, ...swings.map((swing) => reach(swing, (end) => end.arrival_h)));
  const cost = Math.max(1e-9, ...swings.map((swing) => reach(swing, (end) => Number(end.cost.amount))));
  return swings.map((swing) => {
    const share = (end: Swing['least']): number => (swing.of === 'price' ? Number(end.cost.amount) / cost : end.arrival_h / arrival);
    const [one, other] = [50 + 50 * share(swing.least), 50 + 50 * share(swing.most)];
    return { from: Math.min(one, other, 50), to: Math.max(one, other, 50) };
  });
}

import type { ConsignmentDetail, Itinerary, Provenance } from '../../api/types';
import { tCode, t } from '../../i18n/i18n.svelte';
import type { Origin } from '../../state/origin.svelte';
import { said } from '../../i18n/names.svelte';

type Input = { readonly label: string; readonly provenance: Provenance };

/** The rows a computed figure of an itinerary rests on: every leg and every process on the way. */
export function inputsOf(itinerary: Itinerary): Input[] {
  return itinerary.steps.flatMap((step): Input[] =>
    step.kind === 'leg'
      ? [{ label: said(step.name), provenance: step.provenance }]
      : step.processes.map((process) => ({ label: `${said(step.name)}: ${tCode('process', process.kind)}`, provenance: process.provenance })),
  );
}

export function originOfEta(one: ConsignmentDetail): Origin {
  const last = one.eta_history.at(-1);
  const because = last === undefined ? '' : ` ${t('origin.eta_because', { because: said(last.because) })}`;
  return { kind: 'computed', how: t('origin.eta') + because, inputs: one.itinerary === null ? [] : inputsOf(one.itinerary) };
}

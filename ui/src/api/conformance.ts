/**
 * Proves, when the page is checked, that `types.ts` fits the server's own description: every field the page reads is in
 * `schema.ts` (generated from openapi.json) with the same shape, and none that may be missing is read as always there.
 */
import type { components } from './schema';
import type * as Ours from './types';

type Theirs = components['schemas'];

type Shape<V> =
  [NonNullable<V>] extends [readonly (infer Item)[]] ? [Shape<Item>]
  : [NonNullable<V>] extends [string] ? 'text'
  : [NonNullable<V>] extends [number] ? 'number'
  : [NonNullable<V>] extends [boolean] ? 'flag'
  : 'object';

type MayMiss<V> = undefined extends V ? true : null extends V ? true : false;

/** The fields of `O` that `T` does not have, has in another shape, or may leave out although `O` counts on them. */
type Wrong<O, T> = {
  [K in keyof O]-?: K extends keyof T
    ? [Shape<O[K]>] extends [Shape<T[K]>]
      ? [MayMiss<T[K]>, MayMiss<O[K]>] extends [true, false] ? K : never
      : K
    : K;
}[keyof O];

type None<Fields extends never> = Fields;

export type Proof = [
  None<Wrong<Ours.Person, Theirs['PersonLine']>>,
  None<Wrong<Ours.PersonWanted, Theirs['PersonWanted']>>,
  None<Wrong<Ours.OwnedKey, Theirs['OwnedKey']>>,
  None<Wrong<Ours.KeyFor, Theirs['KeyFor']>>,
  None<Wrong<Ours.NewKey, Theirs['NewKey']>>,
  None<Wrong<Ours.AuditLine, Theirs['AuditLine']>>,
  None<Wrong<Ours.AuditFlaw, Theirs['FlawLine']>>,
  None<Wrong<Ours.AuditReport, Theirs['AuditReport']>>,
  None<Wrong<Ours.PackPage, Theirs['PackPage']>>,
  None<Wrong<Ours.RuleLine, Theirs['RuleLine']>>,
  None<Wrong<Ours.PackFiles, Theirs['PackFiles']>>,
  None<Wrong<Ours.CheckReport, Theirs['CheckReport']>>,
  None<Wrong<Ours.CaseCount, Theirs['CaseCount']>>,
  None<Wrong<Ours.EffectReport, Theirs['EffectReport']>>,
  None<Wrong<Ours.ChangedLine, Theirs['ChangedLine']>>,
  None<Wrong<Ours.CodeLists, Theirs['CodeLists']>>,
  None<Wrong<Ours.KnownParty, Theirs['KnownParty']>>,
  None<Wrong<Ours.CheckedConsignment, Theirs['CheckedConsignment']>>,
  None<Wrong<Ours.ConsignmentSums, Theirs['ConsignmentSums']>>,
  None<Wrong<Ours.BoardLine, Theirs['BoardLine']>>,
  None<Wrong<Ours.Waiting, Theirs['Waiting']>>,
  None<Wrong<Ours.Finding, Theirs['Finding']>>,
  None<Wrong<Ours.FindingWords, Theirs['FindingWords']>>,
  None<Wrong<Ours.NameWords, Theirs['NameWords']>>,
  None<Wrong<Ours.Problem, Theirs['Problem']>>,
  None<Wrong<Ours.Provenance, Theirs['Provenance']>>,
  None<Wrong<Ours.Place, Theirs['Place']>>,
  None<Wrong<Ours.Link, Theirs['Link']>>,
  None<Wrong<Ours.Network, Theirs['Network']>>,
  None<Wrong<Ours.Track, Theirs['Track']>>,
  None<Wrong<Ours.TrackPoint, Theirs['TrackPoint']>>,
  None<Wrong<Ours.TrackObservation, Theirs['TrackObservation']>>,
  None<Wrong<Ours.PlaceDetail, Theirs['PlaceDetail']>>,
  None<Wrong<Ours.PlaceProcess, Theirs['Process']>>,
  None<Wrong<Ours.PlaceService, Theirs['Service']>>,
  None<Wrong<Ours.PlanRequest, Theirs['PlanRequest']>>,
  None<Wrong<Ours.Plan, Theirs['Plan']>>,
  None<Wrong<Ours.PlanConditions, Theirs['PlanConditions']>>,
  None<Wrong<Ours.PlanSelection, Theirs['PlanSelection']>>,
  None<Wrong<Ours.MatrixRequest, Theirs['MatrixRequest']>>,
  None<Wrong<Ours.Matrix, Theirs['Matrix']>>,
  None<Wrong<Ours.MatrixPair, Theirs['MatrixPair']>>,
  None<Wrong<Ours.IsochroneRequest, Theirs['IsochroneRequest']>>,
  None<Wrong<Ours.Isochrone, Theirs['IsochroneFeatures']>>,
  None<Wrong<Ours.PlanOutcome, Theirs['PlanOutcomeView']>>,
  None<Wrong<Ours.StepOutcome, Theirs['StepOutcomeView']>>,
  None<Wrong<Ours.HourBand, Theirs['HourBand']>>,
  None<Wrong<Ours.InstantBand, Theirs['InstantBand']>>,
  None<Wrong<Ours.Within, Theirs['WithinView']>>,
  None<Wrong<Ours.FlowShift, Theirs['FlowShift']>>,
  None<Wrong<Ours.CorridorShift, Theirs['CorridorShift']>>,
  None<Wrong<Ours.CorridorFlow, Theirs['CorridorFlow']>>,
  None<Wrong<Ours.SpotShift, Theirs['SpotShift']>>,
  None<Wrong<Ours.RouteShift, Theirs['RouteShift']>>,
  None<Wrong<Ours.FlowBase, Theirs['FlowBase']>>,
  None<Wrong<Ours.PublishedVolume, Theirs['PublishedVolume']>>,
  None<Wrong<Ours.Bottleneck, Theirs['BottleneckAnswer']>>,
  None<Wrong<Ours.StepBand, Theirs['StepBand']>>,
  None<Wrong<Ours.Alternative, Theirs['Alternative']>>,
  None<Wrong<Ours.Itinerary, Theirs['Itinerary']>>,
  None<Wrong<Omit<Ours.LegStep, 'kind'>, Theirs['Leg']>>,
  None<Wrong<Ours.LegCost, Theirs['LegCost']>>,
  None<Wrong<Omit<Ours.StayStep, 'kind'>, Theirs['Stay']>>,
  None<Wrong<Ours.ConsignmentSummary, Theirs['ConsignmentSummary']>>,
  None<Wrong<Ours.ConsignmentDetail, Theirs['ConsignmentDetail']>>,
  None<Wrong<Ours.Party, Theirs['Party']>>,
  None<Wrong<Ours.GoodsItem, Theirs['GoodsItem']>>,
  None<Wrong<Ours.Milestone, Theirs['Milestone']>>,
  None<Wrong<Ours.IssuedDocument, Theirs['IssuedDocument']>>,
  None<Wrong<Ours.Bill, Theirs['BillView']>>,
  None<Wrong<Omit<Ours.ProposedAmendment, 'changes'>, Theirs['ProposedAmendment']>>,
  None<Wrong<Ours.Attachment, Theirs['Attachment']>>,
  None<Wrong<Ours.EtaPoint, Theirs['GivenEta']>>,
  None<Wrong<Ours.ConsignmentEvent, Theirs['EventView']>>,
  None<Wrong<Ours.Movement, Theirs['Movement']>>,
  None<Wrong<Ours.Decision, Theirs['MovementDecision']>>,
  None<Wrong<Ours.EntryView, Theirs['EntryView']>>,
  None<Wrong<Ours.DossierView, Theirs['Dossier']>>,
  None<Wrong<Ours.Clock, Theirs['ClockView']>>,
  None<Wrong<Ours.WorkLine, Theirs['WorkLine']>>,
  None<Wrong<Ours.Proposal, Theirs['ProposalLine']>>,
  None<Wrong<Ours.Member, Theirs['Member']>>,
  None<Wrong<Ours.SignedIn, Theirs['SignedIn']>>,
  None<Wrong<Ours.ConsignmentHit, Theirs['ConsignmentHit']>>,
  None<Wrong<Ours.DecisionProfile, Theirs['DecisionProfile']>>,
  None<Wrong<Ours.DecisionCapacity, Theirs['DecisionCapacity']>>,
  None<Wrong<Ours.AlarmDigest, Theirs['AlarmDigest']>>,
  None<Wrong<Ours.Alarm, Theirs['Alarm']>>,
  None<Wrong<Ours.CorridorRow, Theirs['CorridorRow']>>,
  None<Wrong<Ours.Closure, Theirs['ClosureView']>>,
  None<Wrong<Ours.ClosureRequest, Theirs['EnterClosure']>>,
  None<Wrong<Ours.AlarmList, Theirs['AlarmList']>>,
  None<Wrong<Ours.FigureUse, Theirs['FigureUse']>>,
  None<Wrong<Ours.ArrivalEstimate, Theirs['ArrivalEstimate']>>,
  None<Wrong<Ours.Arrival, Theirs['Arrival']>>,
];

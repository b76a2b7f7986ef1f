//! The JSON of our API: what stands on the wire, kept apart from the domain types.

mod closure;
mod consignment;
mod document_facts;
mod dossier;
mod figures;
mod finding;
mod flows;
mod guarantee;
mod insight;
mod issued;
mod layer;
mod message;
mod movement;
mod network;
mod papers;
mod people;
mod plan;
mod plan_conditions;
mod positions;
mod reach;
mod requests;
mod retention;
mod rules;
mod saved_plan;
mod screening;
mod step_band;
mod tracking;

pub use closure::{ClosureView, EnterClosure};
pub use consignment::{
    Attachment, ConsignmentDetail, ConsignmentPage, ConsignmentSummary, DossierHead, EquipmentItem,
    EventView, GivenEta, GoodsItem, Milestone, Party, Position, Surroundings, Terms,
};
pub use document_facts::{ContainerFact, DangerFact, DocumentFacts, ReferenceFact, SealFact};
pub use dossier::{
    Difference, Dossier, EntryAuthor, EntryView, GroupView, Imported, MoreDisclosed, Statement, VerifyReport,
};
pub use figures::{Confidence, Money, Provenance, ThreePoints};
pub use finding::Finding;
pub use flows::{
    CorridorElasticity, CorridorFlow, CorridorShift, FlowBase, FlowChange, FlowScenario, FlowShift,
    PublishedVolume, RouteShift, SpotShift, UnservedDemand, VolumeShift,
};
pub use guarantee::{
    Guarantee, GuaranteeDetail, GuaranteeMessageBody, GuaranteeStep, MovementDeadline, MovementGuarantee,
    MovementRefusal, OpenGuarantee,
};
pub use insight::{
    Connection, DayPrice, Expected, Fallback, FallbackPlan, Insight, OnTime, Outlook, PlanReason, RiskShare,
    Rival, Swing, SwingEnd,
};
pub use issued::{
    AcceptCarriage, AcceptedCarriage, AnswerAmendment, BillView, IssuedDocument, ProposedAmendment,
    ProposedChange,
};
pub use layer::{
    Asked, BottleneckAnswer, CheapestAnswer, DisjointAnswer, LayerQuestion, LayerRoute, PartUnits,
    RemovalAnswer,
};
pub use message::{MessageFault, MessageReport, MessageTaken, MovementMessage, ReceivedMessage};
pub use movement::{Movement, MovementDecision, MovementStep, OfficerMessage, OfficerRequest, RulePack};
pub use network::{Attribution, Link, Network, Place, PlaceDetail, Process, Service, Status};
pub use papers::{Contradiction, Paper, PaperPlace, Papers};
pub use people::{BoardLine, CheckedConsignment, CodeLists, ConsignmentSums, KnownParty, NamedCode, Waiting};
pub use plan::{
    Alternative, Assumption, Cost, EquipmentCount, HourOdds, Itinerary, Leg, LegCost, Odds, Plan,
    PlanRequest, ProcessStay, Stay, Step, name_of,
};
pub use plan_conditions::{PlanConditions, PlanExposure, PlanSelection};
pub use positions::{
    DerivedMilestone, DeviceMounting, MountDevice, OnLink, PositionsTaken, Track, TrackObservation,
    TrackPoint,
};
pub use reach::{
    DayOdds, IsochroneFeature, IsochroneFeatures, IsochroneGeometry, IsochroneProperties, IsochroneRequest,
    Matrix, MatrixPair, MatrixRequest,
};
pub use requests::{
    AcceptItinerary, AmendedValue, Amendment, AttachDocument, PositionReport, SealReport, parse_part,
};
pub use retention::{Retention, RetentionLaw};
pub use rules::{
    CaseCount, ChangedLine, CheckReport, ClearanceMeasures, DrawLine, EffectReport, FindingMeaning,
    FindingPage, FindingWords, NameWords, PackFiles, PackLine, PackPage, PackText, ProposalLine, RuleLine,
    RuleMeasure, TerritoryLine, WorkLine,
};
pub use saved_plan::{
    ChangedFigureView, HitsView, HourBand, InstantBand, KeepPlan, KeptPlanLine, KeptPlanView,
    PlanOutcomeView, PlanScoresView, ReplayView, StepOutcomeView, WithinView,
};
pub use screening::{
    ConsignmentHit, DecideHit, DeniedList, HitVerdict, ScreeningAnswer, ScreeningHit, ScreeningParty,
    ScreeningRequest, TakenDecision,
};
pub use tracking::{
    AcknowledgeAlarms, Alarm, AlarmDigest, AlarmList, Arrival, ArrivalEstimate, Band, Contained, CorridorRow,
    FigureUse, LearnedFigures, Score, Timeline, TimelineEntry, name_of_figure,
};

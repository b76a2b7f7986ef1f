//! The use cases of a node: load, decide, save.
//!
//! A use case is a function over a [`Desk`] (store, network, rules, registry), a [`Call`] (who, when, randomness) and its own
//! arguments. It loads what it needs, lets the pure rooms decide, signs what was decided with the keys of the parties whose
//! acts they are, and saves everything in one batch. Nothing is changed when it refuses.
//!
//! What is absent: HTTP, clocks, randomness of its own, the web. The binary has those.

mod accept;
mod alarms;
mod amend;
mod arrival;
mod board;
mod capture;
mod capture_job;
mod carriage;
mod case_file;
mod check;
mod circle;
mod claim;
mod clear;
mod clearance;
mod clock;
mod closed_ahead;
mod closure;
mod consistency;
mod control_team;
mod corridor;
mod crossing;
mod custody;
mod custody_texts;
mod declare;
mod delivery_signature;
mod desk;
mod documents;
mod event_file;
mod event_look;
mod event_query;
mod figure_version;
mod follow;
mod guarantee;
mod import;
mod issued;
mod lodge;
mod message;
mod named_query;
mod ncts;
mod officer;
mod open_alarms;
mod open_book;
mod open_list;
mod outcome;
mod package;
mod parameters;
mod people;
mod people_book;
mod permitted;
mod plan_cache;
mod positions;
mod printed_package;
mod project;
mod refusal;
mod registry;
mod reissue;
mod replay;
mod retention;
mod risk_book;
mod rule_book;
mod rules;
mod saved_plan;
mod screening;
mod scribe;
mod sight;
mod state_fact;
mod store_check;
mod store_check_tracking;
mod subscription;
mod summary;
mod timeline;
mod tracking_book;
mod vocabulary;
mod waiting;
mod watching;
mod work_list;
mod work_order;
mod work_told;

pub mod limits;

pub use accept::accept_itinerary;
pub use alarms::{AlarmReport, acknowledge_alarms, check_acknowledgement, list_alarms, list_alarms_of};
pub use amend::{WantedChange, amend_consignment, attach_document};
pub use arrival::{ArrivalReport, FigureUse, KeptEta, report_arrival, report_figures, report_scores};
pub use board::{BoardCall, BoardWanted, list_calls};
pub use capture::capture_events;
pub use capture_job::{
    Accepted, CaptureJob, ErrorBehaviour, finish_interrupted_jobs, finish_job, read_job, start_capture,
};
pub use carriage::{accept_carriage, answer_amendment};
pub use case_file::{
    CaseFile, MovementFile, RefusedNote, load_dossier, load_events, read_movement, read_summary,
};
pub use check::{CheckedFile, check_consignment};
pub use circle::make_circles;
pub use claim::with_claim;
pub use clearance::{ClearanceReport, ClearedMovement, clear_dossier};
pub use clock::{ClockEvent, run_deadlines};
pub use closed_ahead::note_closures;
pub use closure::{SignedClosure, WantedClosure, close, list_closures, reopen};
pub use consistency::{compare_party_names, list_sightings};
pub use control_team::list_day;
pub use corridor::assess_state;
pub use crossing::follow_closures;
pub use custody::{
    Custody, FreshSeal, KeyCounts, KeyLine, change_secret, count_signing_keys, list_signing_keys,
    seal_clear_keys,
};
pub use declare::declare_consignment;
pub use delivery_signature::{ReceivedMessage, SignedMessage, load_node_key, sign_message, verify_message};
pub use desk::{Call, Desk};
pub use documents::{Press, check_documents, document, document_of, document_xml, issued_by, render};
pub use event_file::{EventReader, file_old_events, list_events_of};
pub use event_look::{capture_single, find_events_by_id, list_epcs};
pub use event_query::{Cursor, EventPage, query_events};
pub use figure_version::{
    FigureVersion, Figures, MeasuredPlan, NoFigureVersion, load_figures, newest_figures, plan_measured,
};
pub use guarantee::{
    CoverState, GuaranteeFile, MovementGuarantee, act_on_guarantee, find_guarantee, list_accepted,
    list_guarantees, open_guarantee,
};
pub use import::{Imported, import_dossier};
pub use issued::list_names;
pub use message::{Answer, find_movement_by_mrn, take_message};
pub use named_query::{create_named_query, load_named_query, parameters_of, remove_named_query};
pub use ncts::{
    MessageRow, XmlAnswer, XmlOutcome, declaration_xml, list_messages, office_number, take_xml, write_xml,
};
pub use officer::{By, OfficerAct, act_as_officer};
pub use outcome::{
    Hits, OutcomeAt, PlanOutcome, PlanScores, StepOutcome, report_kept_outcome, report_outcome,
    report_plan_scores,
};
pub use package::{Share, list_package_files, package};
pub use parameters::Parameters;
pub use people::{
    Attempt, Spare, add_key, add_person, begin_session, check_password, end_person, end_session,
    find_person_of, link_person, note_used, put_on_record, revoke_key, set_password,
};
pub use people_book::{Asker, KnownKey, PeopleBook, Shown, Used};
pub use positions::{
    Followed, Intake, Mounting, Radios, Track, TrackPoint, Tracking, find_device_id, find_track,
    follow_devices, list_mountings, mount_device, take_positions,
};
pub use printed_package::{print_package, print_package_of};
pub use refusal::Refusal;
pub use registry::{PartyRecord, Registered, Registry};
pub use replay::{Replay, list_decisions, list_past_cases, replay};
pub use retention::{
    RecordKind, RetentionLine, RetentionRow, RetentionRule, apply_retention, assess_retention,
    parse_retention, sum_up_retention,
};
pub use risk_book::{
    DrawRecord, DrawWanted, check_dossier_draws, commit_draw, find_model, keep_model, list_draws,
    list_examples, verify_draws,
};
pub use rule_book::{check_signature, find_pack, keep_packs, reload_packs, sign_pack};
pub use rules::{Rules, read_rule_files};
pub use saved_plan::{FoundPlan, KeptPlan, find_plan, keep_plan, list_plans, replay_kept_plan};
pub use screening::{Denied, HitDecision, OpenHit, decide_hit, list_hits, list_open_hits};
pub use sight::{Sight, told_from};
pub use state_fact::state_fact;
pub use store_check::{StoreDifference, StoreReport, check_store};
pub use subscription::{
    Delivery, Task, end_socket, find_subscription_of, list_called, list_subscriptions_of, note_delivery,
    note_left, open_socket, serve_subscription, subscribe, unsubscribe,
};
pub use summary::{ConsignmentState, PositionAt, Summary};
pub use timeline::{TimelineLine, TimelineReport, find_subject, list_timeline};
pub use vocabulary::company_prefixes;
pub use waiting::{Waiting, WaitingKind, list_waiting};
pub use watching::watch_corridor;
pub use work_list::{WorkPage, list_work, list_work_page, measure, version_of};
pub use work_order::WorkCursor;

//! Every action there is: one for each route of the API, and the parts of an answer that are decided on by themselves.
//!
//! The table is closed: a route without a row is answered to nobody, and a test names it.

/// What an action is done to, as policies name its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// The node as a whole: lists, questions, facts for everybody.
    Node,
    /// A consignment with its dossier.
    Consignment,
    /// A transit movement.
    Movement,
    /// An EPCIS event.
    Event,
    /// A message of common transit as it came in.
    Message,
    /// A guarantee account.
    Guarantee,
    /// A tracking device.
    Device,
    /// A named query with its subscriptions, or a capture job.
    Query,
}

impl Thing {
    /// Every kind of thing, in order.
    pub const ALL: [Self; 8] = [
        Self::Node,
        Self::Consignment,
        Self::Movement,
        Self::Event,
        Self::Message,
        Self::Guarantee,
        Self::Device,
        Self::Query,
    ];

    /// The name of the type in policies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Consignment => "Consignment",
            Self::Movement => "Movement",
            Self::Event => "Event",
            Self::Message => "Message",
            Self::Guarantee => "Guarantee",
            Self::Device => "Device",
            Self::Query => "Query",
        }
    }

    /// The action that shows that such a thing is there. Who may not do that is told that it is not.
    pub const fn shown_by(self) -> Option<Action> {
        match self {
            Self::Node => None,
            Self::Consignment => Some(Action::GetConsignment),
            Self::Movement => Some(Action::GetMovement),
            Self::Event => Some(Action::GetEvent),
            Self::Message => Some(Action::GetMessage),
            Self::Guarantee => Some(Action::GetGuarantee),
            Self::Device => Some(Action::GetDevice),
            Self::Query => Some(Action::GetQuery),
        }
    }
}

/// How a request names the thing that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// It names none: a list, a question, a fact.
    Node,
    /// The parameter `id` is the reference of a consignment.
    Consignment,
    /// The parameter `id` is the reference of a consignment, or the id of its dossier.
    Dossier,
    /// The parameters `reference` and `number` are a movement.
    Movement,
    /// The parameter `hash` is a message that came in.
    Message,
    /// The parameter `grn` is a guarantee.
    Guarantee,
    /// The parameter `device` is a device.
    Device,
    /// The parameter `name` is a named query.
    Query,
    /// The parameter `id` is a capture job.
    CaptureJob,
    /// The parameter `id` is a kept plan.
    Plan,
    /// The parameter `pack` is a rule pack.
    Pack,
    /// The body or the answer names it: whoever answers asks for each thing.
    Each(Thing),
}

impl About {
    /// The kind of thing.
    pub const fn thing(self) -> Thing {
        match self {
            Self::Node | Self::Pack => Thing::Node,
            Self::Consignment | Self::Dossier => Thing::Consignment,
            Self::Movement => Thing::Movement,
            Self::Message => Thing::Message,
            Self::Guarantee => Thing::Guarantee,
            Self::Device => Thing::Device,
            Self::Query | Self::CaptureJob | Self::Plan => Thing::Query,
            Self::Each(thing) => thing,
        }
    }
}

macro_rules! groups {
    ($($name:ident $word:literal $says:literal;)*) => {
        /// Actions that are permitted together: what most policies name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Group { $(#[doc = $says] $name,)* }

        impl Group {
            /// Every group, in order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in policies.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it is, in words.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

groups! {
    Public "show-public" "Facts that are nobody's: network, codes, findings, proofs, health.";
    Watch "watch" "How the node itself does: what it counts.";
    Compute "compute" "Answers computed from the question alone and from public facts.";
    ReadCorridor "read-corridor" "How the corridor does, over all consignments: figures, scores, closures.";
    Ask "ask" "Lists and questions whose answer holds only what the caller may see.";
    ReadConsignment "read-consignment" "A consignment: where it is, when it arrives, what is wrong.";
    ReadDossier "read-dossier" "The dossier of a consignment and its documents.";
    ReadMovement "read-movement" "A transit movement and its messages.";
    ReadEvent "read-event" "An event.";
    ReadOwn "read-own" "What a party itself has sent, asked or mounted.";
    ReadGuarantee "read-guarantee" "A guarantee account.";
    ReadRules "read-rules" "Rule packs with their profiles, lists of denied parties.";
    Declare "declare" "Declare a consignment, or bring a dossier in.";
    Choose "choose" "Choose the way of a consignment, and amend it.";
    Carry "carry" "Accept goods for carriage, and answer amendments.";
    State "state" "Attach documents to a dossier and state facts in it.";
    Report "report" "Report events and positions, mount devices, name queries.";
    Own "change-own" "Change or end what is the caller's own.";
    Account "keep-account" "Keep the keys and the password of one's own.";
    ReadPeople "read-people" "Who may sign in here, their keys without the tokens, the audit log.";
    People "keep-people" "Register people, give and take back what they sign in with.";
    Acknowledge "acknowledge" "Take alarms on.";
    Close "close" "Say what is closed on the corridor.";
    Message "send-message" "Send messages of common transit.";
    Officer "act-as-officer" "Decide on a movement, look at hits and decide them.";
    Guarantee "keep-guarantees" "Accept guarantees and change them.";
    Rules "keep-rules" "Check rule packs against what was declared, and load them.";
    Part "see-part" "Parts of an answer that are withheld from whoever may not see them.";
}

macro_rules! actions {
    ($($name:ident $word:literal $group:ident $about:expr, $route:expr;)*) => {
        /// What somebody asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $word] $name,)* }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in policies.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The group that it is in.
            pub const fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)* }
            }

            /// How a request names what it is about.
            pub const fn about(self) -> About {
                match self { $(Self::$name => $about,)* }
            }

            /// Method and path of its route; none for parts of answers.
            pub const fn route(self) -> Option<(&'static str, &'static str)> {
                match self { $(Self::$name => $route,)* }
            }
        }
    };
}

const fn get(path: &'static str) -> Option<(&'static str, &'static str)> {
    Some(("GET", path))
}

const fn post(path: &'static str) -> Option<(&'static str, &'static str)> {
    Some(("POST", path))
}

const fn delete(path: &'static str) -> Option<(&'static str, &'static str)> {
    Some(("DELETE", path))
}

actions! {
    GetHealth "get-health" Public About::Node, get("/health");
    GetReady "get-ready" Public About::Node, get("/ready");
    GetApiPage "get-api-page" Public About::Node, get("/api");
    GetApiStyle "get-api-style" Public About::Node, get("/api/style.css");
    GetNetwork "get-network" Public About::Node, get("/api/network");
    GetPlace "get-place" Public About::Node, get("/api/places/{code}");
    ListFindingWords "list-finding-words" Public About::Node, get("/api/findings");
    ListNameWords "list-name-words" Public About::Node, get("/api/names");
    GetFinding "get-finding" Public About::Node, get("/api/findings/{code}");
    GetDraws "get-draws" Public About::Node, get("/api/draws/{territory}");
    GetNodeKey "get-node-key" Public About::Node, get("/api/node/key");
    GetRetention "get-retention" Public About::Node, get("/api/retention");
    GetClock "get-clock" Public About::Node, get("/api/clock");
    GetOpenApi "get-openapi" Public About::Node, get("/openapi.json");
    GetRights "get-own-rights" Public About::Node, get("/api/rights");
    GetSession "get-session" Public About::Node, get("/api/session");
    GetWaysIn "get-ways-in" Public About::Node, get("/api/sign-in");
    SignIn "sign-in" Public About::Node, post("/api/sign-in");
    SignOut "sign-out" Public About::Node, post("/api/sign-out");
    SignInElsewhere "sign-in-elsewhere" Public About::Node, get("/api/sign-in/provider");
    ComeBack "come-back" Public About::Node, get("/api/sign-in/back");
    GetCast "get-cast" Public About::Node, get("/api/play/cast");
    SignInToPlay "sign-in-to-play" Public About::Node, post("/api/play/sign-in");
    SteerPlay "steer-play" Public About::Node, post("/api/play");
    Verify "verify" Public About::Node, post("/api/verify");
    VerifyDossier "verify-dossier" Public About::Node, post("/api/dossiers/verify");
    ListEpcis "list-epcis" Public About::Node, get("/epcis");
    DropPageToken "drop-page-token" Public About::Node, delete("/epcis/nextPageToken/{token}");

    GetMetrics "get-metrics" Watch About::Node, get("/metrics");

    Plan "plan" Compute About::Node, post("/api/plans");
    Matrix "matrix" Compute About::Node, post("/api/matrices");
    Isochrone "isochrone" Compute About::Node, post("/api/isochrones");
    FlowBase "flow-base" Compute About::Node, get("/api/flows/base");
    FlowShift "flow-shift" Compute About::Node, post("/api/flows/shift");
    FlowBottleneck "flow-bottleneck" Compute About::Node, post("/api/flows/bottleneck");
    FlowDisjoint "flow-disjoint" Compute About::Node, post("/api/flows/disjoint");
    FlowRemovals "flow-removals" Compute About::Node, post("/api/flows/removals");
    FlowCheapest "flow-cheapest" Compute About::Node, post("/api/flows/cheapest");
    CheckMessage "check-message" Compute About::Node, post("/api/messages/check");
    CheckPapers "check-papers" Compute About::Node, post("/api/documents/check");
    CheckConsignment "check-consignment" Compute About::Node, post("/api/check/consignment");

    GetFigures "get-figures" ReadCorridor About::Node, get("/api/figures");
    GetScores "get-scores" ReadCorridor About::Node, get("/api/scores");
    GetCorridorState "get-corridor-state" ReadCorridor About::Node, get("/api/corridor/state");
    GetPlanScores "get-plan-scores" ReadCorridor About::Node, get("/api/outcomes");
    GetClosures "get-closures" ReadCorridor About::Node, get("/api/closures");
    GetMeasures "get-measures" ReadCorridor About::Node, get("/api/measures/clearance");

    ListConsignments "list-consignments" Ask About::Node, get("/api/consignments");
    ListMovements "list-movements" Ask About::Node, get("/api/movements");
    GetWork "get-work" Ask About::Node, get("/api/worklist");
    GetBoard "get-board" Ask About::Node, get("/api/board");
    GetWaiting "get-waiting" Ask About::Node, get("/api/waiting");
    GetCodes "get-codes" Ask About::Node, get("/api/codes");
    ListAlarms "list-alarms" Ask About::Node, get("/api/alarms");
    ListMessages "list-messages" Ask About::Node, get("/api/messages");
    ListGuarantees "list-guarantees" Ask About::Node, get("/api/guarantees");
    ListPlans "list-plans" Ask About::Node, get("/api/plans");
    Follow "follow" Ask About::Node, get("/api/stream");
    GetTimeline "get-timeline" Ask About::Node, get("/api/timeline/{kind}/{id}");
    Track "track" Ask About::Node, get("/api/track/{id}");
    AskEvents "ask-events" Ask About::Node, get("/epcis/events");
    ListCaptureJobs "list-capture-jobs" Ask About::Node, get("/epcis/capture");
    ListQueries "list-queries" Ask About::Node, get("/epcis/queries");
    ListWords "list-words" Ask About::Node, get("/epcis/{collection}");
    GetWord "get-word" Ask About::Node, get("/epcis/{collection}/{name}");
    AskEventsOfWord "ask-events-of-word" Ask About::Node, get("/epcis/{collection}/{name}/events");

    GetConsignment "get-consignment" ReadConsignment About::Consignment, get("/api/consignments/{id}");
    GetArrival "get-arrival" ReadConsignment About::Consignment, get("/api/consignments/{id}/eta");
    GetOutcome "get-outcome" ReadConsignment About::Consignment, get("/api/consignments/{id}/outcome");
    GetTrack "get-track" ReadConsignment About::Consignment, get("/api/consignments/{id}/track");
    GetAlarmsOf "get-alarms-of" ReadConsignment About::Consignment, get("/api/consignments/{id}/alarms");

    GetDossier "get-dossier" ReadDossier About::Consignment, get("/api/consignments/{id}/dossier");
    ExportDossier "export-dossier" ReadDossier About::Consignment, get("/api/consignments/{id}/dossier.json");
    ExportCopy "export-copy" ReadDossier About::Dossier, get("/api/dossiers/{id}/export");
    CompareDossier "compare-dossier" ReadDossier About::Dossier, post("/api/dossiers/{id}/diff");
    GetDocument "get-document" ReadDossier About::Consignment, get("/api/consignments/{id}/documents/{file}");
    GetPackage "get-package" ReadDossier About::Consignment, get("/api/consignments/{id}/package.pdf");
    GetChecks "get-checks" ReadDossier About::Consignment, get("/api/consignments/{id}/checks");

    GetMovement "get-movement" ReadMovement About::Movement, get("/api/movements/{reference}/{number}");
    ListMovementMessages "list-movement-messages" ReadMovement About::Movement, get("/api/movements/{reference}/{number}/messages");
    GetMovementMessage "get-movement-message" ReadMovement About::Movement, get("/api/movements/{reference}/{number}/messages/{file}");

    GetEvent "get-event" ReadEvent About::Each(Thing::Event), get("/epcis/events/{id}");

    GetMessage "get-message" ReadOwn About::Message, get("/api/messages/{hash}");
    GetMessageRefusal "get-message-refusal" ReadOwn About::Message, get("/api/messages/{hash}/refusal");
    GetDevice "get-device" ReadOwn About::Device, get("/api/devices/{device}");
    GetCaptureJob "get-capture-job" ReadOwn About::CaptureJob, get("/epcis/capture/{id}");
    GetPlan "get-plan" ReadOwn About::Plan, get("/api/plans/{id}");
    ReplayPlan "replay-plan" ReadOwn About::Plan, get("/api/plans/{id}/replay");
    GetPlanOutcome "get-plan-outcome" ReadOwn About::Plan, get("/api/plans/{id}/outcome");
    GetQuery "get-query" ReadOwn About::Query, get("/epcis/queries/{name}");
    AskQuery "ask-query" ReadOwn About::Query, get("/epcis/queries/{name}/events");
    ListSubscriptions "list-subscriptions" ReadOwn About::Query, get("/epcis/queries/{name}/subscriptions");
    GetSubscription "get-subscription" ReadOwn About::Query, get("/epcis/queries/{name}/subscriptions/{id}");
    GetGuarantee "get-guarantee" ReadGuarantee About::Guarantee, get("/api/guarantees/{grn}");

    ListRules "list-rules" ReadRules About::Node, get("/api/rules");
    GetRules "get-rules" ReadRules About::Pack, get("/api/rules/{pack}");
    GetRuleFiles "get-rule-files" ReadRules About::Pack, get("/api/rules/{pack}/files");
    ListDeniedLists "list-denied-lists" ReadRules About::Node, get("/api/screening/lists");

    DeclareConsignment "declare-consignment" Declare About::Node, post("/api/consignments");
    KeepPlan "keep-plan" Declare About::Node, post("/api/plans/kept");
    ImportDossier "import-dossier" Declare About::Node, post("/api/dossiers");
    AcceptItinerary "accept-itinerary" Choose About::Consignment, post("/api/consignments/{id}/itinerary");
    Amend "amend" Choose About::Consignment, post("/api/consignments/{id}/amendments");
    AnswerAmendment "answer-amendment" Carry About::Consignment, post("/api/consignments/{id}/amendments/{entry}/answer");
    AcceptCarriage "accept-carriage" Carry About::Consignment, post("/api/consignments/{id}/carriage");
    Attach "attach" State About::Consignment, post("/api/consignments/{id}/attachments");
    StateFact "state-fact" State About::Dossier, post("/api/dossiers/{id}/entries");

    Capture "capture" Report About::Node, post("/epcis/capture");
    CaptureEvent "capture-event" Report About::Node, post("/epcis/events");
    ReportPositions "report-positions" Report About::Node, post("/api/positions");
    NameQuery "name-query" Report About::Node, post("/epcis/queries");
    MountDevice "mount-device" Report About::Node, post("/api/devices/{device}");
    RemoveQuery "remove-query" Own About::Query, delete("/epcis/queries/{name}");
    Subscribe "subscribe" Own About::Query, post("/epcis/queries/{name}/subscriptions");
    Unsubscribe "unsubscribe" Own About::Query, delete("/epcis/queries/{name}/subscriptions/{id}");
    ListKeys "list-keys" Account About::Node, get("/api/keys");
    MakeKey "make-key" Account About::Node, post("/api/keys");
    RevokeKey "revoke-key" Account About::Node, delete("/api/keys/{id}");
    ChangePassword "change-password" Account About::Node, post("/api/session/password");
    ListPeople "list-people" ReadPeople About::Node, get("/api/people");
    GetPerson "get-person" ReadPeople About::Node, get("/api/people/{name}");
    ListAllKeys "list-all-keys" ReadPeople About::Node, get("/api/access/keys");
    ListAudit "list-audit" ReadPeople About::Node, get("/api/audit");
    CheckAudit "check-audit" ReadPeople About::Node, get("/api/audit/check");
    AddPerson "add-person" People About::Node, post("/api/people");
    EndPerson "end-person" People About::Node, delete("/api/people/{name}");
    SetPassword "set-password" People About::Node, post("/api/people/{name}/password");
    LinkPerson "link-person" People About::Node, post("/api/people/{name}/links");
    MakeKeyFor "make-key-for" People About::Node, post("/api/access/keys");
    RevokeAnyKey "revoke-any-key" People About::Node, delete("/api/access/keys/{id}");
    AcknowledgeAlarms "acknowledge-alarms" Acknowledge About::Each(Thing::Consignment), post("/api/alarms/acknowledgements");
    EnterClosure "enter-closure" Close About::Node, post("/api/closures");
    LiftClosure "lift-closure" Close About::Node, post("/api/closures/{id}/reopening");

    SendMessage "send-xml" Message About::Node, post("/api/movements/messages");
    ActOnMovement "act-on-movement" Officer About::Movement, post("/api/movements/{reference}/{number}/messages");
    GetHits "get-hits" Officer About::Each(Thing::Consignment), get("/api/screening/hits");
    DecideHit "decide-hit" Officer About::Each(Thing::Movement), post("/api/screening/decisions");
    Screen "screen" ReadRules About::Node, post("/api/screening/check");
    OpenGuarantee "open-guarantee" Guarantee About::Node, post("/api/guarantees");
    ActOnGuarantee "act-on-guarantee" Guarantee About::Guarantee, post("/api/guarantees/{grn}/messages");
    CheckRules "check-rules" Rules About::Node, post("/api/rules/check");
    TryRules "try-rules" Rules About::Node, post("/api/rules/effect");
    ReloadRules "reload-rules" Rules About::Node, post("/api/rules/reload");

    SeeBody "see-body" Part About::Each(Thing::Consignment), None;
    SeePrices "see-prices" Part About::Each(Thing::Consignment), None;
    SeeCustoms "see-customs" Part About::Each(Thing::Consignment), None;
    SeeSmallCounts "see-small-counts" Part About::Node, None;
    SeeAllWords "see-all-words" Part About::Node, None;
}

impl Action {
    /// The action of a route, by its method and the template of its path. `HEAD` is `GET`.
    pub fn of_route(method: &str, path: &str) -> Option<Self> {
        let method = if method == "HEAD" { "GET" } else { method };
        Self::ALL.iter().copied().find(|action| action.route() == Some((method, path)))
    }

    /// The methods of a path, in the order of the table.
    pub fn methods_of(path: &str) -> impl Iterator<Item = &'static str> {
        let routes = Self::ALL.iter().filter_map(|action| action.route());
        routes.filter(move |(_, known)| *known == path).map(|(method, _)| method)
    }

    /// The action of a word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.word() == word)
    }

    /// Whether it changes nothing.
    pub fn is_read(self) -> bool {
        matches!(
            self.group(),
            Group::Public
                | Group::Watch
                | Group::Compute
                | Group::ReadCorridor
                | Group::Ask
                | Group::ReadConsignment
                | Group::ReadDossier
                | Group::ReadMovement
                | Group::ReadEvent
                | Group::ReadOwn
                | Group::ReadGuarantee
                | Group::ReadRules
                | Group::ReadPeople
                | Group::Part
        )
    }

    /// Whether its answer holds parts that are decided on by themselves.
    pub fn has_parts(self) -> bool {
        matches!(self.group(), Group::ReadConsignment | Group::ReadDossier)
            && !matches!(self, Self::GetTrack | Self::GetAlarmsOf | Self::GetArrival | Self::GetOutcome)
            || matches!(
                self,
                Self::GetFigures
                    | Self::GetScores
                    | Self::GetCorridorState
                    | Self::GetMeasures
                    | Self::ListWords
                    | Self::GetWord
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_and_routes_stand_once() {
        let words: BTreeSet<_> = Action::ALL.iter().map(|action| action.word()).collect();
        let routes: BTreeSet<_> = Action::ALL.iter().filter_map(|action| action.route()).collect();
        let parts = Action::ALL.iter().filter(|action| action.route().is_none()).count();
        assert_eq!((words.len(), routes.len() + parts), (Action::ALL.len(), Action::ALL.len()));
        let groups: BTreeSet<_> = Group::ALL.iter().map(|group| group.word()).collect();
        assert!(groups.is_disjoint(&words), "a word means an action or a group");
        assert_eq!(Action::of_route("HEAD", "/api/network"), Some(Action::GetNetwork));
    }

    #[test]
    fn a_thing_is_shown_by_an_action_on_such_a_thing() {
        for thing in Thing::ALL {
            if let Some(action) = thing.shown_by() {
                assert_eq!(action.about().thing(), thing);
                assert!(action.is_read());
            }
        }
    }
}

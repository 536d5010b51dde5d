"""The closed vocabularies of the domain; those of the review are in ``geo/review_words.py``. Their Vietnamese
labels are in ``geo/word_texts.py``."""

from __future__ import annotations

from enum import StrEnum


class PremisesType(StrEnum):
    """Kinds of premises; the city's plans name more than the first four."""

    KARAOKE = "karaoke"
    MASSAGE = "massage"
    HOTEL = "hotel"
    GUESTHOUSE = "guesthouse"
    BAR = "bar"
    DANCE_HALL = "dance_hall"
    RENTED_ROOMS = "rented_rooms"
    CAFE = "cafe"


class PremisesStatus(StrEnum):
    """Whether a premises does business."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class LocationQuality(StrEnum):
    """How a point was found, best first."""

    GIVEN = "given"
    MANUAL = "manual"
    HOUSE = "house"
    STREET = "street"
    WARD = "ward"
    NONE = "none"


class LicenceKind(StrEnum):
    """Papers a premises runs on."""

    BUSINESS = "business"
    SECURITY = "security"
    KARAOKE = "karaoke"
    FIRE = "fire"


class PaperState(StrEnum):
    """How a paper of a premises stands on a day."""

    IN_FORCE = "in_force"
    TERM_PASSED = "term_passed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


class PaperProblem(StrEnum):
    """What can be wrong with the papers of a premises that runs."""

    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    TERM_PASSED = "term_passed"
    NAME_DIFFERS = "name_differs"
    ADDRESS_DIFFERS = "address_differs"
    ROOMS_DIFFER = "rooms_differ"
    CHECK_DUE = "check_due"
    UNREGISTERED = "unregistered"


class HotspotState(StrEnum):
    """States of a hotspot, after the malaria programme's classes for foci."""

    SUSPECTED = "suspected"
    ACTIVE = "active"
    ELIMINATED = "eliminated"
    CLEARED = "cleared"
    REACTIVATED = "reactivated"
    DISMISSED = "dismissed"


class SignalSource(StrEnum):
    """Where a signal came from."""

    HOTLINE = "hotline"
    CITIZEN = "citizen"
    PATROL = "patrol"
    INSPECTION = "inspection"
    LICENCE = "licence"
    ONLINE = "online"
    NEIGHBOUR_WARD = "neighbour_ward"
    PRESS = "press"


class SignalState(StrEnum):
    """How far a signal has been handled."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    UNFOUNDED = "unfounded"
    HANDED_OVER = "handed_over"


class VisitKind(StrEnum):
    """Why a team goes."""

    PLANNED = "planned"
    FOLLOW_UP = "follow_up"
    UNANNOUNCED = "unannounced"


class VisitOutcome(StrEnum):
    """What a team met; only ``CHECKED`` counts for coverage and for risk."""

    CHECKED = "checked"
    CLOSED_AT_ARRIVAL = "closed_at_arrival"
    REFUSED = "refused"
    MOVED = "moved"
    OTHER_BUSINESS = "other_business"
    UNLICENSED = "unlicensed"


class InspectionBody(StrEnum):
    """Who inspects; a file may name others in words."""

    TEAM178 = "team178"
    POLICE = "police"
    FIRE = "fire"
    CULTURE = "culture"
    MARKET = "market"


class FindingKind(StrEnum):
    """What an inspection found."""

    PROSTITUTION = "prostitution"
    LICENCE = "licence"
    SECURITY = "security"
    FIRE = "fire"
    LABOUR = "labour"
    OTHER = "other"


class PatrolResult(StrEnum):
    """What a patrol of a hotspot saw."""

    QUIET = "quiet"
    SIGN = "sign"


class TeamKind(StrEnum):
    """Whose team it is."""

    WARD = "ward"
    CITY = "city"
    DISTRICT = "district"


class AlertKind(StrEnum):
    """Rules that can raise an alert."""

    TWO_SIGNALS = "two_signals"
    VIOLATION_INSIDE = "violation_inside"
    LICENCE_REISSUED = "licence_reissued"
    UNUSUAL_COUNTS = "unusual_counts"
    NEW_CLUSTER = "new_cluster"
    WATCH_BROKEN = "watch_broken"
    SIGNAL_LATE = "signal_late"
    HANDOVER_LATE = "handover_late"
    BORDER_RISING = "border_rising"
    PAPERS = "papers"


class AlertState(StrEnum):
    """Life of an alert."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CONFIRMED = "confirmed"
    UNCLEAR = "unclear"
    DISMISSED = "dismissed"
    CLOSED = "closed"


class PlanState(StrEnum):
    """Life of a plan."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    CLOSED = "closed"
    DISCARDED = "discarded"


class StreetClass(StrEnum):
    """Hierarchy of the street network."""

    MAIN = "main"
    STREET = "street"
    LANE = "lane"


class Trend(StrEnum):
    """How a cell of the hotspot surface has been hot over the periods."""

    NEW = "new"
    INTENSIFYING = "intensifying"
    PERSISTENT = "persistent"
    DIMINISHING = "diminishing"
    SPORADIC = "sporadic"
    HISTORICAL = "historical"


class Grouping(StrEnum):
    """By what the fairness sheet compares premises."""

    WARD = "ward"
    TYPE = "type"
    SIZE = "size"
    SAME_OFFICE = "same_office"


class Verdict(StrEnum):
    """What the fairness sheet says of a group."""

    AS_EXPECTED = "as_expected"
    MORE = "more"
    MORE_FOUND_LESS = "more_found_less"
    LESS = "less"
    TOO_FEW = "too_few"


class Role(StrEnum):
    """What an account may do."""

    VIEWER = "viewer"
    WARD_OFFICER = "ward_officer"
    WARD_POLICE = "ward_police"
    INSPECTOR = "inspector"
    PLANNER = "planner"
    REVIEWER = "reviewer"
    STEWARD = "steward"
    ADMIN = "admin"
    AUDITOR = "auditor"


class LetterKind(StrEnum):
    """Papers of two units that sweep their border together, in their order."""

    RULE = "rule"
    REQUEST = "request"
    REPLY = "reply"
    CITY = "city"
    JOINT_PLAN = "joint_plan"
    MINUTES = "minutes"


class CoordinationState(StrEnum):
    """How far two units have come with the paper of a joint sweep."""

    NO_RULE = "no_rule"
    NO_REQUEST = "no_request"
    WAITING = "waiting"
    UNANSWERED = "unanswered"
    AT_CITY = "at_city"
    NO_JOINT_PLAN = "no_joint_plan"
    READY = "ready"
    NO_MINUTES = "no_minutes"
    DONE = "done"


class PlanStep(StrEnum):
    """Steps in a plan's life."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    STARTED = "started"
    PROPOSED = "proposed"
    AMENDED = "amended"
    REFUSED = "refused"
    CLOSED = "closed"
    DISCARDED = "discarded"


class CasePaperKind(StrEnum):
    """Papers that follow a check, in their usual order (domain, section 9)."""

    MINUTES = "minutes"
    RESULT_NOTICE = "result_notice"
    VIOLATION_RECORD = "violation_record"
    SANCTION = "sanction"
    TRANSFER = "transfer"
    RECOMMENDATION = "recommendation"
    ANSWER = "answer"
    REMEDY_EXTENDED = "remedy_extended"
    RECHECK = "recheck"
    CLOSED = "closed"


class SignKind(StrEnum):
    """What a patrol saw at a place. Never a person, never what a person carries (domain, rules 5 and 6)."""

    SOLICITING_PLACE = "soliciting_place"
    PREMISES_WITHOUT_REGISTRATION = "premises_without_registration"
    REOPENED = "reopened"
    LATE_HOURS = "late_hours"
    LODGING_SIGNS = "lodging_signs"
    OTHER = "other"


class CheckItem(StrEnum):
    """What the law asks of a premises, as a team goes through it at a check."""

    REGISTRATION = "registration"
    SECURITY = "security"
    KARAOKE = "karaoke"
    FIRE = "fire"
    LABOUR = "labour"
    HEALTH = "health"
    COMMITMENT = "commitment"
    LODGING = "lodging"


class CheckAnswer(StrEnum):
    """What a team met at an item of the checklist."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class CheckCount(StrEnum):
    """Heads that a team counts; never a name."""

    WORKERS = "workers"
    CONTRACTS = "contracts"
    HEALTH_CHECKED = "health_checked"


class SignalKind(StrEnum):
    """What a piece of information is before the law; that decides who handles it, and by when."""

    DENUNCIATION = "denunciation"
    CRIME_REPORT = "crime_report"
    COMPLAINT = "complaint"
    ACCUSATION = "accusation"
    FEEDBACK = "feedback"
    OBSERVATION = "observation"


class SignalTopic(StrEnum):
    """What a signal says of a place."""

    REOPENING = "reopening"
    NEW_PLACE = "new_place"
    VIOLATION = "violation"
    UNREGISTERED = "unregistered"
    LICENCE = "licence"
    OTHER = "other"


class Danger(StrEnum):
    """What is handed to the police at once (domain, rule 7)."""

    DANGER = "danger"
    MINOR = "minor"
    FORCE = "force"
    TRAFFICKING = "trafficking"
    CRIME = "crime"


class EditKind(StrEnum):
    """What a person may change in a plan by hand."""

    LOCK = "lock"
    UNLOCK = "unlock"
    DROP = "drop"
    MOVE = "move"
    REORDER = "reorder"
    ADD = "add"

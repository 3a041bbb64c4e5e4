import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { regimes } from "../../../lib/request-law/regimes.ts";
import { requestStates } from "../../../lib/request-law/states.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(", "));

export const intakeChannels = ["form", "api", "cli", "csv", "webhook"] as const;
export type IntakeChannel = (typeof intakeChannels)[number];

/**
 * What somebody asks of their data, from receipt to certificate. Nothing here says who: that stands in `sealed`, under a key
 * of the request's own (`vault.secret`, purpose `request_key`, name its id), which is destroyed on `personal_until`.
 */
export const privacyRequest = pgTable(
  "privacy_request",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** What lists, logs, messages and addresses call it by. */
    number: bigint("number", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** Of lib/request-law/kinds.ts. */
    kind: text("kind").notNull(),
    regime: text("regime", { enum: regimes }).notNull(),
    state: text("state", { enum: requestStates }).notNull(),
    /** Compared and set with each change of state. */
    version: integer("version").notNull().default(1),
    /** Where it goes on after `failed` or `blocked_by_hold`. */
    resumesAt: text("resumes_at", { enum: requestStates }),
    /** Whose events it is about; none: of every organisation. */
    organizations: jsonb("organizations").$type<string[]>().notNull(),
    targets: jsonb("targets").$type<string[]>().notNull(),
    /** Of the controller, for holidays: ISO 3166-1 and, where they differ, the part of the country. */
    country: text("country").notNull(),
    region: text("region"),
    /** IANA, of the controller: the day on which something happens is theirs. */
    timeZone: text("time_zone").notNull(),
    /** Of the letter: `en`, `de`. */
    language: text("language").notNull(),
    receivedAt: at("received_at").notNull(),
    channel: text("channel", { enum: intakeChannels }).notNull(),
    /** Number of the ticket in the system that it came from; with `source` it comes in once. */
    reference: text("reference"),
    source: text("source"),
    submittedBy: uuid("submitted_by"),
    submittedByName: text("submitted_by_name").notNull(),
    submittedAt: at("submitted_at").notNull(),
    /** `RequestPerson` of lib/requests/sealed.ts; null once destroyed. */
    sealed: bytea("sealed"),
    /** End of the last day on which it must be answered, by its clock as last read; null while nothing counts. */
    dueAt: at("due_at"),
    /** While the clock stands: why. */
    standing: text("standing"),
    duplicateOf: uuid("duplicate_of"),
    /** The scope that the decision rests on. */
    scopeId: uuid("scope_id"),
    /** `RequestDecision` of lib/requests/types.ts. */
    decision: jsonb("decision"),
    decidedBy: uuid("decided_by"),
    decidedByName: text("decided_by_name"),
    decidedAt: at("decided_at"),
    executedBy: uuid("executed_by"),
    executedByName: text("executed_by_name"),
    executedAt: at("executed_at"),
    /** The newest job that works for it. */
    jobId: uuid("job_id"),
    /** Why it failed, or what holds it: codes and numbers, no personal data. */
    problem: text("problem"),
    /** When clear fields that floors or holds keep are looked at again; null: none are left. */
    clearDueAt: at("clear_due_at"),
    respondedAt: at("responded_at"),
    closedAt: at("closed_at"),
    /** Its retention date: what it says of the person is destroyed then. */
    personalUntil: at("personal_until"),
    personalDestroyedAt: at("personal_destroyed_at"),
  },
  (t) => [
    unique("privacy_request_number").on(t.number),
    unique("privacy_request_reference").on(t.source, t.reference),
    index("privacy_request_open").on(t.dueAt).where(sql`${t.closedAt} is null`),
    index("privacy_request_personal").on(t.personalUntil).where(sql`${t.sealed} is not null`),
    check("privacy_request_state", sql`${t.state} in (${oneOf(requestStates)})`),
    check("privacy_request_regime", sql`${t.regime} in (${oneOf(regimes)})`),
    check(
      "privacy_request_second_person",
      sql`${t.decidedBy} is null or ${t.submittedBy} is null or ${t.decidedBy} <> ${t.submittedBy}`,
    ),
  ],
);

/** Each identifier of the person as an HMAC under the request's key: finds requests of the same person, and an earlier erasure. */
export const requestIdentifier = pgTable(
  "privacy_request_identifier",
  {
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    digest: bytea("digest").notNull(),
  },
  (t) => [primaryKey({ columns: [t.requestId, t.digest] })],
);

/** What happened to it, append-only; texts that people typed are sealed under the request's key. */
export const requestEvent = pgTable(
  "privacy_request_event",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    at: at("at").notNull(),
    /** `requestEventKinds` of lib/requests/types.ts. */
    kind: text("kind").notNull(),
    fromState: text("from_state", { enum: requestStates }),
    toState: text("to_state", { enum: requestStates }),
    actorId: uuid("actor_id"),
    actorName: text("actor_name").notNull(),
    /** Role that the actor had, for the certificate. */
    actorRole: text("actor_role").notNull(),
    /** Codes, counts and ids; no personal data. */
    facts: jsonb("facts").notNull(),
    /** What was typed, sealed; null once destroyed. */
    sealed: bytea("sealed"),
  },
  (t) => [index("privacy_request_event_of").on(t.requestId, t.at)],
);

export const clockIntervalKinds = ["identity", "clarification", "fee"] as const;
export type ClockIntervalKind = (typeof clockIntervalKinds)[number];

/** When its clock stood, and why. */
export const requestInterval = pgTable(
  "privacy_request_interval",
  {
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    kind: text("kind", { enum: clockIntervalKinds }).notNull(),
    beganAt: at("began_at").notNull(),
    endedAt: at("ended_at"),
  },
  (t) => [
    index("privacy_request_interval_of").on(t.requestId),
    check("privacy_request_interval_order", sql`${t.endedAt} is null or ${t.endedAt} >= ${t.beganAt}`),
  ],
);

/** The one extension; the person was told the reasons at `told_at`. */
export const requestExtension = pgTable("privacy_request_extension", {
  requestId: uuid("request_id")
    .primaryKey()
    .references(() => privacyRequest.id),
  toldAt: at("told_at").notNull(),
  by: text("by").notNull(),
  /** `complexity`, `number`: Art. 12(3). */
  ground: text("ground").notNull(),
});

/** Files of a request (letters, proof of what was answered), sealed under its key. Never a document of identity. */
export const requestFile = pgTable(
  "privacy_request_file",
  {
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    addedAt: at("added_at").notNull(),
    addedByName: text("added_by_name").notNull(),
    bytes: integer("bytes").notNull(),
    /** SHA-256 of what was added, hex. */
    sha256: text("sha256").notNull(),
    mediaType: text("media_type").notNull(),
    /** Name and content; null once destroyed. */
    sealedName: bytea("sealed_name"),
    sealed: bytea("sealed"),
  },
  (t) => [index("privacy_request_file_of").on(t.requestId)],
);

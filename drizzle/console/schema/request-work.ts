import {
  boolean,
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
import { erasure } from "./privacy.ts";
import { privacyRequest } from "./requests.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const scopeStates = ["running", "done", "failed"] as const;

/** What there is of the person, counted as a dry run: counts, floors and holds, no personal data. */
export const requestScope = pgTable(
  "privacy_request_scope",
  {
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    state: text("state", { enum: scopeStates }).notNull(),
    beganAt: at("began_at").notNull(),
    madeAt: at("made_at"),
    jobId: uuid("job_id"),
    /** `RequestScope["targets"]` of lib/requests/scope-types.ts. */
    targets: jsonb("targets"),
    /** What must not have changed since, per target; no personal data. */
    witness: jsonb("witness"),
  },
  (t) => [index("privacy_request_scope_of").on(t.requestId, t.beganAt)],
);

/**
 * Events that hold an identifier of the person in a clear field, as a scope found them, by their keys: what a redaction takes
 * away, however many there are. The values stand nowhere.
 */
export const requestClear = pgTable(
  "privacy_request_clear",
  {
    scopeId: uuid("scope_id")
      .notNull()
      .references(() => requestScope.id),
    target: text("target").notNull(),
    policy: text("policy").notNull(),
    occurredAt: timestamp("occurred_at", { withTimezone: true, mode: "string" }).notNull(),
    eventId: uuid("event_id").notNull(),
    /** `RedactableField[]`, in their order. */
    fields: jsonb("fields").$type<string[]>().notNull(),
    /** When it was redacted, or looked at and stood nowhere; null: it is left. */
    doneAt: at("done_at"),
  },
  (t) => [
    primaryKey({
      name: "privacy_request_clear_pk",
      columns: [t.scopeId, t.target, t.policy, t.occurredAt, t.eventId],
    }),
  ],
);

/** The erasures that carry a request out. One may serve several. */
export const requestErasure = pgTable(
  "privacy_request_erasure",
  {
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    erasureId: uuid("erasure_id")
      .notNull()
      .references(() => erasure.id),
    /** Whether it was asked for by this request first: withdrawn, it is asked for no more. */
    first: boolean("first").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.erasureId] }),
    index("privacy_request_erasure_of").on(t.erasureId),
  ],
);

/** A look for every identifier in all places, after an erasure: which, and what was found there, as counts. */
export const requestScan = pgTable(
  "privacy_request_scan",
  {
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    jobId: uuid("job_id"),
    state: text("state", { enum: ["running", "done", "failed"] }).notNull(),
    beganAt: at("began_at").notNull(),
    endedAt: at("ended_at"),
    /** `ScanPlace[]` of lib/requests/scan-types.ts. */
    places: jsonb("places"),
  },
  (t) => [index("privacy_request_scan_of").on(t.requestId, t.beganAt)],
);

/** Signed bundles: the certificate of a request, and a supplement for each thing that was destroyed later. */
export const requestCertificate = pgTable(
  "privacy_request_certificate",
  {
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    /** 1 is the certificate, further ones are supplements. */
    n: integer("n").notNull(),
    signedAt: at("signed_at").notNull(),
    kid: text("kid").notNull(),
    /** How many destructions of the timeline it and those before it tell: more of them want a supplement. */
    told: integer("told").notNull().default(0),
    /** A JSON document with its JWS. */
    bundle: text("bundle").notNull(),
    sha256: text("sha256").notNull(),
  },
  (t) => [unique("privacy_request_certificate_n").on(t.requestId, t.n)],
);

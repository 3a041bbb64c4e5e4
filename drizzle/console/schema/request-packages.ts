import {
  bigint,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { privacyRequest } from "./requests.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

export const packageStates = ["collecting", "sealing", "ready", "downloaded", "expired", "failed"] as const;

/** What is handed out for access or portability: an encrypted archive in pieces, deleted once it was downloaded. */
export const requestPackage = pgTable(
  "privacy_request_package",
  {
    id: uuid("id").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => privacyRequest.id),
    state: text("state", { enum: packageStates }).notNull(),
    jobId: uuid("job_id"),
    beganAt: at("began_at").notNull(),
    readyAt: at("ready_at"),
    events: bigint("events", { mode: "number" }).notNull().default(0),
    bytes: bigint("bytes", { mode: "number" }).notNull().default(0),
    /** SHA-256 of the archive, hex. */
    sha256: text("sha256"),
    /** Name, bytes and SHA-256 of each file in it. */
    files: jsonb("files"),
    /** What opens the archive, sealed under the request's key until it was shown, once; then null. */
    passphrase: bytea("passphrase"),
    /** SHA-256 of the link's secret; one download, until then. */
    linkDigest: bytea("link_digest"),
    linkUntil: at("link_until"),
    downloadedAt: at("downloaded_at"),
    purgedAt: at("purged_at"),
  },
  (t) => [index("privacy_request_package_of").on(t.requestId)],
);

/** Pieces of a package, in order. `part`: what was collected, sealed under the request's key; `archive`: the finished file. */
export const packagePiece = pgTable(
  "privacy_package_piece",
  {
    packageId: uuid("package_id")
      .notNull()
      .references(() => requestPackage.id),
    kind: text("kind", { enum: ["part", "archive"] }).notNull(),
    n: integer("n").notNull(),
    content: bytea("content").notNull(),
  },
  (t) => [primaryKey({ columns: [t.packageId, t.kind, t.n] })],
);

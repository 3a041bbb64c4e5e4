import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { ErasureState } from "../../drizzle/console/schema/privacy.ts";
import type { packageStates } from "../../drizzle/console/schema/request-packages.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Clock } from "../request-law/clock.ts";
import { readClocks } from "./read-clocks.ts";
import { type RequestRow, requireRequest } from "./read-request.ts";
import { readTimeline } from "./read-timeline.ts";
import type { ScanPlace } from "./scan-types.ts";
import type { RequestScope, ScopeTarget } from "./scope-types.ts";
import { summarizeRequest } from "./summarize-request.ts";
import type { RequestDecision, RequestSummary, RequestTimelineEntry } from "./types.ts";

/** All that is on record of a request, but for who asks and what people typed: that is looked at on record. */
export interface RequestDetail extends RequestSummary {
  clock: Clock;
  country: string;
  region: string | null;
  language: string;
  source: string | null;
  submittedAt: string;
  /** Whether what it says of the person can still be read. */
  personKept: boolean;
  personalUntil: string | null;
  personalDestroyedAt: string | null;
  decision: RequestDecision | null;
  decidedBy: string | null;
  decidedAt: string | null;
  executedBy: string | null;
  executedAt: string | null;
  respondedAt: string | null;
  jobId: string | null;
  problem: string | null;
  /** Number of the request that goes on in its place. */
  duplicateOf: number | null;
  /** Numbers of those that it goes on for. */
  duplicates: number[];
  /** The newest; `fresh` is null: that is asked by itself. */
  scope: RequestScope | null;
  timeline: RequestTimelineEntry[];
  files: RequestFileEntry[];
  package: RequestPackage | null;
  scan: RequestScan | null;
  certificates: { n: number; signedAt: string; kid: string; sha256: string }[];
  erasures: RequestErasure[];
}

/** A file without its name, which is sealed. */
export interface RequestFileEntry {
  id: string;
  addedAt: string;
  addedBy: string;
  bytes: number;
  sha256: string;
  mediaType: string;
  kept: boolean;
}

export interface RequestPackage {
  id: string;
  state: (typeof packageStates)[number];
  jobId: string | null;
  beganAt: string;
  readyAt: string | null;
  events: number;
  bytes: number;
  sha256: string | null;
  linkUntil: string | null;
  downloadedAt: string | null;
  purgedAt: string | null;
}

export interface RequestScan {
  id: string;
  state: "running" | "done" | "failed";
  jobId: string | null;
  beganAt: string;
  endedAt: string | null;
  places: ScanPlace[];
}

/** An erasure that carries the request out: of which policy, never of whom. */
export interface RequestErasure {
  id: string;
  target: string;
  policy: string;
  state: ErasureState;
  dueAt: string | null;
  destroyedAt: string | null;
  entry: number | null;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** One request by its number or id. @throws AppError NOT_FOUND */
export async function getRequest(db: Queryable, request: number | string, now: Date): Promise<RequestDetail> {
  const row = await requireRequest(db, request);
  const clock = (await readClocks(db, [row], now)).get(row.id);
  if (!clock) throw new Error("a request that was read has no clock");
  return {
    ...summarizeRequest(row, clock, now),
    clock: clock.clock,
    country: row.country,
    region: row.region,
    language: row.language,
    source: row.source,
    submittedAt: row.submittedAt.toISOString(),
    personKept: row.sealed !== null,
    personalUntil: iso(row.personalUntil),
    personalDestroyedAt: iso(row.personalDestroyedAt),
    decision: row.decision as RequestDecision | null,
    decidedBy: row.decidedByName,
    decidedAt: iso(row.decidedAt),
    executedBy: row.executedByName,
    executedAt: iso(row.executedAt),
    respondedAt: iso(row.respondedAt),
    jobId: row.jobId,
    problem: row.problem,
    ...(await readLinks(db, row)),
    scope: await readNewestScope(db, row.id),
    timeline: await readTimeline(db, row.id),
    files: await readFiles(db, row.id),
    package: await readPackage(db, row.id),
    scan: await readScan(db, row.id),
    certificates: await readCertificates(db, row.id),
    erasures: await readErasures(db, row.id),
  };
}

async function readLinks(db: Queryable, { id, duplicateOf }: RequestRow) {
  const { privacyRequest: request } = schema;
  const numbers = async (where: ReturnType<typeof eq>) =>
    (await db.select({ number: request.number }).from(request).where(where).orderBy(request.number)).map(
      ({ number }) => number,
    );
  const [goesOnAs = null] = duplicateOf === null ? [] : await numbers(eq(request.id, duplicateOf));
  return { duplicateOf: goesOnAs, duplicates: await numbers(eq(request.duplicateOf, id)) };
}

/** The newest scope that was begun; without saying whether it is of what there is now. */
export async function readNewestScope(db: Queryable, requestId: string): Promise<RequestScope | null> {
  const { requestScope } = schema;
  const [row] = await db
    .select()
    .from(requestScope)
    .where(eq(requestScope.requestId, requestId))
    .orderBy(desc(requestScope.beganAt), desc(requestScope.id))
    .limit(1);
  if (!row) return null;
  const { id, state, jobId } = row;
  return {
    ...{ id, state, jobId, fresh: null, stale: [] },
    beganAt: row.beganAt.toISOString(),
    madeAt: iso(row.madeAt),
    targets: (row.targets ?? []) as ScopeTarget[],
  };
}

async function readFiles(db: Queryable, requestId: string): Promise<RequestFileEntry[]> {
  const { requestFile: file } = schema;
  const rows = await db
    .select({
      id: file.id,
      addedAt: file.addedAt,
      addedBy: file.addedByName,
      bytes: file.bytes,
      sha256: file.sha256,
      mediaType: file.mediaType,
      kept: sql<boolean>`${isNotNull(file.sealed)}`,
    })
    .from(file)
    .where(eq(file.requestId, requestId))
    .orderBy(file.addedAt, file.id);
  return rows.map(({ addedAt, ...row }) => ({ ...row, addedAt: addedAt.toISOString() }));
}

async function readPackage(db: Queryable, requestId: string): Promise<RequestPackage | null> {
  const { requestPackage } = schema;
  const [row] = await db
    .select()
    .from(requestPackage)
    .where(eq(requestPackage.requestId, requestId))
    .orderBy(desc(requestPackage.beganAt), desc(requestPackage.id))
    .limit(1);
  if (!row) return null;
  const { id, state, jobId, events, bytes, sha256 } = row;
  return {
    ...{ id, state, jobId, events, bytes, sha256 },
    beganAt: row.beganAt.toISOString(),
    readyAt: iso(row.readyAt),
    linkUntil: iso(row.linkUntil),
    downloadedAt: iso(row.downloadedAt),
    purgedAt: iso(row.purgedAt),
  };
}

async function readScan(db: Queryable, requestId: string): Promise<RequestScan | null> {
  const { requestScan } = schema;
  const [row] = await db
    .select()
    .from(requestScan)
    .where(eq(requestScan.requestId, requestId))
    .orderBy(desc(requestScan.beganAt), desc(requestScan.id))
    .limit(1);
  if (!row) return null;
  const { id, state, jobId, beganAt, endedAt } = row;
  const places = (row.places ?? []) as ScanPlace[];
  return { id, state, jobId, beganAt: beganAt.toISOString(), endedAt: iso(endedAt), places };
}

async function readCertificates(db: Queryable, requestId: string) {
  const { requestCertificate: certificate } = schema;
  const rows = await db
    .select({
      n: certificate.n,
      signedAt: certificate.signedAt,
      kid: certificate.kid,
      sha256: certificate.sha256,
    })
    .from(certificate)
    .where(eq(certificate.requestId, requestId))
    .orderBy(certificate.n);
  return rows.map(({ signedAt, ...row }) => ({ ...row, signedAt: signedAt.toISOString() }));
}

async function readErasures(db: Queryable, requestId: string): Promise<RequestErasure[]> {
  const { requestErasure, erasure } = schema;
  const rows = await db
    .select({
      id: erasure.id,
      target: erasure.target,
      policy: erasure.policy,
      state: erasure.state,
      dueAt: erasure.dueAt,
      destroyedAt: erasure.destroyedAt,
      entry: erasure.entry,
    })
    .from(requestErasure)
    .innerJoin(erasure, and(eq(erasure.id, requestErasure.erasureId)))
    .where(eq(requestErasure.requestId, requestId))
    .orderBy(erasure.target, erasure.policy, erasure.id);
  return rows.map((row) => ({ ...row, dueAt: iso(row.dueAt), destroyedAt: iso(row.destroyedAt) }));
}

import { desc, eq } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Clock } from "../request-law/clock.ts";
import { readClocks } from "./clock/read-clocks.ts";
import { lacksController } from "./controller-needed.ts";
import { requireRequest } from "./read-request.ts";
import {
  type RequestErasure,
  type RequestFileEntry,
  type RequestPackage,
  type RequestScan,
  readCertificates,
  readErasures,
  readFiles,
  readLinks,
  readPackage,
  readScan,
} from "./read-request-parts.ts";
import { readTimeline } from "./read-timeline.ts";
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
  /** Nobody has set who answers for it, without which nothing can be handed out. */
  lacksController: boolean;
  /** Whether what it says of the person can still be read. */
  personKept: boolean;
  personalUntil: string | null;
  personalDestroyedAt: string | null;
  decision: RequestDecision | null;
  decidedBy: string | null;
  decidedAt: string | null;
  executedBy: string | null;
  executedAt: string | null;
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
    lacksController: await lacksController(db, row),
    personKept: row.sealed !== null,
    personalUntil: iso(row.personalUntil),
    personalDestroyedAt: iso(row.personalDestroyedAt),
    decision: row.decision as RequestDecision | null,
    decidedBy: row.decidedByName,
    decidedAt: iso(row.decidedAt),
    executedBy: row.executedByName,
    executedAt: iso(row.executedAt),
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

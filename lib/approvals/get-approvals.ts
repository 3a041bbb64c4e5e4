import { and, desc, eq, gt, lt } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { type Approval, type ApprovalState, isOverdue } from "../verbs/approvals/move-approval.ts";
import { withoutSubject } from "../verbs/approvals/without-subject.ts";

type JobState = typeof schema.job.$inferSelect.state;

export interface ApprovalSummary {
  id: string;
  /** `object.verb` of what was asked for. */
  action: string;
  target: string | null;
  object: { type: string; id: string; name: string | null } | null;
  /** What would run, but for which person it is about; null for those who neither asked for it nor may approve it. */
  input: unknown;
  /** SHA-256 over its canonical JSON, in hex: what an approver sends along. */
  digest: string;
  approverRole: Role;
  requestedBy: string;
  /** By a token of theirs. */
  byToken: boolean;
  requestedAt: Date;
  expiresAt: Date;
  state: ApprovalState;
  decidedBy: string | null;
  decidedAt: Date | null;
  comment: string | null;
  /** The job that goes on with it, and how that stands; null once nobody keeps it any more. */
  jobId: string | null;
  jobState: JobState | null;
  /** What whoever asks may do with it now. */
  may: { decide: boolean; withdraw: boolean };
}

export interface ApprovalFilter {
  state: "open" | "all";
  limit: number;
  /** Only what was asked for before this request. */
  before?: string | undefined;
}

/** Requests for a second person, newest first, as `actor` may see them. */
export async function getApprovals(
  { db }: Pick<ConsoleDb, "db">,
  actor: Actor,
  { state, limit, before }: ApprovalFilter,
  now: Date,
): Promise<ApprovalSummary[]> {
  const { approval } = schema;
  const rows = await select(db)
    .where(
      and(
        state === "open" ? and(eq(approval.state, "requested"), gt(approval.expiresAt, now)) : undefined,
        before ? lt(approval.id, before) : undefined,
      ),
    )
    .orderBy(desc(approval.id))
    .limit(limit);
  return rows.map((row) => summarize(row, actor, now));
}

/** One of them; null when there is none. */
export async function getApproval(
  { db }: Pick<ConsoleDb, "db">,
  actor: Actor,
  id: string,
  now: Date,
): Promise<ApprovalSummary | null> {
  const [row] = await select(db).where(eq(schema.approval.id, id));
  return row ? summarize(row, actor, now) : null;
}

function select(db: ConsoleDb["db"]) {
  const { approval, job } = schema;
  return db
    .select({ row: approval, jobState: job.state })
    .from(approval)
    .leftJoin(job, eq(job.id, approval.jobId))
    .$dynamic();
}

function summarize(
  { row, jobState }: { row: Approval; jobState: JobState | null },
  actor: Actor,
  now: Date,
): ApprovalSummary {
  const open = row.state === "requested" && !isOverdue(row, now);
  const own = actor.person?.id === row.requestedBy;
  const approver = can(actor.role, row.approverRole);
  return {
    id: row.id,
    action: row.action,
    target: row.target,
    object:
      row.objectType && row.objectId
        ? { type: row.objectType, id: row.objectId, name: row.objectName }
        : null,
    input: own || approver ? withoutSubject(row.input) : null,
    digest: row.digest,
    approverRole: row.approverRole,
    requestedBy: row.requestedByName,
    byToken: row.requestedToken !== null,
    requestedAt: row.requestedAt,
    expiresAt: row.expiresAt,
    state: isOverdue(row, now) ? "expired" : row.state,
    decidedBy: row.decidedByName,
    decidedAt: row.decidedAt,
    comment: row.comment,
    jobId: row.jobId,
    jobState,
    may: {
      decide: open && approver && actor.person !== null && !own,
      withdraw: open && own,
    },
  };
}

import { desc, eq } from "drizzle-orm";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { toAppError } from "../../errors.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import { counted } from "../../words.ts";
import { failRequest } from "../fail-request.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { lockRequest, type RequestRow } from "../read-request.ts";
import type { ScopeTarget } from "../scope-types.ts";
import type { ScopeWitness, TargetWitness } from "./witness.ts";

export interface BegunScope {
  id: string;
  thorough: boolean;
}

export interface Scoped {
  events: number;
  clear: number;
  /** Names of targets that could not be asked. */
  unknown: string[];
}

/** Whether all events are looked through for identifiers in clear, where nobody says so. */
export const isThorough = ({ kind }: Pick<RequestRow, "kind">) => kind === "erasure";

/** The row that was made for this job, or one of its own: as thorough as the one that failed before it. */
export async function beginScope(tx: Tx, job: JobContext, row: RequestRow): Promise<BegunScope> {
  const { requestScope } = schema;
  const [found] = await tx
    .select()
    .from(requestScope)
    .where(eq(requestScope.requestId, row.id))
    .orderBy(desc(requestScope.beganAt))
    .limit(1);
  const asked = (found?.witness as ScopeWitness | undefined)?.thorough;
  if (found?.state === "running") {
    await tx.update(requestScope).set({ jobId: job.id }).where(eq(requestScope.id, found.id));
    return { id: found.id, thorough: asked ?? isThorough(row) };
  }
  const now = job.now();
  const thorough = (found?.state === "failed" ? asked : undefined) ?? isThorough(row);
  const begun = { id: uuidV7(now.getTime()), thorough };
  await tx.insert(requestScope).values({
    id: begun.id,
    requestId: row.id,
    state: "running",
    beganAt: now,
    jobId: job.id,
    witness: { thorough: begun.thorough, targets: [] } satisfies ScopeWitness,
  });
  return begun;
}

/** It is made, and the request goes on to its decision. */
export async function finishScope(
  tx: Tx,
  job: JobContext,
  read: RequestRow,
  { id, thorough }: BegunScope,
  { targets, witness: counts }: { targets: ScopeTarget[]; witness: TargetWitness[] },
): Promise<Scoped> {
  const { requestScope } = schema;
  const now = job.now();
  const scoped: Scoped = {
    events: targets.reduce((sum, { events }) => sum + events, 0),
    clear: targets.reduce((sum, { clearEvents }) => sum + clearEvents, 0),
    unknown: targets.filter(({ problem }) => problem !== null).map(({ target }) => target),
  };
  const unread = new Map(targets.map(({ target, problem }) => [target, problem]));
  await tx
    .update(requestScope)
    .set({
      state: "done",
      madeAt: now,
      targets,
      witness: {
        thorough,
        targets: counts.map((one) => ({ ...one, problem: unread.get(one.target) ?? one.problem })),
      },
    })
    .where(eq(requestScope.id, id));
  const row = await lockRequest(tx, read.id);
  await writeRequestEvent(tx, row, { kind: "scoped", actor: null, now, facts: { scope: id, ...scoped } });
  // Somebody may have withdrawn it meanwhile: then the count stands, and leads nowhere.
  if (row.state === "scoping")
    await moveRequest(tx, row, "finish_scope", { actor: null, now, set: { scopeId: id, problem: null } });
  job.log(`${counted(scoped.events, "event")} on ${counted(targets.length, "target")}.`);
  return scoped;
}

/** It failed, and the request waits for somebody to resume it. */
export async function failScope(
  tx: Tx,
  job: JobContext,
  { id: requestId }: RequestRow,
  { id }: BegunScope,
  thrown: unknown,
): Promise<void> {
  const { code } = toAppError(thrown);
  await tx
    .update(schema.requestScope)
    .set({ state: "failed", madeAt: job.now() })
    .where(eq(schema.requestScope.id, id));
  await failRequest(tx, job, requestId, ["scoping"], { code });
}

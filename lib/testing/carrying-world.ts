import postgres from "postgres";
import { vi } from "vitest";
import type { PlanRequest } from "../partition-plan/request.ts";
import type { Plan } from "../partition-plan/types.ts";
import { partitionsJobs } from "../partitions/jobs.ts";
import { partitionsVerbs } from "../partitions/verbs.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { type PartitionWorld, startPartitionWorld } from "./partition-world.ts";
import { startTestJobs } from "./start-test-jobs.ts";

/** Of what a job does, however loaded the machine is. */
export const patience = { timeout: 90_000, interval: 50 };
export const named = (name: string) => ({ schema: "public", name });
export const ahead = (name: string, count: number): PlanRequest => ({
  verb: "create",
  table: named(name),
  ahead: count,
});

/** A console whose worker carries plans out, and people who approve them. */
export async function startCarryingWorld(server: 15 | 18) {
  const world: PartitionWorld = await startPartitionWorld(server);
  const worker = startTestJobs(world.administration, partitionsJobs, () => world.audit);
  const act = (
    action: (typeof partitionsVerbs)[keyof typeof partitionsVerbs],
    input: Record<string, unknown>,
    { actor = world.operator, typed }: { actor?: PartitionWorld["operator"]; typed?: string } = {},
  ) =>
    runAdminAction(
      action as typeof partitionsVerbs.createPartitions,
      {
        console: world.administration.console,
        actor,
        auditTargets: ["audit"],
        openTarget: () => world.audit,
      },
      { target: "audit", ...input },
      typed,
    );
  async function approve({ request, digest }: Plan, more: object = {}): Promise<string> {
    const answer = await act(partitionsVerbs.createPartitions, { request, digest, ...more });
    if (!answer.ok || !answer.jobId) throw new Error(JSON.stringify(answer));
    return answer.jobId;
  }
  const job = async (id: string) => (await world.administration.sql`select * from job where id = ${id}`)[0];
  const ended = (id: string) =>
    vi.waitFor(async () => {
      const row = await job(id);
      if (!row?.finished_at) throw new Error(`the job is ${row?.state}`);
      return row;
    }, patience);
  const linesOf = async (id: string) =>
    (await world.administration.sql`select message from job_log where job_id = ${id} order by seq`).map(
      ({ message }) => message as string,
    );
  const partitionsOf = async (name: string) =>
    (
      await world.database.sql`
        select inhrelid::regclass::text as name from pg_inherits where inhparent = ${name}::regclass order by 1`
    ).map((row) => row.name as string);
  async function session(): Promise<postgres.Sql & { pid: number }> {
    const sql = postgres(world.database.url, {
      max: 1,
      onnotice: () => {},
      connection: { application_name: "psql" },
    });
    const [row] = await sql`select pg_backend_pid() as pid`;
    return Object.assign(sql, { pid: row?.pid as number });
  }
  return {
    ...world,
    ...{ act, approve, job, ended, linesOf, partitionsOf, session },
    async close() {
      await worker.stop();
      await world.close();
    },
  };
}

export type CarryingWorld = Awaited<ReturnType<typeof startCarryingWorld>>;

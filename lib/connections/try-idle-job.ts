import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { connect } from "../audit-db/connect.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { defineJob } from "../jobs/define-job.ts";

/** How long the transaction stays open, in seconds: longer than the demo's limit and two evaluations. */
export const triedForSeconds = 90;
/** As its session is called: like an application that forgot to commit. */
export const triedName = "forgetful-report";

export const tryIdleInput = z.strictObject({ target: targetInput });

/** @throws AppError UNSUPPORTED for a target that is not the demo's */
export function demoTarget(name: string) {
  const target = env().targets.find((candidate) => candidate.name === name);
  if (!target?.demo)
    throw new AppError("UNSUPPORTED", `${name} is not the demo: nothing is left idle there on purpose.`);
  return target;
}

/** Leaves a transaction idle on the demo, as an application does that forgot to end it, and ends it by itself. */
export const tryIdleJob = defineJob({
  name: "connections.try_idle",
  title: "Leave a transaction idle, to try out alerts",
  input: tryIdleInput,
  target: true,
  keepDays: 7,
  async run({ signal, progress, log, logger }, { target }) {
    const { watchUrl, readerUrl } = demoTarget(target);
    const read = readerUrl ?? watchUrl;
    const engine = connect({ target, urls: { watch: read, read }, applicationName: triedName, logger });
    try {
      return await engine.use("read", "demo.forgotten_transaction", async (sql) => {
        const [session] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
        await sql.unsafe("begin; select count(*) from public.retention_policy");
        log(`session ${session?.pid} sits in its transaction`);
        for (let second = 0; second < triedForSeconds && !signal.aborted; second += 1) {
          progress(second, triedForSeconds, "seconds");
          await sleep(1_000, undefined, { signal }).catch(() => {});
        }
        await sql.unsafe("rollback");
        return { pid: session?.pid };
      });
    } finally {
      await engine.close();
    }
  },
});

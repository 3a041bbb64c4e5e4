import { systemActor } from "../auth/actor.ts";
import { setThreshold } from "../check-board/set-threshold.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";

/** Seconds a transaction may be idle on the demo: whoever tries it out shall not wait for the usual five minutes. */
const limits = { warning: 20, critical: 300, unit: "seconds" } as const;
const check = "connections.idle_in_transaction";

/** Sets the demo's own limit for idle transactions, unless somebody set one. */
export async function shortenPatience(
  console: ConsoleDb,
  { target, auditTargets }: { target: string; auditTargets: readonly string[] },
): Promise<void> {
  const [set] = await console.sql`
    select from check_threshold where check_id = ${check} and target = ${target} and object_key = '*'`;
  if (set) return;
  const done = await runAdminAction(
    setThreshold,
    { console, actor: systemActor("demo"), auditTargets },
    { check, target, ...limits },
  );
  if (!done.ok) throw new Error(done.error.message);
}

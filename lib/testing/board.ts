import type { CheckObject } from "../check.ts";
import { createStoredChecks } from "../evaluation/stored-checks.ts";
import { type SampleState, sampleCheck, storeEvaluation } from "./check-states.ts";
import { createDatabase } from "./database.ts";

/** The moment at which boards are looked at. */
export const now = new Date("2026-11-27T03:00:00Z");
export const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
export const idle = sampleCheck("connections.idle");
export const runway = sampleCheck("partitions.runway", {
  unit: "days",
  thresholds: { warning: 45, critical: 14, direction: "falling" },
});
export const fsync = sampleCheck("server.fsync_off", { unit: null, thresholds: null });
export const checks = [idle, runway, fsync];
export const node = (name: string): CheckObject => ({ kind: "node", name });
export const table = (name: string): CheckObject => ({
  ...{ kind: "relation", database: "d", schema: "public", name },
});

/** A console database whose evaluations, of three checks, tests write. */
export async function startBoard() {
  const console = await createDatabase({ template: "console" });
  const { sql } = console;
  return {
    sql,
    stored: createStoredChecks(sql),
    store: (
      check: string,
      target: string,
      age: number,
      states: readonly SampleState[],
      options?: Parameters<typeof storeEvaluation>[3],
    ) => storeEvaluation(sql, { target, check, evaluatedAt: ago(age) }, states, options),
    async empty() {
      await sql`truncate check_state, check_evaluation, check_threshold`;
    },
    close: () => console.drop(),
  };
}
export type Board = Awaited<ReturnType<typeof startBoard>>;

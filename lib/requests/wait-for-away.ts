import { and, eq } from "drizzle-orm";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { JobContext } from "../jobs/define-job.ts";
import type { RequestRow } from "./read-request.ts";

/** Then twice as long each time. */
const againMs = 3_000;
const longestMs = 60_000;
const waits = "not finished: ";

/** What a request says of itself once it waits for nothing: anything else stays. */
export const afterWaiting = (problem: string | null): string | null =>
  problem?.startsWith(waits) ? null : problem;

export interface Awaited {
  request: Pick<RequestRow, "id">;
  /** In which it works. */
  state: RequestRow["state"];
  /** What it waits for, in words without names of anybody. */
  unfinished: readonly string[];
  /** How often it has waited before; a checkpoint keeps it. */
  waited: number;
}

/**
 * Hands a job's place back until whatever did not answer may, however long that takes: what was done is not done again, and the
 * request says what it waits for.
 */
export async function waitForAway(
  job: Pick<JobContext, "log" | "waitUntil" | "write">,
  { request, state, unfinished, waited }: Awaited,
): Promise<never> {
  const problem = `${waits}${[...new Set(unfinished)].join("; ")}`;
  const ms = Math.min(longestMs, againMs * 2 ** Math.min(waited, 10));
  job.log(`${problem}; tried again in ${ms / 1_000} s.`, "warn");
  const { privacyRequest } = schema;
  await job.write((tx) =>
    tx
      .update(privacyRequest)
      .set({ problem })
      .where(and(eq(privacyRequest.id, request.id), eq(privacyRequest.state, state))),
  );
  await job.waitUntil(new Date(Date.now() + ms));
  throw new AppError("UNAVAILABLE", problem);
}

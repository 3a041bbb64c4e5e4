"use server";

import { z } from "zod";
import { currentActor } from "@/app/session";
import type { ReadResult } from "@/lib/result";
import { runRead } from "@/lib/run-read";
import { actionFailure } from "./action-failure";

const requestsSchema = z
  .array(
    z.strictObject({
      name: z.string().max(60),
      target: z.string().max(40),
      input: z.unknown(),
      maxAgeMs: z.number().optional(),
    }),
  )
  .max(60);

/**
 * The one read entry of the browser: a page's reads in one request. The promises are answered un-awaited,
 * so each panel's figures travel as soon as they are there. What fails for all of them is each one's answer.
 */
export async function readMany(
  requests: { name: string; target: string; input: unknown; maxAgeMs?: number }[],
): Promise<{ value: Promise<ReadResult<unknown>> }[]> {
  try {
    const parsed = requestsSchema.parse(requests);
    const actor = await currentActor();
    return parsed.map((request) => ({ value: runRead(actor, { ...request, input: request.input }) }));
  } catch (thrown) {
    const failure = Promise.resolve(actionFailure(thrown, "readMany"));
    const asked = Array.isArray(requests) ? Math.min(requests.length, 60) : 1;
    return Array.from({ length: Math.max(asked, 1) }, () => ({ value: failure }));
  }
}

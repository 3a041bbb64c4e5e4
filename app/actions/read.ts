"use server";

import { z } from "zod";
import { currentActor } from "@/app/session";
import { toAppError } from "@/lib/errors";
import type { ReadResult } from "@/lib/result";
import { runRead } from "@/lib/run-read";

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
 * so each panel's figures travel as soon as they are there.
 */
export async function readMany(
  requests: { name: string; target: string; input: unknown; maxAgeMs?: number }[],
): Promise<{ value: Promise<ReadResult<unknown>> }[]> {
  const parsed = requestsSchema.safeParse(requests);
  if (!parsed.success) throw toAppError(parsed.error);
  const actor = await currentActor();
  return parsed.data.map((request) => ({ value: runRead(actor, { ...request, input: request.input }) }));
}

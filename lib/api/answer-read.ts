import type { Actor } from "../auth/actor.ts";
import type { ReadResult } from "../result.ts";
import { runRead } from "../run-read.ts";
import type { Endpoint } from "./endpoint.ts";
import { problemResponse, thrownProblem } from "./problem.ts";

/** Answers a GET of an endpoint: the read's answer as JSON, or its error as a problem. Never throws. */
export async function answerRead(
  endpoint: Endpoint,
  request: { actor: Actor; url: string; parameters: Record<string, string> },
): Promise<Response> {
  try {
    const result = await runRead(request.actor, {
      name: endpoint.read,
      target: request.parameters.target ?? "",
      input: endpoint.readInput(new URL(request.url).searchParams, request.parameters),
    });
    return toResponse(result);
  } catch (thrown) {
    return thrownProblem(thrown, { read: endpoint.read });
  }
}

/** A read's answer as JSON, or its error as a problem. */
export function toResponse(result: ReadResult<unknown>): Response {
  if (!result.ok) return problemResponse(result.error);
  const { ok: _, ...answer } = result;
  return Response.json(answer, { headers: { "cache-control": "no-store" } });
}

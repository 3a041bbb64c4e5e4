import type { Actor } from "../../auth/actor.ts";
import { runRead } from "../../run-read.ts";
import { readInput } from "../actions/answer-action.ts";
import { toResponse } from "../answer-read.ts";

/**
 * Answers what a change of partitions would do. A read, but its question is too large for an address: the body holds it.
 * @throws AppError BAD_INPUT, TOO_LARGE
 */
export async function answerPlan(request: Request, actor: Actor, target: string): Promise<Response> {
  const input = await readInput(request);
  return toResponse(await runRead(actor, { name: "partitionPlan", target, input }));
}

import type { z } from "zod";
import type { Actor } from "../../auth/actor.ts";
import { consoleDb } from "../../db/console-db.ts";
import { env } from "../../env.ts";
import { AppError } from "../../errors.ts";
import type { AdminAction } from "../../verbs/admin-action.ts";
import { runAdminAction } from "../../verbs/run-admin-action.ts";
import { problemResponse } from "../problem.ts";
import { readSmallBody } from "../read-small-body.ts";
import { countAction } from "./limit-actions.ts";

/**
 * Does a verb for an API request, whose JSON body is the verb's input, with what the address says of it: 200 when it is done, 202 when a job or a second
 * person's approval comes next, else a problem.
 * @throws AppError for what is wrong with the request itself
 */
export async function answerAction(
  request: Request,
  action: AdminAction<z.ZodType, unknown>,
  actor: Actor,
  complete: (body: unknown) => unknown = (body) => body,
): Promise<Response> {
  await countAction(consoleDb().db, actor, env().API_ACTIONS_PER_MINUTE);
  const input = complete(await readInput(request, action.mostBytes));
  const result = await runAdminAction(
    action,
    {
      console: consoleDb(),
      actor,
      auditTargets: env().targets.map((target) => target.name),
      program: true,
    },
    input,
  );
  if (!result.ok) return problemResponse(result.error);
  const { ok: _, ...answer } = result;
  return Response.json(answer, {
    status: answer.awaitsApproval || answer.jobId !== undefined ? 202 : 200,
    headers: { "cache-control": "no-store" },
  });
}

/** @throws AppError BAD_INPUT, TOO_LARGE */
export async function readInput(request: Request, mostBytes?: number): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new AppError("BAD_INPUT", "Send the action's input as a JSON object.", {
      hint: "Content-Type: application/json; {} where it takes nothing.",
    });
  const text = await readSmallBody(request, mostBytes);
  return text === "" ? {} : JSON.parse(text);
}

import { z } from "zod";
import { adminActions, listActions } from "../../admin.ts";
import { lockTimeoutInput, planRequest } from "../../partition-plan/request.ts";
import { actionOperation } from "../actions/operation.ts";
import { partitionPlanAnswer } from "../answers/partition-plan.ts";
import { answerOf, problem } from "../parts.ts";
import { partitionDoors } from "./partition-doors.ts";
import { upkeepDoors } from "./upkeep-doors.ts";

const ofTarget = (rest: string) => `/api/v1/targets/{target}/partitions/${rest}`;
const path = z.object({ target: z.string().meta({ description: "The target's name" }) });

/** What `POST …/partitions/plan` takes. */
const planBody = z.strictObject({ request: planRequest, lockTimeoutMs: lockTimeoutInput });

const problems = {
  400: "The request is malformed; `errors` names each field",
  401: "Neither a valid token nor a session",
  403: "The role or the token's targets do not reach",
  404: "There is no such target or table",
  422: "The server lacks what this needs",
  503: "The audit database cannot be reached; see Retry-After",
} as const;

/** Plans of partitions, and the actions that carry them out by their address. */
export function partitionPaths() {
  return {
    [ofTarget("plan")]: {
      post: {
        operationId: "partitionPlan",
        summary: "What a change of partitions would do: SQL, locks, who is in the way. Nothing is changed",
        tags: ["read"],
        requestParams: { path },
        requestBody: { required: true, content: { "application/json": { schema: planBody } } },
        responses: {
          200: {
            description: "The plan",
            content: { "application/json": { schema: answerOf(partitionPlanAnswer) } },
          },
          ...Object.fromEntries(
            Object.entries(problems).map(([status, description]) => [
              status,
              { description, content: { "application/problem+json": { schema: problem } } },
            ]),
          ),
        },
      },
    },
    ...pathsOf(partitionDoors),
    ...pathsOf(
      Object.fromEntries(Object.entries(upkeepDoors).map(([verb, name]) => [`upkeep/${verb}`, name])),
    ),
  };
}

type Door =
  | (typeof partitionDoors)[keyof typeof partitionDoors]
  | (typeof upkeepDoors)[keyof typeof upkeepDoors];

function pathsOf(doors: Record<string, Door>) {
  const verbs = listActions();
  return Object.fromEntries(
    Object.entries(doors).map(([rest, name]) => {
      const action = verbs.find(([known]) => known === name)?.[1];
      if (!action) throw new Error(`there is no action ${name}`);
      const { target: _, ...body } = adminActions[name].input.shape;
      const operation = actionOperation(`${name}At`, { ...action, input: z.strictObject(body) });
      return [ofTarget(rest), { post: { ...operation, requestParams: { path } } }];
    }),
  );
}

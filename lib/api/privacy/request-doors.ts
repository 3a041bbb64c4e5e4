import { z } from "zod";
import { type AdminActionName, adminActions, listActions } from "../../admin.ts";
import { AppError } from "../../errors.ts";
import { actionOperation } from "../actions/operation.ts";

const requests = "/api/v1/privacy/requests";

/** `POST /api/v1/privacy/requests/{number}/{verb}`: the action behind each. */
export const requestDoors = {
  acknowledge: "acknowledgeRequest",
  "ask-clarification": "askClarification",
  "ask-fee": "askFee",
  "ask-identity": "askIdentity",
  clarification: "recordClarification",
  close: "closeRequest",
  decide: "decideRequest",
  duplicate: "linkDuplicate",
  execute: "executeRequest",
  extend: "extendRequest",
  fee: "recordFee",
  file: "addRequestFile",
  identity: "recordIdentity",
  letter: "writeLetter",
  note: "addRequestNote",
  person: "viewRequestPerson",
  response: "recordResponse",
  resume: "resumeRequest",
  scan: "scanRequest",
  scope: "scopeRequest",
  withdraw: "recordWithdrawal",
} as const satisfies Record<string, AdminActionName>;
type RequestDoor = (typeof requestDoors)[keyof typeof requestDoors];

/** @throws AppError NOT_FOUND */
export function requestDoor(verb: string): RequestDoor {
  if (Object.hasOwn(requestDoors, verb)) return requestDoors[verb as keyof typeof requestDoors];
  throw new AppError("NOT_FOUND", `Requests have no action named "${verb}".`, {
    hint: `There are: ${Object.keys(requestDoors).join(", ")}.`,
  });
}

/** The action's input: the body, with the request that stands in the address. @throws AppError NOT_FOUND for what is no number */
export function withRequest(body: unknown, number: string): unknown {
  if (!/^[1-9]\d{0,14}$/.test(number)) throw new AppError("NOT_FOUND", "A request goes by its number.");
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return { ...body, request: Number(number) };
}

/** The operations by their addresses. */
export function requestPaths() {
  const path = z.object({ number: z.string().meta({ description: "The request's number" }) });
  const actions = new Map(listActions());
  const operation = (name: AdminActionName, input: z.ZodType) => {
    const action = actions.get(name);
    if (!action) throw new Error(`there is no action ${name}`);
    return actionOperation(`${name}At`, { ...action, input });
  };
  return {
    [requests]: { post: operation("openRequest", adminActions.openRequest.input) },
    [`${requests}/import`]: { post: operation("importRequests", adminActions.importRequests.input) },
    ...Object.fromEntries(
      Object.entries(requestDoors).map(([verb, name]) => {
        const { request: _, ...body } = adminActions[name].input.shape;
        const post = { ...operation(name, z.strictObject(body)), requestParams: { path } };
        return [`${requests}/{number}/${verb}`, { post }];
      }),
    ),
  };
}

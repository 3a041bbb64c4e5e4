import type { AdminActionName } from "../../admin.ts";
import { AppError } from "../../errors.ts";
import { partitionActions } from "../../partition-actions.ts";
import type { PlanVerb } from "../../partition-plan/request.ts";

/** `/api/v1/targets/{target}/partitions/{verb}`: the action behind each. */
export const partitionDoors = partitionActions satisfies Record<PlanVerb, AdminActionName>;

/** @throws AppError NOT_FOUND */
export function partitionDoor(verb: string): (typeof partitionDoors)[PlanVerb] {
  if (Object.hasOwn(partitionDoors, verb)) return partitionDoors[verb as PlanVerb];
  throw new AppError("NOT_FOUND", `Partitions have no action named "${verb}".`, {
    hint: `There are: plan, ${Object.keys(partitionDoors).join(", ")}.`,
  });
}

/** The action's input: the body, with the target and the verb that stand in the address. */
export function withAddress(body: unknown, address: { target: string; verb: string }): unknown {
  if (!isObject(body)) return body;
  const { request } = body;
  return {
    ...body,
    target: address.target,
    ...(isObject(request) && { request: { verb: address.verb, ...request } }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

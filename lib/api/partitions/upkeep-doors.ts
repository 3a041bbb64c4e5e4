import type { AdminActionName } from "../../admin.ts";
import { AppError } from "../../errors.ts";

/** `/api/v1/targets/{target}/partitions/upkeep/{verb}`: the action behind each. */
export const upkeepDoors = {
  set: "setUpkeep",
  approve: "approveUpkeep",
  pause: "pauseUpkeep",
  resume: "resumeUpkeep",
  run: "runUpkeep",
  remove: "removeUpkeep",
} as const satisfies Record<string, AdminActionName>;

/** @throws AppError NOT_FOUND */
export function upkeepDoor(verb: string): (typeof upkeepDoors)[keyof typeof upkeepDoors] {
  if (Object.hasOwn(upkeepDoors, verb)) return upkeepDoors[verb as keyof typeof upkeepDoors];
  throw new AppError("NOT_FOUND", `Upkeep has no action named "${verb}".`, {
    hint: `There are: ${Object.keys(upkeepDoors).join(", ")}.`,
  });
}

/** The action's input: the body, with the target that stands in the address. */
export function withTarget(body: unknown, target: string): unknown {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body, target } : body;
}

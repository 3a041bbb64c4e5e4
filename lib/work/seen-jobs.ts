import { inArray, type SQL } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import { schema } from "../db/schema.ts";

/** Jobs that an actor may see: all, or with a token limited to targets those of its targets and none of the console. */
export function seenBy({ targets }: Pick<Actor, "targets">): SQL | undefined {
  return targets ? inArray(schema.job.target, [...targets]) : undefined;
}

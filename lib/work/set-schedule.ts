import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { textInput } from "../inputs.ts";

const { schedule } = schema;

export const scheduleInput = z.strictObject({ name: textInput(100).min(1) });

/** Turns a schedule on or off. @throws AppError NOT_FOUND, CONFLICT when it is so already */
export async function setSchedule(tx: Tx, name: string, enabled: boolean): Promise<{ job: string }> {
  const [changed] = await tx
    .update(schedule)
    .set({ enabled })
    .where(and(eq(schedule.name, name), ne(schedule.enabled, enabled)))
    .returning({ job: schedule.jobName });
  if (changed) return changed;
  const [found] = await tx.select({ name: schedule.name }).from(schedule).where(eq(schedule.name, name));
  if (!found) throw new AppError("NOT_FOUND", `There is no schedule named "${name}".`);
  throw new AppError("CONFLICT", `${name} is ${enabled ? "on" : "paused"} already.`);
}

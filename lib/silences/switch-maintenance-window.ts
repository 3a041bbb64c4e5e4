import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { windowIdInput } from "./inputs.ts";
import { nameOf } from "./write-silence.ts";

const { maintenanceWindow } = schema;

type Named = z.output<typeof windowIdInput>;

const ofName = ({ target, name }: Named) =>
  and(eq(maintenanceWindow.target, target), eq(maintenanceWindow.name, name));

/** Turns a maintenance window on or off; one that is on already stays so. */
export const enableMaintenanceWindow = defineAdminAction({
  name: "maintenance-window.enable",
  role: "operator",
  target: "or all",
  input: windowIdInput.extend({ enabled: z.boolean() }),
  answer: z.strictObject({ id: z.uuid(), revision: z.int(), enabled: z.boolean() }),
  async run({ tx, actor, now }, { enabled, ...named }) {
    const { id, revision } = await requireWindow(tx, named);
    await tx
      .update(maintenanceWindow)
      .set({ enabled, revision: revision + 1, setBy: actor.id, setByName: nameOf(actor), setAt: now })
      .where(ofName(named));
    return {
      data: { id, revision: revision + 1, enabled },
      object: { type: "maintenance-window", id, name: named.name },
      facts: { enabled },
    };
  },
});

export const removeMaintenanceWindow = defineAdminAction({
  name: "maintenance-window.remove",
  role: "operator",
  target: "or all",
  input: windowIdInput,
  answer: z.strictObject({ id: z.uuid() }),
  async run({ tx }, named) {
    const { id } = await requireWindow(tx, named);
    await tx.delete(maintenanceWindow).where(ofName(named));
    return { data: { id }, object: { type: "maintenance-window", id, name: named.name } };
  },
});

/** @throws AppError NOT_FOUND */
async function requireWindow(tx: Tx, named: Named): Promise<{ id: string; revision: number }> {
  const [found] = await tx.select().from(maintenanceWindow).where(ofName(named)).for("update");
  if (found) return found;
  throw new AppError("NOT_FOUND", `There is no maintenance window “${named.name}” on this target.`);
}

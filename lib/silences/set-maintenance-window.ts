import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Check } from "../check.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { assertReach, assertUnguarded, phraseFor } from "./assert-reach.ts";
import { windowInput } from "./inputs.ts";
import { nameOf } from "./write-silence.ts";

const { maintenanceWindow } = schema;

/** Sets a maintenance window by its name, or another in place of it. Guarded checks are told within it all the same. */
export function setMaintenanceWindowVerb(checks: readonly Check[]) {
  return defineAdminAction({
    name: "maintenance-window.set",
    role: "operator",
    target: "or all",
    input: windowInput,
    answer: z.strictObject({ id: z.uuid(), revision: z.int() }),
    confirm: ({ auditTargets }, input) => phraseFor(input, { checks, targets: auditTargets }),
    async run({ tx, actor, auditTargets, now }, { target, name, matchers, when, enabled, revision }) {
      assertUnguarded(assertReach({ target, matchers }, { checks, targets: auditTargets }), checks);
      const own = and(eq(maintenanceWindow.target, target), eq(maintenanceWindow.name, name));
      const [before] = await tx.select().from(maintenanceWindow).where(own).for("update");
      if (revision !== undefined && revision !== (before?.revision ?? 0)) throw changed(name, before);
      const row = {
        matchers,
        enabled,
        ...columnsOf(when),
        revision: (before?.revision ?? 0) + 1,
        setBy: actor.id,
        setByName: nameOf(actor),
        setAt: now,
      };
      const id = before?.id ?? uuidV7(now.getTime());
      const [written] = before
        ? await tx.update(maintenanceWindow).set(row).where(own).returning()
        : await tx
            .insert(maintenanceWindow)
            .values({ ...row, id, target, name })
            .onConflictDoNothing()
            .returning();
      if (!written) throw changed(name, undefined);
      return {
        data: { id, revision: written.revision },
        object: { type: "maintenance-window", id, name },
        facts: { matchers, when, enabled, revision: written.revision },
      };
    },
  });
}

function columnsOf(when: z.output<typeof windowInput>["when"]) {
  return "cron" in when
    ? { ...when, cron: when.cron.trim(), startsAt: null, endsAt: null }
    : { ...when, cron: null, timeZone: null, minutes: null };
}

function changed(name: string, before: { setByName: string } | undefined): AppError {
  return new AppError(
    "CONFLICT",
    before
      ? `The window “${name}” was set by ${before.setByName} meanwhile.`
      : `The window “${name}” is not the one you saw: somebody set or removed it meanwhile.`,
    { hint: "Look at it again." },
  );
}

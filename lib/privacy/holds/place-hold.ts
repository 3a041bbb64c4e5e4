import { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { findAwaited } from "../../holds/find-awaited.ts";
import { closeHoldGate } from "../../holds/pass-hold-gate.ts";
import { keepSubject } from "../../key-store/keep-subject.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { requireVault } from "../require-vault.ts";
import { keptHoldInput, placeHoldInput } from "./hold-inputs.ts";

/**
 * Places a legal hold: from its commit on nothing it covers is destroyed, but for what had begun before outside the
 * console. It is in force at once where nothing had, else once each of those is settled.
 */
export const placeHold = defineAdminAction({
  name: "hold.place",
  role: "privacy_officer",
  person: true,
  input: placeHoldInput,
  prepare: {
    kept: keptHoldInput,
    run: async (_context, { person, ...input }) => ({
      ...input,
      subject: person === undefined ? null : await requireVault().ensureSubject(person),
    }),
  },
  answer: z.strictObject({
    id: z.uuid(),
    number: z.int(),
    version: z.int(),
    state: z.enum(["placing", "in_force"]),
    /** Ids of the destructions that it waits for. */
    awaits: z.array(z.uuid()),
  }),
  async run({ tx, actor, auditTargets, now }, { name, reason, scope, subject }) {
    const unknown = scope.targets?.filter((target) => !auditTargets.includes(target)) ?? [];
    if (unknown.length > 0) {
      const message = `names no target of this console: ${unknown.join(", ")}`;
      throw new AppError("BAD_INPUT", `The scope ${message}.`, { fields: { "scope.targets": message } });
    }
    await closeHoldGate(tx);
    if (subject !== null) await keepSubject(tx, subject);
    const awaits = await findAwaited(tx, { scope, subject });
    const state = awaits.length > 0 ? "placing" : "in_force";
    const { legalHold } = schema;
    const [row] = await tx
      .insert(legalHold)
      .values({
        ...{ name, reason, scope, subject, state, awaits },
        id: uuidV7(now.getTime()),
        placedBy: actor.person?.id ?? null,
        placedByName: actor.person?.email ?? actor.name,
        placedAt: now,
        inForceAt: awaits.length > 0 ? null : now,
      })
      .returning({ id: legalHold.id, number: legalHold.number, version: legalHold.version });
    if (!row) throw new Error("a hold's row was not returned");
    return {
      data: { ...row, state, awaits },
      object: { type: "hold", id: String(row.number) },
      facts: { state, awaits: awaits.length, person: subject !== null },
      detail: { name, reason, scope },
    };
  },
});

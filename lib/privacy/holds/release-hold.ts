import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { requireHold } from "./find-hold.ts";
import { releaseHoldInput } from "./hold-inputs.ts";

/** Ends a hold, by somebody else than placed it. What it alone kept back goes on by itself. */
export const releaseHold = defineAdminAction({
  name: "hold.release",
  role: "privacy_officer",
  person: true,
  input: releaseHoldInput,
  answer: z.strictObject({ id: z.uuid(), number: z.int(), version: z.int() }),
  object: ({ hold }) => ({ type: "hold", id: String(hold) }),
  async run({ tx, actor, now }, { hold, version, reason }) {
    const { legalHold } = schema;
    const found = await requireHold(tx, hold);
    if (found.placedBy === actor.person?.id)
      throw new AppError(
        "FORBIDDEN",
        "Somebody else must release it: you placed it, or a token of yours did.",
      );
    if (found.state === "released")
      throw new AppError(
        "CONFLICT",
        `Hold #${found.number} was released by ${found.releasedByName} already.`,
      );
    if (found.version !== version) throw changedSince(found.number);
    const [released] = await tx
      .update(legalHold)
      .set({
        state: "released",
        version: version + 1,
        releasedBy: actor.person?.id ?? null,
        releasedByName: actor.person?.email ?? actor.name,
        releasedAt: now,
        releaseReason: reason,
      })
      .where(and(eq(legalHold.id, found.id), eq(legalHold.version, version), ne(legalHold.state, "released")))
      .returning({ id: legalHold.id, number: legalHold.number, version: legalHold.version });
    if (!released) throw changedSince(found.number);
    return {
      data: released,
      object: { type: "hold", id: String(found.number) },
      facts: { from: found.state, placedAt: found.placedAt.toISOString() },
      detail: { reason },
    };
  },
});

const changedSince = (number: number) =>
  new AppError("CONFLICT", `Hold #${number} is no longer as you saw it.`, { hint: "Look at it again." });

import { inArray } from "drizzle-orm";
import { z } from "zod";
import { erasureStates } from "../../../drizzle/console/schema/privacy.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { targetInput } from "../../inputs.ts";
import { listSubjectKeys } from "../../key-store/subject-keys.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { personInput, policyInput, requireSubject, subjectInput } from "../subject/subject-input.ts";
import { askErasures, findKeysOf } from "./ask-erasures.ts";
import { eraseJob } from "./erase-job.ts";
import { isShared } from "./read-key-facts.ts";

const asked = { target: targetInput, policy: policyInput, reason: reasonInput };

/**
 * Erases one person's events under one policy of one target, once somebody else agrees: each key they stand under is
 * destroyed when no floor and no hold keeps it, at once or on that day. Asked for again it answers what was begun before.
 */
export const erasePolicy = defineAdminAction({
  name: "privacy.erase",
  role: "privacy_officer",
  target: true,
  input: z.strictObject({ person: personInput, ...asked }),
  prepare: {
    kept: z.strictObject({ subject: subjectInput, ...asked }),
    run: async (_context, { person, ...input }) => ({ ...input, subject: await requireSubject(person) }),
  },
  answer: z.strictObject({
    erasures: z.array(
      z.strictObject({
        id: z.uuid(),
        state: z.enum(erasureStates),
        /** ISO 8601: the day its floor ends, where one does; null before anybody looked. */
        dueAt: z.string().nullable(),
        /** Whether the key is kept for other policies until the last of them may go. */
        sharedKey: z.boolean(),
      }),
    ),
  }),
  approval: { role: "privacy_officer", expiresHours: 72 },
  object: ({ policy }) => ({ type: "retention_policy", id: policy }),
  confirm: (_context, { target, policy }) => `erase ${policy} on ${target}`,
  async run(context, { subject, target, policy, reason }) {
    const place = { target, policy };
    const all = await listSubjectKeys(context.console.sql, subject);
    const keys = await findKeysOf(all, () => context.audit, place);
    if (keys.length === 0)
      throw new AppError("NOT_FOUND", `This person has no key for ${policy} on ${target}.`, {
        hint: "No event of theirs stands there, or all were erased before: a destroyed key leads to nobody.",
      });
    const { person, name } = context.actor;
    const by = { id: person?.id ?? null, name: person?.email ?? name, now: context.now };
    const erasures = await askErasures(context.tx, keys, place, by);
    const open = erasures.filter(({ jobId, state }) => jobId === null && state === "asked");
    const told = erasures.map(({ id, state, dueAt, token }) => ({
      id,
      state,
      dueAt: dueAt?.toISOString() ?? null,
      sharedKey: keys.some((key) => key.token === token && isShared(key)),
    }));
    const answer = {
      data: { erasures: told },
      object: { type: "retention_policy", id: policy },
      // No tokens: two in one record would lead from an erased one to the living.
      facts: { policy, keys: keys.length },
      detail: { reason },
    };
    if (open.length === 0) return answer;
    const ids = open.map(({ id }) => id);
    const jobId = await context.enqueue(eraseJob, { target, erasures: ids }, { reason });
    await context.tx.update(schema.erasure).set({ jobId }).where(inArray(schema.erasure.id, ids));
    return { ...answer, jobId };
  },
});

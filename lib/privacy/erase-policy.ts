import { and, inArray } from "drizzle-orm";
import { z } from "zod";
import { erasureStates } from "../../drizzle/console/schema/privacy.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { unknownPolicy } from "../audit-db/vault/types.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { listSubjectKeys, type SubjectKey } from "../key-store/subject-keys.ts";
import { reasonInput } from "../reason.ts";
import { defineAdminAction, type VerbContext } from "../verbs/admin-action.ts";
import { keyDestroyed } from "./destroy-key.ts";
import { eraseJob } from "./erase-job.ts";
import { isShared } from "./read-key-facts.ts";
import { readPolicyFacts } from "./read-policy-facts.ts";
import { personInput, policyInput, requireSubject, subjectInput } from "./subject-input.ts";

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
  effect: keyDestroyed,
  async run(context, { subject, target, policy, reason }) {
    const keys = await keysOf(context, subject, target, policy);
    if (keys.length === 0)
      throw new AppError("NOT_FOUND", `This person has no key for ${policy} on ${target}.`, {
        hint: "No event of theirs stands there, or all were erased before: a destroyed key leads to nobody.",
      });
    const erasures = await ask(context, keys, { target, policy });
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

/** The keys under which events of that policy stand; shared ones where they do. @throws AppError while the target cannot be asked */
async function keysOf(
  { console, audit }: VerbContext,
  subject: string,
  target: string,
  policy: string,
): Promise<SubjectKey[]> {
  const keys = await listSubjectKeys(console.sql, subject);
  const own = keys.filter((key) => key.target === target && key.policy === policy);
  const shared = keys.filter(
    (key) => isShared(key) && (key.target ?? target) === target && !own.includes(key),
  );
  if (shared.length === 0 || policy === unknownPolicy) return own;
  const rows = await readPolicyFacts(
    audit,
    shared.map(({ token }) => token),
  );
  const holding = new Set(rows.filter((row) => row.policy === policy).map(({ token }) => token));
  return [...own, ...shared.filter(({ token }) => holding.has(token))];
}

/** A row for each key; what was asked for before stays as it is. */
async function ask(
  { tx, actor, now }: VerbContext,
  keys: readonly SubjectKey[],
  { target, policy }: { target: string; policy: string },
) {
  const { erasure } = schema;
  await tx
    .insert(erasure)
    .values(
      keys.map(({ token }) => ({
        id: uuidV7(now.getTime()),
        ...{ token, target, policy },
        state: "asked" as const,
        heldBy: [],
        requestedBy: actor.person?.id ?? null,
        requestedByName: actor.person?.email ?? actor.name,
        requestedAt: now,
      })),
    )
    .onConflictDoNothing();
  return tx
    .select()
    .from(erasure)
    .where(
      and(
        inArray(
          erasure.token,
          keys.map(({ token }) => token),
        ),
        inArray(erasure.target, [target]),
        inArray(erasure.policy, [policy]),
      ),
    )
    .orderBy(erasure.id);
}

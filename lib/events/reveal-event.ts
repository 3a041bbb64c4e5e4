import { z } from "zod";
import { actorContext, targetContext } from "../audit-db/append/append-rows.ts";
import type { Revealed } from "../audit-db/vault/types.ts";
import { requireAccess } from "../audit-log/check-access.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { reasonInput } from "../reason.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { readStoredEvent } from "./get-event.ts";
import { eventKeyInput } from "./inputs.ts";

/** What stands behind an event's tokens; null where the event has no such person. */
export interface RevealedPeople {
  actor: Revealed | null;
  target: Revealed | null;
}

const revealed = z
  .discriminatedUnion("state", [
    z.strictObject({
      state: z.literal("readable"),
      person: z.strictObject({
        id: z.string(),
        name: z.string().optional(),
        email: z.string().optional(),
        ip: z.string().optional(),
        userAgent: z.string().optional(),
        details: z.record(z.string(), z.json()).optional(),
      }),
    }),
    z.strictObject({ state: z.literal("erased") }),
    z.strictObject({ state: z.literal("unreadable"), reason: z.string() }),
  ])
  .meta({ id: "RevealedPerson" });

/**
 * Decrypts the people of one event for somebody who handles personal data, with a reason. What is recorded says who
 * looked at which event and whose tokens stand in it, never what they saw; it is committed before they see it.
 */
export const revealEvent = defineAdminAction({
  name: "event.reveal",
  role: "privacy_officer",
  person: true,
  target: true,
  input: z.strictObject({
    target: targetInput,
    ...eventKeyInput,
    reason: reasonInput,
  }),
  answer: z.strictObject({ actor: revealed.nullable(), target: revealed.nullable() }),
  object: ({ id }) => ({ type: "event", id, name: id }),
  async run({ audit }, { target: _, reason, ...key }) {
    if (!audit.vault)
      throw new AppError("UNSUPPORTED", "This console has no keys: people's data cannot be shown.", {
        hint: "Set MASTER_KEY_FILE.",
      });
    const restricted = await audit.restrictedTokens();
    const stored = await audit.use("read", "events.reveal", async (sql) => {
      await requireAccess(sql);
      return readStoredEvent(sql, key, restricted);
    });
    const { actorToken, actorPersonal, targetToken, targetPersonal } = stored;
    const place = { target: audit.target, policy: stored.retentionPolicy };
    const sealed = [
      { token: actorToken, personal: actorPersonal, context: actorContext(key.id) },
      { token: targetToken, personal: targetPersonal, context: targetContext(key.id) },
    ];
    const [actor, person] = await Promise.all(
      sealed.map(async ({ token, personal, context }): Promise<Revealed | null> => {
        if (token === null || personal === null) return null;
        const [revealed] = (await audit.vault?.reveal([{ token, personal, context, ...place }])) ?? [];
        return revealed ?? null;
      }),
    );
    const data: RevealedPeople = { actor: actor ?? null, target: person ?? null };
    return {
      data,
      object: { type: "event", id: key.id, name: key.id },
      facts: {
        occurredAt: key.occurredAt,
        ...(actor && { actorToken, actor: actor.state }),
        ...(person && { targetToken, person: person.state }),
      },
      // What people type may name anybody: it stays in the console.
      detail: { reason },
    };
  },
});

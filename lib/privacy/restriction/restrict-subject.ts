import { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { closeHoldGate } from "../../holds/pass-hold-gate.ts";
import { findMasterKeys } from "../../key-store/open-master-keys.ts";
import { placeRestriction, restrictionGrounds } from "../../key-store/restrictions.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { requireVault } from "../require-vault.ts";
import { personInput, subjectInput } from "../subject/subject-input.ts";
import { dropRows } from "./drop-rows.ts";
import { writeOnEachTarget } from "./write-on-each-target.ts";

const said = { ground: z.enum(restrictionGrounds), reason: reasonInput };

/**
 * Restricts a person's data (Art. 18 GDPR): their events leave every door that reads events, those to come as well; counts
 * stay, and nothing of theirs is destroyed until it is lifted. Somebody without an event may be restricted before the first.
 */
export const restrictSubject = defineAdminAction({
  name: "privacy.restrict",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ person: personInput, ...said }),
  prepare: {
    kept: z.strictObject({ subject: subjectInput, ...said }),
    run: async (_context, { person, ...input }) => ({
      ...input,
      subject: await requireVault().ensureSubject(person),
    }),
  },
  answer: z.strictObject({ id: z.uuid(), entries: z.array(z.int()) }),
  async run({ tx, console, actor, auditTargets, now }, { subject, ground, reason }) {
    // What is being destroyed has been, and nothing of theirs will be from here on.
    await closeHoldGate(tx);
    const id = uuidV7(now.getTime());
    const by = { id: actor.person?.id ?? null, name: actor.person?.email ?? actor.name };
    await placeRestriction(tx, { id, subject, ground, reason, by, now });
    const { entries, token } = await writeOnEachTarget(
      { tx, sql: console.sql, subject, by, now, sign: { masterKeys: findMasterKeys(), auditTargets } },
      (tokens) => ({ kind: "restriction", facts: { tokens, ground } }),
    );
    return {
      data: { id, entries },
      ...(token !== null && { object: { type: "person_key", id: token } }),
      facts: { ground, restriction: id },
      detail: { reason },
    };
  },
  afterCommit: async (context, data) => {
    await dropRows(context);
    return { ok: true, data };
  },
});

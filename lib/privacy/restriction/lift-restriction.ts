import { z } from "zod";
import { findMasterKeys } from "../../key-store/open-master-keys.ts";
import { endRestriction } from "../../key-store/restrictions.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { personInput, requireSubject, subjectInput } from "../subject/subject-input.ts";
import { dropRows } from "./drop-rows.ts";
import { writeOnEachTarget } from "./write-on-each-target.ts";

/** Lifts a restriction: the person's events are shown again, and what it kept back goes on. */
export const liftRestriction = defineAdminAction({
  name: "privacy.lift_restriction",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ person: personInput, reason: reasonInput }),
  prepare: {
    kept: z.strictObject({ subject: subjectInput, reason: reasonInput }),
    run: async (_context, { person, reason }) => ({ reason, subject: await requireSubject(person) }),
  },
  answer: z.strictObject({ id: z.uuid(), entries: z.array(z.int()) }),
  async run({ tx, console, actor, auditTargets, now }, { subject, reason }) {
    const by = { id: actor.person?.id ?? null, name: actor.person?.email ?? actor.name };
    const { entries, token } = await writeOnEachTarget(
      { tx, sql: console.sql, subject, by, now, sign: { masterKeys: findMasterKeys(), auditTargets } },
      (tokens) => ({ kind: "restriction_lifted", facts: { tokens } }),
    );
    const id = await endRestriction(tx, { subject, reason, by, now });
    return {
      data: { id, entries },
      ...(token !== null && { object: { type: "person_key", id: token } }),
      facts: { restriction: id },
      detail: { reason },
    };
  },
  afterCommit: async (context, data) => {
    await dropRows(context);
    return { ok: true, data };
  },
});

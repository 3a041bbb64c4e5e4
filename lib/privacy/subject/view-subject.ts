import { z } from "zod";
import { listSubjectKeys } from "../../key-store/subject-keys.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { erasureContext } from "../erasure/erasure-context.ts";
import { requireVault } from "../require-vault.ts";
import { getSubject } from "./get-subject.ts";
import { personInput, subjectInput } from "./subject-input.ts";

const iso = z.string();

const view = z.strictObject({
  found: z.boolean(),
  policies: z.array(
    z.strictObject({
      target: z.string(),
      policy: z.string(),
      state: z.enum(["open", "kept", "erasing", "erased"]),
      events: z.number().nullable(),
      oldest: iso.nullable(),
      newest: iso.nullable(),
      floorDays: z.number().nullable(),
      legalBasis: z.string().nullable(),
      dueAt: iso.nullable(),
      sharedKey: z.boolean(),
      holds: z.array(z.strictObject({ id: z.uuid(), number: z.number(), name: z.string() })),
      problem: z.string().nullable(),
    }),
  ),
  restriction: z
    .strictObject({
      id: z.uuid(),
      ground: z.string(),
      reason: z.string(),
      placedBy: z.string(),
      placedAt: iso,
      exceptions: z.array(
        z.strictObject({
          id: z.uuid(),
          ground: z.string(),
          reason: z.string(),
          grantedBy: z.string(),
          expiresAt: iso,
        }),
      ),
    })
    .nullable(),
});

/**
 * What is known of one person, by the id that the application has for them. Each look is on record before it is answered:
 * by one token of theirs, never by their id, and by no more than one, since two would lead from an erased to a living one.
 */
export const viewSubject = defineAdminAction({
  name: "privacy.view_subject",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ person: personInput }),
  prepare: {
    kept: z.strictObject({ subject: subjectInput.nullable() }),
    run: async (_context, { person }) => ({
      subject: (await requireVault().subjectsOf([person]))[0] ?? null,
    }),
  },
  answer: view,
  async run({ console, now }, { subject }) {
    const data = await getSubject(
      erasureContext(console, () => now),
      subject,
    );
    const [oldest] = subject === null ? [] : await listSubjectKeys(console.sql, subject);
    return {
      data,
      ...(oldest && { object: { type: "person_key", id: oldest.token } }),
      facts: { found: data.found, policies: data.policies.length },
    };
  },
});

import { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { AppError } from "../../errors.ts";
import { instantInput } from "../../inputs.ts";
import { addException, exceptionGrounds } from "../../key-store/restrictions.ts";
import { listSubjectKeys } from "../../key-store/subject-keys.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { personInput, requireSubject, subjectInput } from "../subject/subject-input.ts";
import { dropRows } from "./drop-rows.ts";

const longestDays = 90;
const dayMs = 86_400_000;
const said = { ground: z.enum(exceptionGrounds), reason: reasonInput, until: instantInput };

/** Shows a restricted person's events until a moment, on a ground of Art. 18(2) GDPR. Nothing of theirs is destroyed meanwhile either. */
export const allowRestricted = defineAdminAction({
  name: "privacy.allow_restricted",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ person: personInput, ...said }),
  prepare: {
    kept: z.strictObject({ subject: subjectInput, ...said }),
    run: async (_context, { person, ...input }) => ({ ...input, subject: await requireSubject(person) }),
  },
  answer: z.strictObject({ id: z.uuid(), until: z.string() }),
  async run({ tx, console, actor, now }, { subject, ground, reason, until }) {
    if (until <= now || until.getTime() > now.getTime() + longestDays * dayMs) {
      const message = `must lie ahead, at most ${longestDays} days`;
      throw new AppError("BAD_INPUT", `until: ${message}.`, { fields: { until: message } });
    }
    const id = uuidV7(now.getTime());
    const by = { id: actor.person?.id ?? null, name: actor.person?.email ?? actor.name };
    await addException(tx, { id, subject, ground, reason, by, now, expiresAt: until });
    const [oldest] = await listSubjectKeys(console.sql, subject);
    return {
      data: { id, until: until.toISOString() },
      ...(oldest && { object: { type: "person_key", id: oldest.token } }),
      facts: { ground, exception: id, until: until.toISOString() },
      detail: { reason },
    };
  },
  afterCommit: async (context, data) => {
    await dropRows(context);
    return { ok: true, data };
  },
});

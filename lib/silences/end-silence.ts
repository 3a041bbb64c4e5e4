import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { matchersInWords } from "../alerting/matcher.ts";
import { endOf, matchersOf, silenceState } from "../alerting/silence-state.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { momentInWords } from "../words.ts";
import { silenceIdInput } from "./inputs.ts";
import { nameOf, noteEnd } from "./write-silence.ts";

const { incident, silence } = schema;

/** Ends a silence before its time; one that has not begun never does. What still fires is told by the next round. */
export const endSilence = defineAdminAction({
  name: "silence.end",
  role: "operator",
  target: "or all",
  input: silenceIdInput,
  answer: z.strictObject({ id: z.uuid(), endedAt: z.date() }),
  object: ({ id }) => ({ type: "silence", id }),
  async run({ tx, actor, now }, { target, id }) {
    const [found] = await tx
      .select({ silence, incident })
      .from(silence)
      .leftJoin(incident, eq(incident.id, silence.incidentId))
      .where(and(eq(silence.id, id), eq(silence.target, target)));
    if (!found) throw new AppError("NOT_FOUND", "There is no such silence on this target.");
    const [ended] =
      silenceState(found.silence, found.incident, now) === "expired"
        ? []
        : await tx
            .update(silence)
            .set({ endedAt: now, endedByName: nameOf(actor) })
            .where(and(eq(silence.id, id), isNull(silence.endedAt)))
            .returning();
    if (!ended) throw over(endOf(found.silence, found.incident), found.silence.endedByName);
    await noteEnd(tx, id, { actor, now });
    return {
      data: { id, endedAt: now },
      object: { type: "silence", id, name: matchersInWords(matchersOf(found.silence)) },
    };
  },
});

function over(at: Date | null, by: string | null): AppError {
  const when = at ? ` at ${momentInWords(at.toISOString())} UTC` : "";
  return new AppError("CONFLICT", `This silence has ended already${when}${by ? `, by ${by}` : ""}.`);
}

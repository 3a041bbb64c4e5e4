import { z } from "zod";
import { redactEvents } from "../../audit-db/redaction/redact-events.ts";
import { defineEffect } from "../../verbs/effects/effect.ts";
import { redactInput } from "./redact-input.ts";

/** Values are taken out of events in the target. */
export const valuesRedacted = defineEffect({
  action: "privacy.redact",
  input: redactInput.extend({
    /** Where they stand, and whom they concern. */
    places: z.array(z.strictObject({ policy: z.string(), tokens: z.array(z.string()) })),
  }),
  destroys: ({ target, events, places }) => places.map((place) => ({ ...place, target, events })),
  async look({ audit }, { events, fields, personal }) {
    const asked = events.map((event) => ({ ...event, fields, personal }));
    // A commit under way shows nothing yet, and holds its rows locked: then nobody can tell.
    const { rows } = await redactEvents(audit, asked, { look: "settled" });
    return rows.every(({ outcome }) => outcome !== "redacted") ? "done" : "not done";
  },
});

import { z } from "zod";
import { defineRead, rangeInput, resolveRange } from "../read.ts";
import { getEvent } from "./get-event.ts";
import { getEventsPerDay } from "./get-events-per-day.ts";
import { getPersonalFields } from "./get-personal-fields.ts";
import { getQuarantine } from "./get-quarantine.ts";
import { eventKeyInput, filterInput, pageInput } from "./inputs.ts";
import { searchEvents } from "./search-events.ts";
import { inTurn } from "./search-turns.ts";

/** Days of the chart of events. */
export const daysCounted = [30, 90, 395] as const;

export const eventsReads = {
  /** Events that match, newest first, fifty at a time. */
  searchEvents: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput, ...filterInput, ...pageInput }),
    run: ({ audit, actor, now }, { range, before, after, ...filters }) =>
      inTurn(audit, actor, () =>
        searchEvents(audit, { ...resolveRange(range, now), ...filters }, { before, after }),
      ),
  }),
  /** One event by its key. */
  event: defineRead({
    role: "viewer",
    input: z.strictObject(eventKeyInput),
    run: ({ audit, limitedConsole }, key) => getEvent(audit, key, limitedConsole),
  }),
  /** What waits in audit_quarantine. */
  quarantine: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getQuarantine(audit),
  }),
  /** Events per UTC day and retention policy over the last `days` days. */
  eventsPerDay: defineRead({
    role: "viewer",
    // Only those the chart offers: each other number would be a count of its own, on two connections for everybody.
    input: z.strictObject({
      days: z.coerce
        .number()
        .pipe(z.literal([...daysCounted]))
        .default(30),
    }),
    run: ({ audit, now }, { days }) => getEventsPerDay(audit, days, now),
  }),
  /** Clear fields of the newest events that look like personal data: by action and path, never their text. */
  personalFields: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit, now }) => getPersonalFields(audit, now),
  }),
};

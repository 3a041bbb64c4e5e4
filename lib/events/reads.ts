import { z } from "zod";
import { defineRead } from "../read.ts";
import { getEventsPerDay } from "./get-events-per-day.ts";

export const eventsReads = {
  /** Events per UTC day and retention policy over the last `days` days. */
  eventsPerDay: defineRead({
    role: "viewer",
    input: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
    run: ({ audit, now }, { days }) => getEventsPerDay(audit, days, now),
  }),
};

import { z } from "zod";
import { eventKeyInput, filterInput, parseEventKey } from "../../events/inputs.ts";
import { textInput } from "../../inputs.ts";
import { eventAnswer, eventsAnswer } from "../answers/events.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { rangeQuery } from "../parts.ts";
import { toRangeInput } from "../range.ts";

/** Resources about events. */
export const eventsEndpoints = {
  events: defineEndpoint({
    path: ofTarget("events"),
    summary: "Events that match, newest first, a page at a time by key; people as tokens",
    read: "searchEvents",
    query: z.object({
      ...rangeQuery,
      ...filterInput,
      before: textInput(100).optional().meta({ description: "`older` of the page before, as occurredAt_id" }),
    }),
    toInput: ({ range, from, to, before, ...filters }) => ({
      ...filters,
      range: toRangeInput({ range, from, to }),
      ...(before !== undefined && { before: parseEventKey(before) }),
    }),
    answer: eventsAnswer,
  }),
  event: defineEndpoint({
    path: ofTarget("events/{id}"),
    summary: "One event with all its columns, and whether its leaf still matches",
    read: "event",
    parameters: { id: z.uuid().meta({ description: "The event's id" }) },
    query: z.object({ occurredAt: eventKeyInput.occurredAt }),
    toInput: ({ occurredAt }, { id }) => ({ occurredAt, id }),
    answer: eventAnswer,
  }),
};

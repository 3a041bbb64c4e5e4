import { z } from "zod";
import { parseMatchers } from "../../alerting/parse-matchers.ts";
import { silenceStates } from "../../alerting/silence-state.ts";
import { targetInput, textInput } from "../../inputs.ts";
import {
  deadManAnswer,
  maintenanceWindowsAnswer,
  silencePreviewAnswer,
  silencesAnswer,
} from "../answers/silences.ts";
import { defineEndpoint } from "../endpoint.ts";
import { limitQuery } from "../parts.ts";

/** Resources about silences. */
export const silencesEndpoints = {
  silences: defineEndpoint({
    path: "/api/v1/silences",
    summary: "Silences with whom they silence: active, then pending, then what ended last",
    read: "silences",
    query: z.object({
      target: targetInput.optional().meta({ description: "Only those of this target, and of every one" }),
      state: z.enum(silenceStates).optional(),
      limit: limitQuery(500, 200),
    }),
    toInput: ({ target = null, ...query }) => ({ target, ...query }),
    answer: silencesAnswer,
  }),
  silencePreview: defineEndpoint({
    path: "/api/v1/silences/preview",
    summary: "What a silence or window with these matchers would keep from being told now",
    read: "silencePreview",
    query: z.object({
      target: targetInput.default("*"),
      match: textInput(2_000)
        .default("")
        .meta({ description: "Such as `check~replication.* severity=critical`; empty: everything" }),
    }),
    toInput: ({ target, match }) => ({ target, matchers: parseMatchers(match) }),
    answer: silencePreviewAnswer,
  }),
  maintenanceWindows: defineEndpoint({
    path: "/api/v1/maintenance-windows",
    summary: "Maintenance windows: once or recurring, open now, and the next five",
    read: "maintenanceWindows",
    query: z.object({
      target: targetInput.optional().meta({ description: "Only those of this target, and of every one" }),
    }),
    toInput: ({ target = null }) => ({ target }),
    answer: maintenanceWindowsAnswer,
  }),
  deadMan: defineEndpoint({
    path: "/api/v1/dead-man",
    summary: "Whether somebody outside notices that the console is dead; null: nobody is told",
    read: "deadMan",
    query: z.object({}),
    toInput: () => ({}),
    answer: deadManAnswer,
  }),
};

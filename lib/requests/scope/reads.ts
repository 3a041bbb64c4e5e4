import { z } from "zod";
import { defineRead } from "../../read.ts";
import { requestNumber } from "../request-number.ts";
import { getScope } from "./get-scope.ts";

export const scopeReads = {
  /** Counts, floors and holds; of whom stands nowhere in it. */
  requestScope: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ request: requestNumber }),
    run: async ({ console, now }, { request }) => ({
      data: await getScope(console, request, now),
      observedAt: now,
      source: "console: privacy_request_scope; audit_log",
    }),
  }),
};

import { z } from "zod";
import { defineRead } from "../../read.ts";
import type { RequestKind } from "../../request-law/kinds.ts";
import { requireRequest } from "../read-request.ts";
import { requestRef } from "../request-number.ts";
import { countClear } from "../scope/keep-clear.ts";
import type { RequestDecision } from "../types.ts";
import { readScopeTargets } from "./read-scope-targets.ts";
import { tellExecution } from "./tell-execution.ts";

export const erasureReads = {
  /** What carrying a request out would do, for whoever is about to confirm it. */
  requestExecution: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ request: requestRef }),
    run: async ({ console, now }, { request }) => {
      const row = await requireRequest(console.db, request);
      const { parts = [] } = (row.decision ?? {}) as Partial<RequestDecision>;
      const targets = await readScopeTargets(console.db, row);
      const clear = await countClear(console.db, row.scopeId);
      return {
        data: tellExecution(row.kind as RequestKind, { parts }, targets, clear),
        observedAt: now,
        source: "console: privacy_request, privacy_request_scope, privacy_request_clear",
      };
    },
  }),
};

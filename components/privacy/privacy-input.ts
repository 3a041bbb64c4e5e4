import { openRequestsInput } from "@/components/requests/requests-input.ts";
import type { ReadInput } from "@/lib/client/reads.ts";

/** What the panels ask first, the same on the server and in the browser. */
export const privacyInputs = {
  holds: { state: "standing" },
  erasures: { show: "open" },
  ledger: { limit: 20 },
} as const satisfies {
  holds: ReadInput<"holds">;
  erasures: ReadInput<"erasures">;
  ledger: ReadInput<"ledger">;
};

/** What the page reads of its target, and of the console. */
export const officersReads = {
  target: [
    ["erasures", privacyInputs.erasures],
    ["ledger", privacyInputs.ledger],
  ],
  console: [
    ["requests", openRequestsInput],
    ["holds", privacyInputs.holds],
    ["holdCounts", {}],
  ],
} as const;
export const everybodysReads = {
  target: [],
  console: [
    ["requestCounts", {}],
    ["holdCounts", {}],
  ],
} as const;

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

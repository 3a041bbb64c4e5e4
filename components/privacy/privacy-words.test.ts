import { expect, test } from "vitest";
import type { Erasure } from "@/lib/privacy/erasure/get-erasures.ts";
import type { LedgerRow } from "@/lib/privacy/types.ts";
import { erasureWaits, groundWords, ledgerWords, scopeWords } from "./privacy-words.ts";

const row = { entry: 1, target: "audit", at: "", by: "", receiptId: "", receipt: "delivered" } as const;
const leaf = "0".repeat(64);

test.each<[string, Pick<LedgerRow, "kind" | "facts">]>([
  [
    "Key destroyed: events under minimal, unknown policies are unreadable",
    { kind: "erasure", facts: { token: "p_1", keyId: "0".repeat(32), policies: ["minimal", "?"] } },
  ],
  [
    "Events under phi closed; their key is kept for other policies",
    { kind: "erasure", facts: { token: "p_1", keyId: null, policies: ["phi"] } },
  ],
  [
    "Removed from one event under standard: details, target id, actor's ciphertext",
    {
      kind: "redaction",
      facts: {
        ...{ id: "", occurredAt: "", policy: "standard", leafVersion: 2, leaf, personal: ["actor"] },
        fields: { details: leaf, targetId: leaf },
      },
    },
  ],
  ["Events are shown again", { kind: "restriction_lifted", facts: { tokens: [] } }],
])("%s", (words, given) => {
  expect(ledgerWords({ ...row, ...given } as LedgerRow)).toBe(words);
});

test("a hold names its bounds, and one without any covers everything", () => {
  expect(scopeWords({}, false)).toBe("every event of every target");
  expect(scopeWords({ targets: ["a", "b"], policies: ["?"], from: "2026-01-01T00:00:00Z" }, true)).toBe(
    "events of one person, on a, b, under unknown policies, from 1 Jan 2026",
  );
});

test("an erasure says all that it waits for, and its entry once it is through", () => {
  const erasure: Erasure = {
    ...{ id: "e", policy: "standard", state: "kept", dueAt: "2033-11-25T00:00:00.000Z", restricted: true },
    ...{
      holds: [{ id: "h", number: 4, name: "2026/114" }],
      quarantined: false,
      requestedBy: "",
      requestedAt: "",
    },
    ...{ destroyedAt: null, entry: null, jobId: null },
  };
  expect(erasureWaits(erasure)).toBe(
    "hold #4 2026/114, the restriction to be lifted, its floor, which ends on 25 Nov 2033",
  );
  expect(erasureWaits({ ...erasure, state: "destroyed", entry: 7 })).toBe("entry #7 of the ledger");
});

test("grounds are told in words, also those of a later version", () => {
  expect(groundWords("consent")).toBe("The person consents");
  expect(groundWords("some_new_ground")).toBe("some new ground");
});

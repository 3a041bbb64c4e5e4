import type { EventDetail } from "@/lib/events/types.ts";

/** Enough of a token to tell it from others in a list; the whole stands in the event itself. */
export function shortToken(token: string | null): string | null {
  if (token === null || token.length <= 18) return token;
  return `${token.slice(0, 12)}…`;
}

/** What the check of a leaf found, in words, and how serious that is. */
export const checkWords = {
  matches: { state: "ok", words: "The row still says what it said when it was written." },
  "matches, redacted": {
    state: "ok",
    words: "Values were taken away, as its leaf proves; what is left says what it said when it was written.",
  },
  "redacted, shown by receipt": {
    state: "notice",
    words:
      "Values were taken away: a receipt in the ledger says which. A leaf of version 1 cannot prove what is left.",
  },
  differs: {
    state: "critical",
    words: "The row or a ciphertext was changed after it was written: its leaf no longer matches.",
  },
  "no leaf": { state: "unknown", words: "Written before rows had leaves: nothing to compare with." },
  "unknown version": {
    state: "unknown",
    words: "Its leaf was made by a newer version of this program.",
  },
} as const;

/** The finding itself, with the numbers of the ledger's entries that show it. */
export function checkText({ check, receipts }: Pick<EventDetail, "check" | "receipts">): string {
  return receipts.length === 0 ? check : `${check} ${receipts.join(", ")}`;
}

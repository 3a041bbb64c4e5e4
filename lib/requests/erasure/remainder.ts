import { inArray } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { heldByQuarantine, heldByRestriction } from "../../privacy/erasure/erasure-state.ts";
import type { ErasureRow } from "../../privacy/erasure/erasures.ts";
import type { ClearLeft } from "./clear-events.ts";

/** Something that is not destroyed yet, and why. No token and no person. */
export interface Remainder {
  target: string;
  policy: string;
  /** `key`: what stands under it; `clear`: identifiers in clear fields. */
  what: "key" | "clear";
  ground: "floor" | "hold" | "restriction" | "quarantine";
  /** Numbers of the holds. */
  holds: number[];
  /** ISO 8601: the day its floor ends; null where it is not known. */
  until: string | null;
  /** Of clear fields; null of keys, under which anything may stand. */
  events: number | null;
}

/** What of the erasures of a request is not through, with its ground and date. */
export async function remainderOf(tx: Queryable, erasures: readonly ErasureRow[]): Promise<Remainder[]> {
  const { legalHold } = schema;
  const open = erasures.filter(({ state }) => state !== "destroyed");
  const ids = [...new Set(open.flatMap(({ heldBy }) => heldBy))].filter((id) => id.includes("-"));
  const holds =
    ids.length === 0
      ? []
      : await tx
          .select({ id: legalHold.id, number: legalHold.number })
          .from(legalHold)
          .where(inArray(legalHold.id, ids));
  return open.map(({ target, policy, heldBy, dueAt }) => ({
    ...{ target, policy, what: "key" as const, events: null },
    ground: groundOf(heldBy),
    holds: holds
      .filter(({ id }) => heldBy.includes(id))
      .map(({ number }) => number)
      .sort((a, b) => a - b),
    until: dueAt?.toISOString() ?? null,
  }));
}

function groundOf(heldBy: readonly string[]): Remainder["ground"] {
  if (heldBy.length === 0) return "floor";
  if (heldBy.some((holder) => holder.includes("-"))) return "hold";
  return heldBy.includes(heldByRestriction)
    ? "restriction"
    : heldBy.includes(heldByQuarantine)
      ? "quarantine"
      : "hold";
}

/** The same of clear fields. */
export function clearRemainder({ kept, held }: ClearLeft): Remainder[] {
  return [
    ...kept.map((one) => ({
      ...one,
      what: "clear" as const,
      holds: [],
      ground: one.until === null ? ("quarantine" as const) : ("floor" as const),
    })),
    ...held.map((one) => ({
      ...one,
      what: "clear" as const,
      holds: [],
      ground: "hold" as const,
      until: null,
    })),
  ];
}

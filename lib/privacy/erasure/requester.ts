import type { ErasureRow } from "./erasures.ts";

/** Whoever asked for it, as the ledger names them. */
export function requesterOf({ requestedBy }: ErasureRow): { kind: string; id: string | null } {
  return requestedBy === null ? { kind: "system", id: null } : { kind: "user", id: requestedBy };
}

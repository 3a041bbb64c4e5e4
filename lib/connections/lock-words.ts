import type { LockTarget } from "./types.ts";

/** Whether a wait for this lock is a wait for a row: for the transaction that changed it, or for the turn at it. */
export function isRowLock({ lockType, relation }: Pick<LockTarget, "lockType" | "relation">): boolean {
  return relation !== null && (lockType === "transactionid" || lockType === "tuple");
}

/**
 * What somebody waits for, after "waits for". A row has no lock of its own in pg_locks: who wants one waits for the
 * transaction that changed it, and who comes later for their turn.
 * @param holders how those it waits for are named
 */
export function waitedForInWords(lock: LockTarget, holders: readonly string[]): string {
  const { lockType, mode, relation } = lock;
  const who = holders.length > 0 ? holders.join(" and ") : "another session";
  const ends = holders.length > 1 ? "their transactions end" : "its transaction ends";
  switch (lockType) {
    case "transactionid":
      return relation
        ? `a row of ${relation} held by ${who} until ${ends}`
        : `the end of the transaction of ${who}`;
    case "virtualxid":
      return `the end of the transaction of ${who}`;
    case "tuple":
      return `its turn at a row of ${relation ?? "a table"}, after ${who}`;
    default:
      return `${namedLock(lockType, mode, relation)} held by ${who}`;
  }
}

/** What somebody has that others wait for, after "holds". */
export function heldInWords({
  lockType,
  mode,
  relation,
  granted,
}: LockTarget & { granted: boolean }): string {
  switch (lockType) {
    case "transactionid":
      return relation ? `a row of ${relation} until its transaction ends` : "rows until its transaction ends";
    case "virtualxid":
      return "its transaction open";
    case "tuple":
      return `the next turn at a row of ${relation ?? "a table"}`;
    default:
      return `${granted ? "" : "an earlier place in the queue for "}${namedLock(lockType, mode, relation)}`;
  }
}

function namedLock(lockType: string, mode: string, relation: string | null): string {
  switch (lockType) {
    case "relation":
      return relation ? `${mode} on ${relation}` : `${mode} on a table of another database`;
    case "advisory":
    case "userlock":
      return `an advisory lock (${mode})`;
    case "extend":
      return `the right to extend ${relation ?? "a table"}`;
    case "page":
      return `${mode} on a page of ${relation ?? "an index"}`;
    default:
      return `${mode} on ${lockType === "object" ? "a database object" : `${lockType} (pg_locks)`}`;
  }
}

import type { AuditDb } from "../../audit-db/types.ts";

/** A server as it was looked at. */
export interface LookedAt {
  /** When it was started, epoch milliseconds by its own clock. */
  start?: number | undefined;
  /** The host of the address that led to it. */
  host?: string | undefined;
  /** When, epoch milliseconds by our clock. */
  at?: number | undefined;
}

/** A server's clock and ours may differ by so much. */
const clocksDifferMs = 60_000;

/**
 * Whether the address leads elsewhere, rather than to the same server started anew: to another host, or to a server
 * that ran already while we still looked at the other one.
 */
export function isElsewhere(before: LookedAt, now: { start: number; host?: string | undefined }): boolean {
  const ranBefore = now.start < Math.max((before.at ?? 0) - clocksDifferMs, before.start ?? 0);
  return ranBefore || (before.host !== undefined && before.host !== now.host);
}

/** Tells of a sample whether its counters continue those of the sample before. */
export interface ServerChange {
  /** Takes a sample. `moved`: by its end another server answered than before it, or than the sample before was taken from. */
  during<T>(take: () => Promise<T>): Promise<{ taken: T; moved: boolean }>;
}

/**
 * Counters belong to one server: after a fail-over, at another host of the address or behind an address that moved,
 * what they grew by since the sample before is nobody's figure. A server that was restarted goes on with what it kept,
 * and tells the rest as reset.
 * @param known when the server of the newest sample kept was started, epoch milliseconds
 */
export function watchServerChange(
  audit: Pick<AuditDb, "seen">,
  known: number | undefined,
  clock: () => number = Date.now,
): ServerChange {
  let last: LookedAt = { start: known };
  return {
    async during(take) {
      const before: LookedAt = { ...audit.seen() };
      const taken = await take();
      const { start, host } = audit.seen();
      const moved =
        start !== undefined &&
        [before, last].some(
          (one) => one.start !== undefined && one.start !== start && isElsewhere(one, { start, host }),
        );
      if (start !== undefined) last = { start, host, at: clock() };
      return { taken, moved };
    },
  };
}

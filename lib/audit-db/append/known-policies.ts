import { setTimeout as delay } from "node:timers/promises";
import type { AuditDb } from "../types.ts";

export interface KnownPoliciesOptions {
  /** How long what was read is used; default 10 s. */
  ttlMs?: number;
  /** How long an unknown policy is taken for unknown before it is asked for again; default 1 s. */
  unknownTtlMs?: number;
}

/**
 * A target's retention policies, for whoever seals: kept for some seconds, and read again when an unknown one comes. That
 * a policy appears or goes meanwhile breaks nothing, since rows keep the token under which they were sealed.
 * While they cannot be read, those read before are used.
 */
export function createKnownPolicies(
  use: AuditDb["use"],
  { ttlMs = 10_000, unknownTtlMs = 1_000 }: KnownPoliciesOptions = {},
): AuditDb["knownPolicies"] {
  let known: ReadonlySet<string> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<ReadonlySet<string>> | undefined;

  function read(): Promise<ReadonlySet<string>> {
    reading ??= ask()
      .then((names) => {
        readAt = performance.now();
        known = new Set(names);
        return known;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  async function ask(): Promise<string[]> {
    const once = () =>
      use(
        "write",
        "engine.policies",
        (sql) => sql<{ name: string }[]>`
        select name from public.retention_policy`,
      );
    const rows = await once().catch(async (thrown: unknown) => {
      // As an append would: a connection may have been ended by somebody while the server is well.
      if ((thrown as { code?: string }).code !== "UNAVAILABLE" || known) throw thrown;
      await delay(retryMs);
      return once();
    });
    return rows.map(({ name }) => name);
  }

  return async (asked) => {
    const ageMs = performance.now() - readAt;
    if (known && ageMs < ttlMs) {
      if (ageMs < unknownTtlMs || everyIn(known, asked)) return known;
    }
    const before = known;
    return before ? read().catch(() => before) : read();
  };
}

const retryMs = 100;

function everyIn(known: ReadonlySet<string>, asked: Iterable<string>): boolean {
  for (const one of asked) if (!known.has(one)) return false;
  return true;
}

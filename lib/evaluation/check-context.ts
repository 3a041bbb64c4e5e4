import type { AuditDb } from "../audit-db/types.ts";
import type { CheckContext } from "../check.ts";
import { AppError } from "../errors.ts";

interface Kept {
  until: number;
  value: Promise<unknown>;
}

type Left = "duties" | "channels" | "erasures" | "waitingHolds" | "requests" | "ledger" | "redactions";

/** What checks of a target look with. Whoever cannot know something leaves it out: then there is none of it. */
export type CheckSources = Pick<CheckContext, "audit" | "history" | "instances" | "upkeep"> & {
  [Name in Left]?: CheckContext[Name] | undefined;
};

const unknownLedger = { mark: null, undelivered: 0, since: null, error: null };

/** What was computed for several evaluations, for as long as the engine of its target lives. */
const kept = new WeakMap<AuditDb, Map<string, Kept>>();

/**
 * What checks look with, in one evaluation: the same history is read once for all who ask for it, and last known
 * figures of a target that is down are no figures.
 */
export function createCheckContext(
  given: CheckSources & {
    now: Date;
    /** None unless given. */
    looks?: CheckContext["looks"] | undefined;
  },
): CheckContext {
  const { audit, history, now } = given;
  const mine = new Map<string, Promise<unknown>>();

  function once<T>(key: string, compute: () => Promise<T>, keptMs = 0): Promise<T> {
    if (keptMs > 0) return keepFor(audit.engine, key, compute, { now, keptMs });
    const known = mine.get(key);
    if (known) return known as Promise<T>;
    const value = compute();
    mine.set(key, value);
    value.catch(() => mine.delete(key));
    return value;
  }

  return {
    audit: refusingStale(audit),
    history: {
      ...history,
      totals: (...asked) => once(JSON.stringify(["totals", ...asked]), () => history.totals(...asked)),
    },
    instances: () => once("instances", given.instances),
    upkeep: () => once("upkeep", given.upkeep),
    looks: () => once("looks", given.looks ?? (async () => [])),
    duties: () => once("duties", given.duties ?? (async () => [])),
    channels: () => once("channels", given.channels ?? (async () => [])),
    waitingHolds: () => once("waitingHolds", given.waitingHolds ?? (async () => [])),
    requests: () => once("requests", given.requests ?? (async () => [])),
    erasures: () => once("erasures", given.erasures ?? (async () => [])),
    ledger: () => once("ledger", given.ledger ?? (async () => unknownLedger)),
    redactions: () => once("redactions", given.redactions ?? (async () => [])),
    now,
    once,
  };
}

function keepFor<T>(
  engine: AuditDb,
  key: string,
  compute: () => Promise<T>,
  { now, keptMs }: { now: Date; keptMs: number },
): Promise<T> {
  const ofEngine = kept.get(engine) ?? new Map<string, Kept>();
  kept.set(engine, ofEngine);
  const known = ofEngine.get(key);
  if (known && known.until > now.getTime()) return known.value as Promise<T>;
  const value = compute();
  ofEngine.set(key, { until: now.getTime() + keptMs, value });
  value.catch(() => ofEngine.delete(key));
  return value;
}

function refusingStale(audit: AuditDb): AuditDb {
  return {
    ...audit,
    async read(statement) {
      const answer = await audit.read(statement);
      if (!answer.stale) return answer;
      throw cannotBeAsked(answer.stale.reason, answer.stale.since);
    },
  };
}

/** Why checks of a target that is down are not judged. */
export function cannotBeAsked(reason: string, since: Date): AppError {
  return new AppError("UNAVAILABLE", `The audit database cannot be asked: ${reason}.`, { since });
}

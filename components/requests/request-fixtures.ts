import type { ScopePolicy, ScopeTarget } from "@/lib/requests/scope-types.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

/** A request under way, for tests; `with` says what matters in it. */
export function openRequest(given: Partial<RequestSummary> = {}): RequestSummary {
  return {
    id: "01990000-0000-7000-8000-000000000001",
    number: 1,
    version: 1,
    kind: "access",
    regime: "eu",
    state: "received",
    resumesAt: null,
    organizations: [],
    targets: ["audit"],
    receivedAt: "2026-11-01T12:00:00Z",
    channel: "form",
    reference: null,
    submittedBy: "officer@example.test",
    dueAt: "2026-12-01T23:00:00Z",
    dueOn: "2026-12-01",
    daysLeft: 10,
    standing: null,
    intervals: [],
    extendedAt: null,
    timeZone: "Europe/Berlin",
    respondedAt: null,
    closedAt: null,
    next: null,
    ...given,
  };
}

/** A target of a scope with these policies; what is not said is empty. */
export function scopeTarget(target: string, policies: readonly Partial<ScopePolicy>[]): ScopeTarget {
  const filled = policies.map(
    (given): ScopePolicy => ({
      policy: "standard",
      legalBasis: null,
      basis: null,
      floorDays: 0,
      events: 0,
      oldest: "2026-01-01T00:00:00Z",
      newest: "2026-10-01T00:00:00Z",
      free: 0,
      floored: 0,
      held: 0,
      until: null,
      holds: [],
      restricted: false,
      quarantined: 0,
      outcome: "erasable",
      sharedKey: false,
      ...given,
    }),
  );
  const events = filled.reduce((all, policy) => all + policy.events, 0);
  return {
    ...{ target, events, problem: null, asActor: events, asTarget: 0, policies: filled },
    ...{ partitions: [], actions: [], classes: [], months: [], samples: [], clear: [], clearEvents: 0 },
  };
}

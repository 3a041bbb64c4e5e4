import type { ScopePolicy, ScopeTarget } from "../scope-types.ts";
import { type ScopeFacts, type ScopeGrain, samplesMost } from "./ask-scope.ts";
import type { HoldOnPerson } from "./hold-questions.ts";
import type { PolicyLaw } from "./policy-law.ts";

const dayMs = 86_400_000;
/** Further actions are counted together. */
const actionsMost = 500;

export interface SummedFrom {
  target: string;
  facts: ScopeFacts;
  holds: readonly HoldOnPerson[];
  restricted: boolean;
  /** What the controller says of a policy, beside the target's own row. */
  lawOf(policy: string): PolicyLaw | undefined;
  now: Date;
}

/** What a target answered, summed up as people look at it: pure. Each record is judged by itself. */
export function sumScope(from: SummedFrom): ScopeTarget {
  const { target, facts } = from;
  const { grain } = facts;
  const policies = [...Map.groupBy(grain, ({ policy }) => policy)]
    .map(([policy, rows]) => sumPolicy(from, policy, rows))
    .toSorted(by(({ policy }) => policy));
  return {
    ...emptyScope(target, null),
    events: count(grain),
    asActor: count(grain.filter(({ asActor }) => asActor)),
    asTarget: count(grain.filter(({ asTarget }) => asTarget)),
    policies,
    partitions: counted(grain, ({ partition, policy, month }) => ({ partition, policy, month })),
    actions: fewer(counted(grain, ({ action }) => ({ action }))),
    classes: counted(grain, ({ classification }) => ({ classification })),
    months: counted(grain, ({ month, policy }) => ({ month, policy })),
    samples: pickSamples(facts.samples, policies.length),
  };
}

/** A target of which nothing is known. */
export function emptyScope(target: string, problem: string | null): ScopeTarget {
  return {
    target,
    problem,
    ...{ events: 0, asActor: 0, asTarget: 0, clearEvents: 0 },
    ...{ policies: [], partitions: [], actions: [], classes: [], months: [], samples: [], clear: [] },
  };
}

function sumPolicy(from: SummedFrom, policy: string, rows: readonly ScopeGrain[]): ScopePolicy {
  const { facts, holds, restricted, now } = from;
  const row = facts.policies[policy];
  const law = from.lawOf(policy);
  const quarantined = count(rows.filter((one) => one.quarantined));
  const isHeld = (one: ScopeGrain) => restricted || one.quarantined || one.holds.length > 0 || !row;
  const held = count(rows.filter(isHeld));
  const floored = count(rows.filter((one) => !isHeld(one) && one.floored));
  const newest = latest(rows);
  const until = row ? new Date(Date.parse(newest) + row.floorDays * dayMs) : null;
  return {
    policy,
    legalBasis: [row?.legalBasis, law?.floorLaw].filter((text) => text != null).join("; ") || null,
    basis: law?.basis ?? null,
    floorDays: row?.floorDays ?? null,
    events: count(rows),
    oldest: rows.map(({ oldest }) => oldest).reduce((a, b) => (a < b ? a : b)),
    newest,
    free: count(rows) - held - floored,
    floored,
    held,
    until: until && until > now ? until.toISOString() : null,
    holds: holds.flatMap(({ question: _, ...hold }, n) => {
      const events = count(rows.filter((one) => one.holds.includes(n)));
      return events > 0 ? [{ ...hold, events }] : [];
    }),
    restricted,
    quarantined,
    outcome: !row ? "unknown" : held > 0 ? "held" : until && until > now ? "floor" : "erasable",
    sharedKey: rows.some(({ sharedKey }) => sharedKey),
  };
}

const count = (rows: readonly ScopeGrain[]) => rows.reduce((sum, { events }) => sum + events, 0);
const latest = (rows: readonly ScopeGrain[]) =>
  rows.map(({ newest }) => newest).reduce((a, b) => (a > b ? a : b));
const by =
  <T>(textOf: (one: T) => string) =>
  (a: T, b: T) =>
    textOf(a) < textOf(b) ? -1 : 1;

function counted<K extends Record<string, string>>(
  grain: readonly ScopeGrain[],
  keyOf: (one: ScopeGrain) => K,
): (K & { events: number })[] {
  const groups = new Map<string, K & { events: number }>();
  for (const one of grain) {
    const key = keyOf(one);
    const name = JSON.stringify(Object.values(key));
    const found = groups.get(name);
    if (found) found.events += one.events;
    else groups.set(name, { ...key, events: one.events });
  }
  return [...groups].toSorted(by(([name]) => name)).map(([, group]) => group);
}

function fewer(actions: { action: string; events: number }[]): { action: string; events: number }[] {
  const sorted = actions.toSorted((a, b) => b.events - a.events);
  const rest = sorted.slice(actionsMost).reduce((sum, { events }) => sum + events, 0);
  return [...sorted.slice(0, actionsMost), ...(rest > 0 ? [{ action: "others", events: rest }] : [])];
}

/** The newest of each policy, the same number of each. */
function pickSamples(samples: ScopeFacts["samples"], policies: number): ScopeTarget["samples"] {
  const each = Math.ceil(samplesMost / Math.max(1, policies));
  return [...Map.groupBy(samples, ({ policy }) => policy).values()]
    .flatMap((rows) => rows.slice(0, each))
    .slice(0, samplesMost)
    .map(({ asActor, ...sample }) => ({
      ...sample,
      role: asActor ? ("actor" as const) : ("target" as const),
    }));
}

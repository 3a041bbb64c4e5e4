import { counted } from "../../words.ts";
import type { ScopeFacts } from "./ask-scope.ts";
import type { HoldOnPerson } from "./hold-questions.ts";

/** What must not have changed since a target was counted. */
export interface TargetWitness {
  target: string;
  /** Why it could not be counted. */
  problem: string | null;
  policies: Record<string, { events: number; xact: number | null; floorDays: number | null }>;
  /** Numbers of the holds that cover any of it. */
  holds: number[];
  restricted: boolean;
}

/** `privacy_request_scope.witness` */
export interface ScopeWitness {
  /** Whether every event of the targets is looked through for identifiers in clear, not only the person's own. */
  thorough: boolean;
  targets: TargetWitness[];
}

export function witnessOf(
  target: string,
  { grain, policies }: Pick<ScopeFacts, "grain" | "policies">,
  holds: readonly HoldOnPerson[],
  restricted: boolean,
): TargetWitness {
  const covering = new Set(grain.flatMap((row) => row.holds));
  return {
    target,
    problem: null,
    policies: Object.fromEntries(
      [...Map.groupBy(grain, ({ policy }) => policy)].map(([policy, rows]) => [
        policy,
        {
          events: rows.reduce((sum, { events }) => sum + events, 0),
          xact: rows.reduce<number | null>(
            (last, { xact }) => (xact !== null && xact > (last ?? -1) ? xact : last),
            null,
          ),
          floorDays: policies[policy]?.floorDays ?? null,
        },
      ]),
    ),
    holds: holds.flatMap(({ number }, n) => (covering.has(n) ? [number] : [])),
    restricted,
  };
}

/** A target of which nothing was known. */
export function unknownWitness(target: string, problem: string): TargetWitness {
  return { target, problem, policies: {}, holds: [], restricted: false };
}

/** What is different on a target, in words: pure. */
export function tellChanges(then: TargetWitness, now: TargetWitness): string[] {
  const { target } = now;
  if (now.problem !== null) return [`${target} cannot be asked now: ${now.problem}`];
  if (then.problem !== null) return [`${target} could not be counted: ${then.problem}`];
  const names = [...new Set([...Object.keys(then.policies), ...Object.keys(now.policies)])].toSorted();
  const placed = now.holds.filter((number) => !then.holds.includes(number));
  const released = then.holds.filter((number) => !now.holds.includes(number));
  return [
    ...names.flatMap((policy) => tellPolicy(target, policy, then.policies[policy], now.policies[policy])),
    ...placed.map((number) => `hold #${number} covers records on ${target} now`),
    ...released.map((number) => `hold #${number} covers no record on ${target} any more`),
    ...(now.restricted === then.restricted
      ? []
      : [now.restricted ? "the person's data is restricted now" : "the person's data is restricted no more"]),
  ];
}

type PolicyWitness = TargetWitness["policies"][string];

function tellPolicy(
  target: string,
  policy: string,
  then: PolicyWitness | undefined,
  now: PolicyWitness | undefined,
): string[] {
  const before = then?.events ?? 0;
  const more = (now?.events ?? 0) - before;
  const place = `${policy} on ${target}`;
  const events =
    more > 0
      ? [`${counted(more, "new event")} of ${place}`]
      : more < 0
        ? [`${counted(-more, "event")} fewer of ${place}`]
        : then?.xact !== now?.xact
          ? [`other events of ${place}`]
          : [];
  if (!then || !now || then.floorDays === now.floorDays) return events;
  const days = (floor: number | null) =>
    floor === null ? "not known" : `${floor.toLocaleString("en")} ${floor === 1 ? "day" : "days"}`;
  return [...events, `the floor of ${place} is ${days(now.floorDays)} now, and was ${days(then.floorDays)}`];
}

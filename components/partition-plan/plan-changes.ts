import type { Plan } from "@/lib/partition-plan/types.ts";

type Compared = Pick<Plan, "steps" | "refusals" | "irreversible">;

const shownAtMost = 6;

/** What is different in the plan made now, as sentences; empty where only oids or bounds behind it are. */
export function changesBetween(before: Compared, now: Compared): string[] {
  const then = new Map(before.steps.map((step) => [step.id, step]));
  const ids = new Set(now.steps.map(({ id }) => id));
  const lines = [
    ...before.steps.filter(({ id }) => !ids.has(id)).map(({ words }) => `No longer needed: ${words}`),
    ...now.steps.filter(({ id }) => !then.has(id)).map(({ words }) => `New: ${words}`),
    ...now.steps
      .filter((step) => {
        const old = then.get(step.id);
        return old !== undefined && old.sql.join("\n") !== step.sql.join("\n");
      })
      .map(({ words }) => `Other statements: ${words}`),
    ...difference(now.refusals, before.refusals).map(
      ({ object, words }) => `Refused now: ${object}. ${words}`,
    ),
    ...difference(before.refusals, now.refusals).map(({ object }) => `No longer refused: ${object}`),
    ...(now.irreversible && now.irreversible !== before.irreversible ? [now.irreversible] : []),
  ];
  const more = lines.length - shownAtMost;
  return more > 0 ? [...lines.slice(0, shownAtMost), `and ${more} more changes`] : lines;
}

function difference(some: Plan["refusals"], others: Plan["refusals"]) {
  const known = new Set(others.map(({ object, words }) => `${object} ${words}`));
  return some.filter(({ object, words }) => !known.has(`${object} ${words}`));
}

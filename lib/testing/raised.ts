import { appendFileSync } from "node:fs";
import { inject } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { type Check, type CheckAnswer, type CheckObject, type LimitsFor, objectKey } from "../check.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** File with what the tests of this run saw of the checks: `raised` or `gone` and an id, one a line. */
    raisedChecks: string;
  }
}

/** One answer of a check, and with what it was asked. */
export interface Sight {
  check: Pick<Check, "id">;
  answer: CheckAnswer | null;
  audit: Pick<AuditDb, "engine" | "target">;
  limitsFor: LimitsFor;
  now: Date;
}

interface Bad {
  object: CheckObject;
  limits: string;
  now: Date;
}

/** What each engine of this file's tests was told is bad: target and check → object → as it was first seen. */
const badOf = new WeakMap<object, Map<string, Map<string, Bad>>>();

/** Notes what a check found on a real server, and what it found no more, for the list at the end of the run. */
export function noteSight(sight: Sight): void {
  const file = inject("raisedChecks");
  const { raised, gone } = compareSight(sight);
  if (!file) return;
  if (raised) appendFileSync(file, `raised ${sight.check.id}\n`);
  if (gone) appendFileSync(file, `gone ${sight.check.id}\n`);
}

/**
 * Whether an answer has something bad, and whether something that was bad before on the same engine is over. It is not
 * over for a more lenient eye: the limits must be those by which it was bad, and the moment no earlier.
 */
export function compareSight({ check, answer, audit, limitsFor, now }: Sight): {
  raised: boolean;
  gone: boolean;
} {
  const ofEngine = badOf.get(audit.engine) ?? new Map<string, Map<string, Bad>>();
  badOf.set(audit.engine, ofEngine);
  const judged = `${audit.target} ${check.id}`;
  const bad = ofEngine.get(judged) ?? new Map<string, Bad>();
  ofEngine.set(judged, bad);
  if (!answer) return { raised: false, gone: false };
  const states = new Map(answer.objects.map(({ object, state }) => [objectKey(object), state]));
  const limitsOf = (object: CheckObject) => JSON.stringify(limitsFor(object));
  const gone = [...bad].filter(
    ([key, { object, limits, now: then }]) =>
      now >= then &&
      limitsOf(object) === limits &&
      (states.get(key) === "ok" || (answer.complete && !states.has(key))),
  );
  for (const [key] of gone) bad.delete(key);
  const raised = answer.objects.filter(({ state }) => ["notice", "warning", "critical"].includes(state));
  for (const { object } of raised) {
    const key = objectKey(object);
    if (!bad.has(key)) bad.set(key, { object, limits: limitsOf(object), now });
  }
  return { raised: raised.length > 0, gone: gone.length > 0 };
}

/** Checks whose condition no server of the tests can be in, and why. */
const notMadeTrue: Record<string, string> = {
  "partitions.overlap": "the server lets no partitions overlap: lib/partitions/lane-judgement.test.ts",
};

/**
 * What a complete run of the database tests has not shown of the checks; empty when it has shown all.
 * @param noted what `noteSight` wrote in it
 */
export function missingSights(
  noted: string,
  ids: readonly string[],
  excused: Record<string, string> = notMadeTrue,
): string[] {
  const seen = new Set(noted.split("\n").filter(Boolean));
  const isExcused = (id: string) => Object.hasOwn(excused, id);
  return [
    ...ids
      .filter((id) => !seen.has(`raised ${id}`) && !isExcused(id))
      .map((id) => `No database test makes ${id} true: judge it on a server that is sick so.`),
    ...ids
      .filter((id) => seen.has(`raised ${id}`) && !seen.has(`gone ${id}`))
      .map(
        (id) => `No database test sees ${id} end: remove the cause, and judge it again on the same engine.`,
      ),
    ...ids
      .filter((id) => seen.has(`raised ${id}`) && isExcused(id))
      .map((id) => `${id} is excused, and a database test makes it true.`),
    ...Object.keys(excused)
      .filter((id) => !ids.includes(id))
      .map((id) => `${id} is excused, and there is no such check.`),
  ];
}

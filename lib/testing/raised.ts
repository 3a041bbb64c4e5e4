import { appendFileSync } from "node:fs";
import { inject } from "vitest";
import type { CheckAnswer } from "../check.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** File with the id of each check that a test of this run saw raised, one a line. */
    raisedChecks: string;
  }
}

/** Notes that a check found something on a real server, for the list at the end of the run. */
export function noteRaised(id: string, answer: CheckAnswer | null): void {
  const file = inject("raisedChecks");
  const raised = answer?.objects.some(({ state }) => ["notice", "warning", "critical"].includes(state));
  if (file && raised) appendFileSync(file, `${id}\n`);
}

/** Checks whose condition no server of the tests can be in, and why. */
const notMadeTrue: Record<string, string> = {
  "partitions.overlap": "the server lets no partitions overlap: lib/partitions/lane-judgement.test.ts",
};

/**
 * What a complete run of the database tests has not shown of the checks; empty when it has shown all.
 * @param noted what `noteRaised` wrote in it
 */
export function missingRaised(
  noted: string,
  ids: readonly string[],
  excused: Record<string, string> = notMadeTrue,
): string[] {
  const raised = new Set(noted.split("\n").filter(Boolean));
  const isExcused = (id: string) => Object.hasOwn(excused, id);
  return [
    ...ids
      .filter((id) => !raised.has(id) && !isExcused(id))
      .map((id) => `No database test makes ${id} true: judge it on a server that is sick so.`),
    ...ids
      .filter((id) => raised.has(id) && isExcused(id))
      .map((id) => `${id} is excused, and a database test makes it true.`),
    ...Object.keys(excused)
      .filter((id) => !ids.includes(id))
      .map((id) => `${id} is excused, and there is no such check.`),
  ];
}

import type { AuditDb } from "../../audit-db/types.ts";
import { toAppError } from "../../errors.ts";
import { listTargetSteps } from "../search/list-target-steps.ts";
import { runSearch } from "../search/run-search.ts";
import type { RowsStep, SearchFound } from "../search/steps.ts";
import { type Clear, clearColumns, clearMost, fieldsOf, nothingClear } from "./clear.ts";

export interface FindClear {
  /** Id of the request whose identifiers are looked for. */
  request: string;
  targets: readonly string[];
  openTarget(name: string): Pick<AuditDb, "use" | "target" | "can">;
  signal: AbortSignal;
  /** What an earlier run had looked through. */
  before: readonly SearchFound[];
  /** After each part of a table: keep it, to go on there. */
  onStep(found: readonly SearchFound[], total: number): Promise<void>;
}

/** By target; of one that could not be asked, or read as a whole, why. */
export type FoundClear = Map<string, Clear & { problem: string | null }>;

/**
 * Every event of whoever's that holds an identifier of the person in a clear field, in the log, in quarantine and in tables
 * that were detached: all rows are read, a part of a table at a time, in a process that ends.
 */
export async function findClear(given: FindClear): Promise<FoundClear> {
  const targets: FoundClear = new Map();
  const steps: RowsStep[] = [];
  for (const name of given.targets) {
    const own = { ...nothingClear(), problem: null as string | null };
    targets.set(name, own);
    try {
      const listed = await listTargetSteps(given.openTarget(name));
      if (listed.unreadable.length > 0) own.problem = `not readable: ${listed.unreadable.join(", ")}`;
      const events = listed.steps.filter((step) => step.events);
      steps.push(...events.map((step) => ({ ...step, columns: clearColumns })));
    } catch (thrown) {
      own.problem = toAppError(thrown).message;
    }
  }
  const done = given.before.filter(({ key }) => steps.some((step) => step.key === key));
  const left = steps.filter(({ key }) => !done.some((one) => one.key === key));
  const told = done.reduce((sum, { events }) => sum + events.length, 0);
  const order = { request: given.request, steps: left, eventsMost: Math.max(0, clearMost - told) };
  for await (const found of runSearch(order, given)) {
    done.push(found);
    await given.onStep(done, steps.length);
  }
  for (const { key, events, found, problem } of done) {
    const own = targets.get(steps.find((step) => step.key === key)?.target ?? "");
    if (!own) continue;
    own.clear.push(...events.map((event) => ({ ...event, fields: fieldsOf(event.fields) })));
    own.clearEvents += found;
    own.problem ??= problem;
  }
  return targets;
}

import type { AuditDb } from "../../audit-db/types.ts";
import { toAppError } from "../../errors.ts";
import type { ScopeTarget } from "../scope-types.ts";
import { listTargetSteps } from "../search/list-target-steps.ts";
import { runSearch } from "../search/run-search.ts";
import { addFound, leftOf, type RowsStep, type SearchFound } from "../search/steps.ts";
import { clearColumns, fieldsOf } from "./clear.ts";

export interface FindClear {
  /** Id of the request whose identifiers are looked for. */
  request: string;
  targets: readonly string[];
  openTarget(name: string): Pick<AuditDb, "use" | "target" | "can">;
  signal: AbortSignal;
  /** What an earlier run had looked through. */
  before: readonly SearchFound[];
  /** What a part of a table has, before it counts as looked through: may be told twice. */
  onEvents(target: string, events: ScopeTarget["clear"]): Promise<void>;
  /** After each part of a table: keep it, to go on there. */
  onStep(found: readonly SearchFound[], total: number): Promise<void>;
}

/** By target how many there are; of one that could not be asked, or read as a whole, why. */
export type FoundClear = Map<string, { clearEvents: number; problem: string | null }>;

/**
 * Every event of whoever's that holds an identifier of the person in a clear field, in the log, in quarantine and in tables
 * that were detached: all rows are read, a part of a table at a time, in a process that ends.
 */
export async function findClear(given: FindClear): Promise<FoundClear> {
  const targets: FoundClear = new Map();
  const steps: RowsStep[] = [];
  for (const name of given.targets) {
    const own = { clearEvents: 0, problem: null as string | null };
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
  const targetOf = new Map(steps.map(({ key, target }) => [key, target ?? ""]));
  const done = given.before.filter(({ key }) => targetOf.has(key));
  for await (const found of runSearch({ request: given.request, steps: leftOf(steps, done) }, given)) {
    const events = found.events.map((event) => ({ ...event, fields: fieldsOf(event.fields) }));
    await given.onEvents(targetOf.get(found.key) ?? "", events);
    addFound(done, found);
    await given.onStep(done, steps.length);
  }
  for (const { key, found, problem } of done) {
    const own = targets.get(targetOf.get(key) ?? "");
    if (!own) continue;
    own.clearEvents += found;
    own.problem ??= problem;
  }
  return targets;
}

import type { AuditDb } from "../audit-db/types.ts";
import { nextRuns } from "../jobs/define-schedule.ts";
import { planCreate } from "../partition-plan/planners/plan-create.ts";
import { stepKind } from "../partition-plan/steps.ts";
import type { Refusal } from "../partition-plan/types.ts";
import type { Cut, UpkeepRule } from "../upkeep-rules/rule.ts";
import { requestOf } from "./keep-ahead.ts";

/** What a rule says, whether it stands already or is being written. */
export type RuleSays = Pick<
  UpkeepRule,
  "table" | "cut" | "ahead" | "tablespace" | "cron" | "timeZone" | "lockTimeoutMs"
>;

export interface PreviewedRun {
  at: Date;
  /** In words, oldest first; what the runs before it would have made is not among them. */
  makes: string[];
  refusals: Refusal[];
}

export interface UpkeepPreview {
  runs: PreviewedRun[];
  /** What comes along and is easily missed. */
  notes: string[];
  /**
   * What the rule leaves out, as learned from the partitions that are there: without what differs between branches, null
   * where nothing tells.
   */
  cut: Partial<Cut> | null;
}

const shownRuns = 5;

/**
 * The next five runs of a rule, and what each would make if all before it had gone well and nothing else changed: the
 * planner is asked as of then.
 * @throws AppError as the planner does
 */
export async function previewUpkeep(audit: AuditDb, rule: RuleSays, now: Date): Promise<UpkeepPreview> {
  const made = new Set<string>();
  const notes = new Set<string>();
  const runs: PreviewedRun[] = [];
  let cut: UpkeepPreview["cut"] = null;
  for (const at of nextRuns(rule, now, shownRuns)) {
    const draft = await planCreate({ audit, now: at, lockTimeoutMs: rule.lockTimeoutMs }, requestOf(rule));
    const steps = draft.steps.map(({ kind, params }) => stepKind(kind).plan(params).words);
    const makes = steps.filter((words) => !made.has(words));
    for (const words of makes) made.add(words);
    for (const note of draft.notes ?? []) notes.add(note);
    runs.push({ at, makes, refusals: draft.refusals ?? [] });
    if (draft.request.verb === "create") cut ??= draft.request.cut ?? null;
  }
  return { runs, notes: [...notes], cut };
}

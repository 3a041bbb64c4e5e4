import { blockerWords } from "../../partition-plan/find-blockers.ts";
import type { Plan, PlannedStep, StepOutcome } from "../../partition-plan/types.ts";
import { countText, millisecondsText, timeText } from "../output/format.ts";
import type { Output } from "../output/output.ts";

/** A plan as people read it on a terminal: what happens, in which order, with which locks, and who is in the way. */
export function writePlan(out: Output, plan: Plan): void {
  const { colors } = out;
  out.line(colors.bold(plan.title));
  for (const step of plan.steps) writeStep(out, step);
  for (const { words } of plan.refusals) out.line(`${colors.red("Not planned:")} ${words}`);
  for (const note of plan.notes) out.line(`Note: ${note}`);
  for (const blocker of plan.blockers)
    out.line(`${colors.yellow("In the way now:")} ${blockerWords(blocker)}.`);
  if (plan.irreversible) out.line(`${colors.red("Cannot be undone:")} ${plan.irreversible}`);
  if (plan.steps.length === 0) return;
  out.line();
  out.line(`Estimated time: ${estimateText(plan)}.`);
  out.line(
    `One attempt at a lock makes others wait ${plan.lockTimeoutMs} ms at the longest. Runs as ${plan.runsAs ?? "nobody: see above"}.`,
  );
  out.line(`Digest: ${plan.digest}`);
}

function writeStep(
  out: Output,
  { words, sql, alone, locks, scans, moves, estimatedSeconds, estimateFrom }: PlannedStep,
): void {
  out.line();
  out.line(`-- ${words}${alone ? " (outside of a transaction)" : ""}`);
  for (const statement of sql) out.line(`${statement};`);
  for (const { relation, mode, stops } of locks) out.line(`--   locks ${relation} ${mode}: stops ${stops}`);
  if (scans) out.line(`--   reads ${rowsText(scans.rows)} of ${scans.relation}`);
  if (moves) out.line(`--   moves ${rowsText(moves.rows)} from ${moves.from} to ${moves.to}`);
  if (estimatedSeconds !== null)
    out.line(`--   takes about ${estimateText({ estimatedSeconds, estimateFrom })}`);
}

const rowsText = (rows: number | null) =>
  rows === null ? "an unknown number of rows" : `${countText(rows)} rows`;
const estimateText = ({ estimatedSeconds, estimateFrom }: Pick<Plan, "estimatedSeconds" | "estimateFrom">) =>
  estimatedSeconds === null
    ? `unknown: ${estimateFrom ?? "nothing like it was measured here yet"}`
    : `${millisecondsText(estimatedSeconds * 1_000)}${estimateFrom === null ? "" : ` (${estimateFrom})`}`;

/** How each step came out. */
export function writeOutcomes(out: Output, outcomes: readonly StepOutcome[]): void {
  if (outcomes.length === 0) out.line("There was nothing left to do.");
  else
    out.table(
      ["step", "outcome", ""],
      outcomes.map(({ words, outcome, why, retryAt, before }) => [
        words,
        outcome,
        [
          why,
          before && "It had happened already.",
          retryAt && `Tried again at ${timeText(new Date(retryAt))}.`,
        ]
          .filter(Boolean)
          .join(" "),
      ]),
    );
}

import { StateIcon } from "@/components/ui/state-badge.tsx";
import type { Plan, Refusal, StepOutcome } from "@/lib/partition-plan/types.ts";

const outcomeWords: Record<Refusal["outcome"], string> = {
  missing: "missing",
  blocked: "blocked",
  refused: "refused",
};

/** What of the request is not planned: what is, then what to do. */
export function PlanRefusals({ refusals }: Pick<Plan, "refusals">) {
  if (refusals.length === 0) return null;
  return (
    <section aria-labelledby="plan-refusals" className="grid gap-1.5">
      <h3 id="plan-refusals" className="text-sm font-medium">
        Not planned
      </h3>
      <ul className="divide-y divide-hairline rounded-md border border-hairline">
        {refusals.map(({ object, outcome, words }) => (
          <li key={`${object} ${words}`} className="flex items-start gap-2.5 px-3 py-2 text-sm">
            <StateIcon state={outcome === "refused" ? "critical" : "warning"} className="mt-px" />
            <div className="min-w-0">
              <p className="font-medium break-words">
                <code className="font-mono text-xs">{object}</code> is {outcomeWords[outcome]}
              </p>
              <p className="break-words whitespace-pre-line text-muted">{words}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What of the request a job found was not planned, from its outcomes: those that are of no step. */
export function notPlanned(steps: readonly { id: string }[], outcomes: readonly StepOutcome[]): Refusal[] {
  const planned = new Set(steps.map(({ id }) => id));
  return outcomes.flatMap(({ id, words, outcome, why }) =>
    planned.has(id) || !isRefusal(outcome) ? [] : [{ object: words, outcome, words: why ?? "" }],
  );
}

const isRefusal = (outcome: StepOutcome["outcome"]): outcome is Refusal["outcome"] => outcome in outcomeWords;

/** What cannot be undone, and what comes along and is easily missed. */
export function PlanNotes({ notes, irreversible }: Pick<Plan, "notes" | "irreversible">) {
  return (
    <>
      {irreversible && (
        <p className="flex items-start gap-2.5 rounded-md bg-warning-soft px-3 py-2.5 text-sm">
          <StateIcon state="warning" className="mt-px" />
          <span>
            <strong className="font-medium">Cannot be undone.</strong> {irreversible}
          </span>
        </p>
      )}
      {notes.length > 0 && (
        <section aria-labelledby="plan-notes" className="grid gap-1.5">
          <h3 id="plan-notes" className="text-sm font-medium">
            Good to know
          </h3>
          <ul className="grid list-disc gap-1 pl-4 text-sm text-muted marker:text-faint">
            {notes.map((note) => (
              <li key={note} className="break-words">
                {note}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** The world changed while the plan was read: what is different in the one shown now. */
export function PlanChanges({ changes }: { changes: readonly string[] | null }) {
  if (changes === null) return null;
  return (
    <div role="alert" className="grid gap-1 rounded-md bg-warning-soft px-3 py-2.5 text-sm">
      <p className="flex items-start gap-2.5 font-medium">
        <StateIcon state="warning" className="mt-px" />
        Nothing was carried out: the database changed since the plan was made. This is the new plan.
      </p>
      <ul className="grid list-disc gap-0.5 pl-10.5 break-words">
        {changes.length === 0 ? (
          <li>The statements are the same; tables or bounds behind them are not.</li>
        ) : (
          changes.map((change) => <li key={change}>{change}</li>)
        )}
      </ul>
    </div>
  );
}

import { SqlBlock } from "@/components/ui/sql-block.tsx";
import type { PlannedStep } from "@/lib/partition-plan/types.ts";
import { durationInWords, stepAmounts, waitsInWords } from "./plan-words.ts";

/** A step's statements, with what they read, take and lock. */
export function StepDetail({ step }: { step: PlannedStep }) {
  return (
    <div className="grid grid-cols-1 gap-2 px-3 pb-3 sm:pl-10.5">
      <SqlBlock
        sql={step.sql.map((each) => (/;\s*$/.test(each) ? each : `${each};`)).join("\n")}
        maxHeight={260}
      />
      <ul className="grid gap-1 text-xs text-muted">
        <li>
          {step.alone
            ? "Each statement by itself, outside of a transaction, without timeouts: nobody queues behind its waits."
            : "All in one transaction: all of it happens, or nothing."}
        </li>
        {stepAmounts(step).map((words) => (
          <li key={words} className="break-words">
            {words}
          </li>
        ))}
        {step.estimatedSeconds !== null && (
          <li className="break-words">
            Takes {durationInWords(step.estimatedSeconds)}
            {step.estimateFrom && `: ${step.estimateFrom}`}
          </li>
        )}
        {step.locks.map((lock) => (
          <li key={`${lock.relation} ${lock.mode}`} className="break-words">
            <code className="font-mono text-2xs text-ink">{lock.mode}</code> on{" "}
            <code className="font-mono text-2xs text-ink">{lock.relation}</code>: {waitsInWords(lock)}
          </li>
        ))}
      </ul>
    </div>
  );
}

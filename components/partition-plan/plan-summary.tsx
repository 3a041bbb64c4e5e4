import type { ReactNode } from "react";
import { formatNumber } from "@/lib/client/format.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import { durationInWords, rowsInWords, sumAmounts } from "./plan-words.ts";

/** What the plan costs, in one glance: steps, rows, time, and who may have to wait for how long. */
export function PlanSummary({ plan }: { plan: Plan }) {
  const { scanned, moved, stops } = sumAmounts(plan);
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-hairline bg-hairline sm:grid-cols-4">
      <Amount label="Steps">{formatNumber(plan.steps.length)}</Amount>
      <Amount label={moved === undefined ? "Rows read" : "Rows moved"}>
        {rowsInWords(moved === undefined ? scanned : moved)}
      </Amount>
      <Amount label="Time needed">
        {durationInWords(plan.estimatedSeconds)}
        <span className="block text-xs font-normal break-words text-muted">
          {plan.estimateFrom ?? "without waits for others"}
        </span>
      </Amount>
      <Amount label="Others wait">
        {stops === "reads and writes" || stops === "writes" ? (
          <>
            {formatNumber(plan.lockTimeoutMs)} ms{" "}
            <span className="text-xs font-normal whitespace-nowrap text-muted">at most a lock</span>
          </>
        ) : (
          "nobody"
        )}
      </Amount>
    </dl>
  );
}

function Amount({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="bg-raised px-3 py-2">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="text-base font-medium">{children}</dd>
    </div>
  );
}

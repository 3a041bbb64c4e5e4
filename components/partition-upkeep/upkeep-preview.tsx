"use client";

import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { PreviewedRun } from "@/lib/upkeep/preview-upkeep.ts";
import type { Rule } from "./rule-draft.ts";

interface UpkeepPreviewProps {
  table: { schema: string; name: string };
  /** One that is being written; the rule as it stands when left out. */
  rule?: Rule | null;
}

/** @param rule one that is being written; the rule as it stands when left out; null while it cannot be read */
export function useUpkeepPreview(table: UpkeepPreviewProps["table"], rule: Rule | null | undefined) {
  return useRead(
    "upkeepPreview",
    { table: { schema: table.schema, name: table.name }, ...(rule && { rule }) },
    { polled: false, enabled: rule !== null },
  );
}

/** The next five runs of a rule and what each would make, as if all before it had gone well. */
export function UpkeepPreview({ table, rule }: UpkeepPreviewProps) {
  const read = useUpkeepPreview(table, rule);
  return (
    <section aria-label="Next runs" className="grid min-h-50 content-start gap-1.5">
      <h3 className="text-sm font-medium">Next runs, and what each would do</h3>
      {rule === null ? (
        <p className="text-sm text-muted">Shown once every field can be read.</p>
      ) : read.error && !read.refreshing ? (
        <div role="alert" className="text-sm">
          <p className="text-critical">{wordsOf(read.error)}</p>
          {read.error.hint && <p className="text-muted">{read.error.hint}</p>}
        </div>
      ) : read.data ? (
        <>
          <ol className="divide-y divide-hairline rounded-md border border-hairline">
            {read.data.runs.map((run) => (
              <Run key={String(run.at)} run={run} />
            ))}
          </ol>
          {read.data.notes.map((note) => (
            <p key={note} className="text-xs text-muted">
              {note}
            </p>
          ))}
        </>
      ) : (
        <p className="text-sm text-muted">Asking the database …</p>
      )}
    </section>
  );
}

function Run({ run }: { run: PreviewedRun }) {
  const { makes, refusals } = run;
  const [first] = makes;
  return (
    <li className="grid gap-x-4 px-3 py-1.5 text-sm sm:grid-cols-[12.5rem_minmax(0,1fr)]">
      <Time at={run.at} show="instant" className="whitespace-nowrap text-muted" />
      <span className="min-w-0">
        {makes.length === 0 ? (
          refusals.length === 0 && <span className="text-faint">nothing to do</span>
        ) : (
          <span className="block truncate" title={makes.join("\n")}>
            {first}
            {makes.length > 1 && (
              <span className="text-muted"> and {formatNumber(makes.length - 1)} more</span>
            )}
          </span>
        )}
        {refusals.map(({ object, words }) => (
          <span key={`${object} ${words}`} className="flex gap-1.5 text-xs text-muted">
            <StateIcon state="warning" className="size-3.5" />
            <span className="min-w-0 break-words">
              {object}: {words}
            </span>
          </span>
        ))}
      </span>
    </li>
  );
}

/** What a field's value was refused with, by its name. */
function wordsOf({ message, fields }: { message: string; fields?: Record<string, string> }): string {
  const [field] = Object.entries(fields ?? {});
  return field ? `${field[0].replace(/^rule\./, "")} ${field[1]}` : message;
}

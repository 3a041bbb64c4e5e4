"use client";

import { useState } from "react";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { useJob } from "@/lib/client/use-job.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { JobActions } from "./job-actions.tsx";
import { JobAnnouncer } from "./job-announcer.tsx";
import { JobAttempts } from "./job-attempts.tsx";
import { JobFacts } from "./job-facts.tsx";
import { JobLog } from "./job-log.tsx";
import { JobOutcome } from "./job-outcome.tsx";
import { jobTitle } from "./job-words.ts";

interface SheetProps {
  id: string | null;
  /** What the list knows of it, until all is there. */
  listed: JobSummary | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One job with all it holds, as it goes on. */
export function JobSheet({ id, listed, ...rest }: SheetProps) {
  const { job, lines, showEarlier, error, live } = useJob(id);
  // While the sheet slides out it keeps what it showed.
  const [last, setLast] = useState(listed);
  const shown = job ?? listed ?? (id === null ? last : null);
  if (shown && shown.id !== last?.id) setLast(shown);
  return (
    <Sheet
      open={id !== null}
      title={shown ? jobTitle(shown) : "Job"}
      description={shown?.name}
      footer={shown && <JobActions key={shown.id} job={shown} />}
      {...rest}
    >
      {error && !job && (
        <div role="alert" className="text-sm">
          <p className="font-medium text-critical">{error.message}</p>
          {error.hint && <p className="text-muted">{error.hint}</p>}
        </div>
      )}
      {!job && !error && <Skeleton className="h-80" />}
      {job && (
        <div key={job.id} className="grid grid-cols-1 gap-5">
          <JobAnnouncer job={job} />
          <JobOutcome job={job} live={live} />
          <JobFacts job={job} />
          <JobLog lines={lines} total={job.logLines} live={live} onEarlier={showEarlier} />
          <Json title="Parameters" value={job.input} />
          {job.result !== null && job.result !== undefined && <Json title="Result" value={job.result} />}
          <JobAttempts attempts={job.attempts} />
        </div>
      )}
    </Sheet>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return (
    <section aria-label={title} className="grid grid-cols-1 gap-1.5">
      <h3 className="text-sm font-medium">{title}</h3>
      {empty ? (
        <p className="text-sm text-muted">None.</p>
      ) : (
        <pre className="overflow-x-auto rounded-md border border-hairline bg-inset p-3 font-mono text-xs">
          {JSON.stringify(value, null, 2)}
        </pre>
      )}
    </section>
  );
}

"use client";

import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { ScheduleRun, ScheduleSummary } from "@/lib/work/get-schedules.ts";
import { JobStateBadge } from "./job-state.tsx";

interface SheetProps {
  schedule: ScheduleSummary | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One schedule: its next runs, its last ones, and whether it is on. */
export function ScheduleSheet({ schedule, ...rest }: SheetProps) {
  const [last, setLast] = useState(schedule);
  if (schedule && schedule !== last) setLast(schedule);
  const shown = schedule ?? last;
  return (
    <Sheet
      open={schedule !== null}
      title={shown?.title ?? "Schedule"}
      description={shown?.name}
      footer={shown && <PauseOrResume key={shown.name} schedule={shown} />}
      {...rest}
    >
      {shown && <Body schedule={shown} />}
    </Sheet>
  );
}

function Body({ schedule }: { schedule: ScheduleSummary }) {
  return (
    <div className="grid grid-cols-1 gap-5">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="When">
          {schedule.words ?? "see its next runs"}{" "}
          <code className="ml-1 font-mono text-xs text-muted">{schedule.cron}</code>
        </Fact>
        <Fact name="Time zone">{schedule.timeZone}</Fact>
        <Fact name="Jitter">
          {schedule.jitterSeconds > 0
            ? `begins up to ${formatSeconds(schedule.jitterSeconds)} later, at random`
            : "none"}
        </Fact>
        <Fact name="Target">{schedule.target ?? "the console itself"}</Fact>
        <Fact name="Job">{schedule.jobName}</Fact>
        <Fact name="Last run">{schedule.last ? <Run run={schedule.last} /> : "none yet"}</Fact>
        <Fact name="Skipped">
          {schedule.lastSkipped ? (
            <>
              {schedule.skipped}, last <Time at={schedule.lastSkipped.createdAt} />: the run before still went
              on
            </>
          ) : (
            "none"
          )}
        </Fact>
      </dl>
      <section aria-label="Next runs" className="grid grid-cols-1 gap-1.5">
        <h3 className="text-sm font-medium">Next runs</h3>
        {schedule.next.length === 0 ? (
          <p className="text-sm text-muted">None: it is paused.</p>
        ) : (
          <ol className="grid gap-1 text-sm">
            {schedule.next.map((at) => (
              <li key={String(at)} className="flex justify-between gap-4">
                <Time at={at} show="instant" />
                <Time at={at} className="text-muted" />
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function Run({ run }: { run: ScheduleRun }) {
  const target = useTarget();
  return (
    <span className="flex flex-wrap items-center gap-2">
      <JobStateBadge job={{ state: run.state, cancelRequestedAt: null }} />
      <Time at={run.createdAt} />
      <ConsoleLink
        href={`/${encodeURIComponent(target)}/jobs?job=${run.id}`}
        className="text-accent underline-offset-2 hover:underline"
      >
        Open the job
      </ConsoleLink>
    </span>
  );
}

function PauseOrResume({ schedule }: { schedule: ScheduleSummary }) {
  const { name, enabled, may } = schedule;
  const [asking, setAsking] = useState(false);
  const pause = useAdminAction("pauseSchedule", { done: `Paused: ${name}`, toastErrors: false });
  const resume = useAdminAction("resumeSchedule", { done: `Resumed: ${name}` });
  if (!may.allowed) return <p className="mr-auto self-center text-sm text-muted">{may.why}</p>;
  if (!enabled)
    return (
      <Button icon={<Play />} pending={resume.pending} onClick={() => void resume.run({ name })}>
        Resume schedule
      </Button>
    );
  return (
    <>
      <Button icon={<Pause />} onClick={() => setAsking(true)}>
        Pause schedule
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Pause ${name}`}
        verb="Pause schedule"
        dangerous={false}
        pending={pause.pending}
        problem={pause.error?.message ?? null}
        onConfirm={async () => (await pause.run({ name })) !== null}
      >
        No run begins by the clock until somebody resumes it. A run that goes on now is left alone.
      </ConfirmDialog>
    </>
  );
}

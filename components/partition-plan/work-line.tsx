"use client";

import { LoaderCircle } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { OpenWork } from "@/lib/partitions/get-work.ts";
import { useOpenPlan } from "./plan-url.ts";
import { requestInWords } from "./plan-words.ts";
import type { StepProgress } from "./step-states.ts";

interface WorkLineProps {
  work: OpenWork;
  progress: ReadonlyMap<string, StepProgress> | undefined;
}

/** What somebody is doing to the shown table, in one line, with the way to it. */
export function WorkLine({ work, progress }: WorkLineProps) {
  const [, show] = useOpenPlan();
  const states = [...(progress?.values() ?? [])];
  const done = states.filter(({ state }) => state === "done").length;
  return (
    <p className="flex h-4.5 min-w-0 items-center gap-2 text-sm" data-open-work>
      <LoaderCircle aria-hidden className="size-3.5 shrink-0 animate-spin text-accent" />
      <span className="min-w-0 truncate">
        <span className="font-medium">
          {work.request ? requestInWords(work.request) : `Upkeep of ${work.object ?? "a table"}`}
        </span>
        <span className="text-muted">
          {" · "}
          {work.state === "waiting"
            ? "waits for its turn"
            : states.length > 0
              ? `${formatNumber(done)} of ${formatNumber(states.length)} steps done`
              : "begins"}
          {" · "}
          {work.actor}
        </span>
      </span>
      <Button
        variant="ghost"
        size="sm"
        className="-my-2 h-6 text-accent"
        onClick={() => show({ job: work.id })}
      >
        Open
      </Button>
    </p>
  );
}

"use client";

/**
 * How buttons act whose verb goes on as a job: pending until that has ended, and its outcome is told.
 *
 *     const replay = useJobAction<ReplayCounts>("replayQuarantined", { done: ({ stored }) => `${stored} moved` });
 *     <Button pending={replay.pending} onClick={() => replay.run({ target })}>Try again now</Button>
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import type { BrowserActionName } from "../admin.ts";
import type { JobDetail } from "../work/types.ts";
import { toast } from "./notices.ts";
import { useAdminAction } from "./use-admin-action.ts";
import { useJob } from "./use-job.ts";

interface Options<Result> {
  /** What to say when it worked. */
  done: (result: Result) => string;
}

export function useJobAction<Result>(name: BrowserActionName, options: Options<Result>) {
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const action = useAdminAction(name, { onDone: (_data, begun) => setJobId(begun ?? null) });
  const { job } = useJob(jobId);
  const tell = useEffectEvent(({ state, result, error }: JobDetail) => {
    if (state === "done") toast.ok(options.done(result as Result));
    else
      toast.critical(error?.message ?? `It was ${state}.`, {
        ...(error?.hint && { description: error.hint }),
      });
    setJobId(null);
    void client.invalidateQueries({ queryKey: ["read"] });
  });
  const ended = job !== undefined && job.id === jobId && job.finishedAt !== null ? job : null;
  useEffect(() => {
    if (ended) tell(ended);
  }, [ended]);
  return { ...action, pending: action.pending || jobId !== null };
}

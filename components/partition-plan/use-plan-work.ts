"use client";

import { useEffect, useMemo } from "react";
import { useJob } from "@/lib/client/use-job.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { stepProgress } from "./step-states.ts";

export type FollowedPlan = ReturnType<typeof usePlanWork>;

/** A plan that a job carries out, with how each step stands: asked anew whenever the job tells of progress. */
export function usePlanWork(id: string | null) {
  const followed = useJob(id);
  const { job } = followed;
  const read = useRead("partitionWork", { id: id ?? "" }, { polled: false, enabled: id !== null });
  const work = read.previous ? undefined : read.data;
  const told = job && `${job.state} ${job.attempt} ${job.progress?.done} ${job.checkpointAt?.getTime()}`;
  const { refetch } = read;
  useEffect(() => {
    if (told !== undefined) refetch();
  }, [told, refetch]);
  const running = job?.state === "running";
  const progress = useMemo(
    () =>
      work &&
      stepProgress(
        work.steps.map((step) => step.id),
        work.outcomes,
        running,
      ),
    [work, running],
  );
  return { ...followed, work, progress };
}

"use client";

import { PlanJob } from "./plan-job.tsx";
import { useOpenPlan } from "./plan-url.ts";
import { PlanView } from "./plan-view.tsx";
import type { FollowedPlan } from "./use-plan-work.ts";

/**
 * The one drawer of every request: what would be done, and what is being done once somebody carries it out. Its content
 * stands in the URL; closing it ends nothing.
 * @param followed the job that stands in the URL, where one does
 */
export function PlanDrawer({ followed }: { followed: FollowedPlan }) {
  const [open, show] = useOpenPlan();
  if (!open) return null;
  const onClose = () => show(null);
  return "job" in open ? (
    <PlanJob
      key={open.job}
      id={open.job}
      followed={followed}
      onClose={onClose}
      onAsk={(request) => show({ request })}
    />
  ) : (
    <PlanView
      key={JSON.stringify(open.request)}
      request={open.request}
      onClose={onClose}
      onBegun={(job) => show({ job })}
    />
  );
}

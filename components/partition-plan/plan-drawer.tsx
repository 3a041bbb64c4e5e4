"use client";

import { PlanJob } from "./plan-job.tsx";
import { type AskedPlan, useOpenPlan } from "./plan-url.ts";
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
      key={aboutOf(open.request)}
      asked={open}
      onAsk={show}
      onClose={onClose}
      onBegun={(job) => show({ job })}
    />
  );
}

/** What a plan is about: the same drawer, whichever way of doing it is looked at. */
function aboutOf(request: AskedPlan): string {
  const { how: _how, rowsNeverChange: _confirmed, ...about } = request as Record<string, unknown>;
  return JSON.stringify(about);
}

"use client";

import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { Banner } from "./banner.tsx";

/** "demo is unreachable since 10:32 (reason). Showing last known figures.": on every page of a target that is down. */
export function OutageBanner() {
  const target = useTarget();
  const status = useRead("targetStatus", {});
  if (status.error && status.error.code === "UNAVAILABLE" && !status.data)
    return <Banner>{status.error.message}</Banner>;
  if (status.data?.state !== "down") return null;
  const { since, atLeast, reason } = status.data;
  return (
    <Banner>
      <strong className="font-semibold">{target}</strong> is unreachable since {atLeast && "at least "}
      <Time at={since} show="moment" />
      {reason && ` (${reason.replace(/\.$/, "")})`}. Showing last known figures; the console keeps trying.
    </Banner>
  );
}

"use client";

import { useState } from "react";
import type { JobDetail } from "@/lib/work/types.ts";

/**
 * Tells those who listen what changed: the state, and each tenth of the way. A word a second would drown everything
 * else.
 */
export function JobAnnouncer({ job }: { job: JobDetail }) {
  const share = job.state === "running" ? (job.progress?.share ?? null) : null;
  const words = share === null ? job.state : `${job.state}, ${Math.floor(share * 10) * 10} %`;
  const [begun] = useState(words);
  // What is so when the sheet opens is read with it.
  return (
    <p aria-live="polite" className="sr-only">
      {words === begun ? "" : words}
    </p>
  );
}

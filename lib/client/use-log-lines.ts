"use client";

import { useCallback, useState } from "react";
import type { JobLogLine } from "../work/types.ts";

const none: readonly JobLogLine[] = [];

/** A job's lines in the order of their numbers, whichever way and however often they came. `add` is stable while the job is. */
export function useLogLines(jobId: string | null) {
  const [kept, setKept] = useState({ jobId, lines: none });
  const add = useCallback(
    (more: readonly JobLogLine[] | undefined) => {
      if (!more || more.length === 0) return;
      setKept((last) => {
        const had = last.jobId === jobId ? last.lines : none;
        const known = new Set(had.map(({ seq }) => seq));
        const added = more.filter(({ seq }) => !known.has(seq));
        if (added.length === 0) return last;
        return { jobId, lines: [...had, ...added].sort((a, b) => a.seq - b.seq) };
      });
    },
    [jobId],
  );
  return { lines: kept.jobId === jobId ? kept.lines : none, add };
}

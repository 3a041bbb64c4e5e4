"use client";

/**
 * One job as it goes on.
 *
 *     const { job, lines, live } = useJob(id);
 *
 * Follows the job's stream until it ends; where that cannot be had it asks every three seconds. Stops when the job has
 * ended, begins anew when it was retried.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import type { ResultError } from "../result.ts";
import type { JobDetail, JobLogLine } from "../work/types.ts";
import { followJob } from "./follow-job.ts";
import { readKey } from "./reads.ts";
import { useLogLines } from "./use-log-lines.ts";
import { useRead } from "./use-read.ts";
import { useTargetOrNull } from "./use-target.ts";

export interface FollowedJob {
  job: JobDetail | undefined;
  /** In the order they were written. */
  lines: readonly JobLogLine[];
  /** Shows earlier lines; null when there are none. */
  showEarlier: (() => void) | null;
  error: ResultError | null;
  /** How it is followed: by its stream, by asking, or not any more. */
  live: "stream" | "polling" | "ended";
}

const pollMs = 3_000;

interface Kept {
  id: string | null;
  stream: "opening" | "open" | "broken";
  /** Lines ahead of this one were asked for. */
  before: number | null;
}
const fresh: Kept = { id: null, stream: "opening", before: null };

export function useJob(id: string | null): FollowedJob {
  const client = useQueryClient();
  const target = useTargetOrNull() ?? "";
  const input = { id: id ?? "" };
  const enabled = id !== null;
  const read = useRead("job", input, { enabled, polled: false });
  const job = read.previous ? undefined : read.data;
  const ended = job !== undefined && job.finishedAt !== null;
  // Of the job that is open: another one's stream and place say nothing about it.
  const [kept, setKept] = useState<Kept>({ ...fresh, id });
  const { stream, before } = kept.id === id ? kept : fresh;
  const keep = (change: Partial<Kept>) =>
    setKept((last) => ({ ...(last.id === id ? last : fresh), ...change, id }));
  const polling = enabled && !ended && stream === "broken";
  const newest = useRead("jobLog", input, { enabled: enabled && (ended || polling), polled: false });
  const earlier = useRead(
    "jobLog",
    { ...input, ...(before !== null && { before }) },
    { enabled: enabled && before !== null, polled: false },
  );
  const { lines, add } = useLogLines(id);

  const newestLines = newest.previous ? undefined : newest.data;
  const earlierLines = before === null || earlier.previous ? undefined : earlier.data;
  useEffect(() => add(newestLines?.lines), [newestLines, add]);
  useEffect(() => add(earlierLines?.lines), [earlierLines, add]);

  const take = useEffectEvent((next: JobDetail) => {
    client.setQueryData(readKey(target, "job", { id: next.id }), {
      ok: true,
      data: next,
      observedAt: new Date(),
      source: "console: job, job_attempt",
    });
  });
  const addLine = useEffectEvent((line: JobLogLine) => add([line]));
  const lastSeq = useEffectEvent(() => lines.at(-1)?.seq ?? null);
  const setStream = useEffectEvent((next: Kept["stream"]) => keep({ stream: next }));
  const lists = useEffectEvent(() => void client.invalidateQueries({ queryKey: ["read", target, "jobs"] }));
  const known = job !== undefined;
  useEffect(() => {
    if (id === null || !known || ended) return;
    return followJob(id, () => lastSeq(), {
      onJob: (next) => take(next),
      onLog: (line) => addLine(line),
      onState: (state) => {
        if (state === "ended") lists();
        else setStream(state);
      },
    });
  }, [id, known, ended]);

  const { refetch } = read;
  const { refetch: refetchLog } = newest;
  useEffect(() => {
    if (!polling) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "hidden") return;
      refetch();
      refetchLog();
    }, pollMs);
    return () => clearInterval(timer);
  }, [polling, refetch, refetchLog]);

  const first = lines[0]?.seq;
  const missing = job !== undefined && lines.length > 0 && lines.length < job.logLines;
  return {
    job,
    lines,
    showEarlier:
      missing && first !== undefined && earlierLines?.more !== false ? () => keep({ before: first }) : null,
    error: read.error,
    live: ended ? "ended" : polling ? "polling" : "stream",
  };
}

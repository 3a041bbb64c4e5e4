import type { JobDetail, JobLogLine } from "../work/types.ts";
import { followStream, parseEvent, type StreamListener, type StreamOptions } from "./follow-stream.ts";

/** What a job's stream tells; it ends with the job. */
export interface JobListener extends Pick<StreamListener, "onState"> {
  onJob(job: JobDetail): void;
  onLog(line: JobLogLine): void;
}

/**
 * Follows a job until the answered function is called.
 * @param after the stream begins behind this line; null begins with the newest
 */
export function followJob(
  id: string,
  after: () => number | null,
  { onJob, onLog, onState }: JobListener,
  options?: StreamOptions,
): () => void {
  const url = () => {
    const place = after();
    return `/api/v1/jobs/${id}/events${place === null ? "" : `?after=${place}`}`;
  };
  const on = {
    job: (data: string) => onJob(parseEvent(data)),
    log: (data: string) => onLog(parseEvent(data)),
  };
  return followStream(url, { on, onState }, options);
}

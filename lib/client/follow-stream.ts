import type { JobDetail, JobLogLine } from "../work/types.ts";

/** What a job's stream tells. */
export interface StreamListener {
  onJob(job: JobDetail): void;
  onLog(line: JobLogLine): void;
  /** `open`: it tells; `broken`: it cannot be had now; `ended`: the job has ended and the stream with it. */
  onState(state: "open" | "broken" | "ended"): void;
}

/** Where a stream cannot be had (refused, a proxy that holds it back), it is tried again this much later. */
const againMs = 20_000;
/** The first word comes at once; where it does not, somebody in between keeps it. */
const firstWordMs = 5_000;
/** A stream says every 15 s that it lives; the connection of a laptop that slept says nothing for ever. */
const silentMs = 40_000;
/** `EventSource.CLOSED` */
const closed = 2;

/**
 * Follows a job's events until the answered function is called. The browser reconnects by itself, behind the last line;
 * what is refused or falls silent is tried again after a while. A hidden tab holds no stream: a browser has six
 * connections to a host.
 * @param after the stream begins behind this line; null begins with the newest
 */
export function followStream(
  id: string,
  after: () => number | null,
  listener: StreamListener,
  open: (url: string) => EventSource = (url) => new EventSource(url),
): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let overdue: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  function begin(): void {
    clearTimeout(again);
    if (over || source || document.visibilityState === "hidden") return;
    const place = after();
    const stream = open(`/api/v1/jobs/${id}/events${place === null ? "" : `?after=${place}`}`);
    source = stream;
    expectWord(firstWordMs);
    const heard = (tell: (data: string) => void) => (event: MessageEvent<string>) => {
      expectWord(silentMs);
      listener.onState("open");
      tell(event.data);
    };
    stream.addEventListener(
      "job",
      heard((data) => listener.onJob(parse<JobDetail>(data))),
    );
    stream.addEventListener(
      "log",
      heard((data) => listener.onLog(parse<JobLogLine>(data))),
    );
    stream.addEventListener(
      "beat",
      heard(() => {}),
    );
    stream.addEventListener("end", () => {
      stop();
      listener.onState("ended");
    });
    stream.addEventListener("refused", lose);
    stream.addEventListener("error", () => {
      // Else the browser comes back by itself; figures are asked for meanwhile.
      if (stream.readyState === closed) lose();
      else listener.onState("broken");
    });
  }

  function expectWord(withinMs: number): void {
    clearTimeout(overdue);
    overdue = setTimeout(lose, withinMs);
  }

  function close(): void {
    clearTimeout(again);
    clearTimeout(overdue);
    source?.close();
    source = undefined;
  }

  function lose(): void {
    close();
    if (over) return;
    listener.onState("broken");
    again = setTimeout(begin, againMs);
  }

  function follow(): void {
    if (document.visibilityState === "hidden") close();
    else begin();
  }

  function stop(): void {
    over = true;
    close();
    document.removeEventListener("visibilitychange", follow);
  }

  document.addEventListener("visibilitychange", follow);
  begin();
  return stop;
}

/** JSON with its instants as dates, as reads answer them. */
function parse<T>(text: string): T {
  return JSON.parse(text, (key, value) =>
    typeof value === "string" && /^at$|At$|^runAfter$/.test(key) ? new Date(value) : value,
  ) as T;
}

/** What a stream of server-sent events tells. */
export interface StreamListener {
  /** What to do with the data of an event, by the event's name; `beat`, `end` and `refused` are the stream's own. */
  on: Readonly<Record<string, (data: string) => void>>;
  /** `open`: it tells; `broken`: it cannot be had now; `ended`: it said that nothing will follow. */
  onState(state: "open" | "broken" | "ended"): void;
}

export interface StreamOptions {
  /** Whether a hidden tab holds it too. A browser has six connections to a host: by default none does. */
  whileHidden?: () => boolean;
  open?: (url: string) => EventSource;
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
 * Follows a stream until the answered function is called. The browser reconnects by itself, behind the last event it
 * was given an id for; what is refused or falls silent is tried again after a while.
 * @param url asked for anew whenever a stream is opened
 */
export function followStream(
  url: () => string,
  listener: StreamListener,
  { whileHidden = () => false, open = (at) => new EventSource(at) }: StreamOptions = {},
): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let overdue: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const rests = () => document.visibilityState === "hidden" && !whileHidden();

  function begin(): void {
    clearTimeout(again);
    if (over || source || rests()) return;
    const stream = open(url());
    source = stream;
    expectWord(firstWordMs);
    const heard: StreamListener["on"] = { ...listener.on, beat: () => {} };
    for (const [name, tell] of Object.entries(heard))
      stream.addEventListener(name, (event: MessageEvent<string>) => {
        expectWord(silentMs);
        listener.onState("open");
        tell(event.data);
      });
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
    if (rests()) close();
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
export function parseEvent<T>(text: string): T {
  return JSON.parse(text, (key, value) =>
    typeof value === "string" && /^at$|At$|^runAfter$/.test(key) ? new Date(value) : value,
  ) as T;
}

import { AppError } from "../errors.ts";

/** What a reader must keep up with to keep a connection, a snapshot and a place for exports. */
export interface ReaderLimits {
  /** Longest wait for one piece to be taken. */
  stalledMs: number;
  /** Time spent waiting for the reader over which its rate is measured. */
  windowMs: number;
  leastBytesPerSecond: number;
}

/** Half a megabit: a reader on a poor line is faster, one that takes a piece every two minutes is not. */
export const readerLimits: ReaderLimits = {
  stalledMs: 120_000,
  windowMs: 300_000,
  leastBytesPerSecond: 64 * 1024,
};

/**
 * Passes pieces on as the reader takes them. Only the time it keeps us waiting counts: a search that finds rows seldom is
 * not its fault, and what lies in sockets on the way evens out over the window.
 * @param stop called with an AppError TIMEOUT when it takes nothing, or too little
 * @param onTaken called with each piece's bytes
 */
export async function* watchReader(
  source: AsyncIterable<Buffer>,
  { stalledMs, windowMs, leastBytesPerSecond }: ReaderLimits,
  { stop, onTaken }: { stop(reason: AppError): void; onTaken(bytes: number): void },
): AsyncGenerator<Buffer> {
  let waitedMs = 0;
  let bytes = 0;
  for await (const piece of source) {
    const began = performance.now();
    const stalled = setTimeout(
      () => stop(stopped(`nobody took its data for ${Math.round(stalledMs / 1_000)} s`)),
      stalledMs,
    );
    try {
      // Goes on when the reader has taken it and asks for more.
      yield piece;
    } finally {
      clearTimeout(stalled);
    }
    onTaken(piece.length);
    waitedMs += performance.now() - began;
    bytes += piece.length;
    if (waitedMs < windowMs) continue;
    const rate = (bytes * 1_000) / waitedMs;
    if (rate < leastBytesPerSecond)
      stop(
        stopped(
          `its reader took ${Math.round(rate / 1_024)} kB/s over ${Math.round(waitedMs / 1_000)} s; at least ${Math.round(leastBytesPerSecond / 1_024)} kB/s are needed`,
        ),
      );
    waitedMs = 0;
    bytes = 0;
  }
}

function stopped(why: string): AppError {
  return new AppError("TIMEOUT", `The export was stopped: ${why}.`, {
    hint: "Go on behind the last whole event: `after` with the API, --resume on the command line.",
  });
}

import type { Appended } from "../audit-db/append/appended.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { AppError } from "../errors.ts";
import { appendValid, type Refused } from "./append-valid.ts";
import { beginProgress, countOutcomes, type IngestProgress, type OutcomeCounts } from "./ingest-progress.ts";
import { parseLine } from "./parse-line.ts";
import type { Line } from "./split-lines.ts";

/** What became of one line: its event's outcome, or why it is no event. */
export type LineOutcome = { line: number } & (Appended | Refused);

/** Outcomes of a batch, in the order of its lines. */
export interface IngestedBatch {
  /** Counted from 0. */
  batch: number;
  lastLine: number;
  outcomes: LineOutcome[];
}

export interface IngestOptions {
  /** Appends one batch; `batch` names it, so that a repeated run can use the same idempotency key. */
  append(events: EventInput[], batch: number): Promise<Appended[]>;
  /** Called once a batch with the number of its lines, whatever they hold, before they are read; may wait. */
  admit?(lines: number): Promise<void>;
  /** Batches before this one were taken by an earlier run. */
  fromBatch?: number;
  /** Kept current, so that it says how far things came when the generator throws. */
  progress?: IngestProgress;
}

/** Lines a batch; a repeated run must cut the same batches, so this is part of the idempotency keys' meaning. */
export const linesPerBatch = 1_000;
const batchesInFlight = 2;

/**
 * Appends NDJSON in batches of 1,000 lines, two at a time, and answers their outcomes in order. A line that is
 * no valid event is answered as `rejected` and keeps nobody else out. Ends with the first failed append: every
 * batch answered before it is committed.
 * @throws AppError of `append` and `admit`, or BAD_INPUT and TOO_LARGE of the lines
 */
export async function* ingestLines(
  lines: AsyncIterable<Line>,
  options: IngestOptions,
): AsyncGenerator<IngestedBatch> {
  const progress = options.progress ?? beginProgress();
  const underway: Promise<IngestedBatch>[] = [];
  let batch = 0;
  let waiting: Line[] = [];
  const start = () => {
    const taken = waiting;
    const number = batch++;
    waiting = [];
    if (number < (options.fromBatch ?? 0)) return;
    const running = ingestBatch(taken, number, { ...options, progress });
    // Another batch may fail while this one is not yet awaited.
    running.catch(() => {});
    underway.push(running);
  };
  let broken: { reason: unknown } | undefined;
  const source = lines[Symbol.asyncIterator]();
  const next = () =>
    source.next().catch((reason: unknown) => {
      broken = { reason };
      return { done: true as const, value: undefined };
    });
  try {
    for (let line = await next(); !line.done; line = await next()) {
      waiting.push(line.value);
      if (waiting.length < linesPerBatch) continue;
      start();
      if (underway.length >= batchesInFlight) yield await finishNext(underway, progress);
    }
    // A batch cut short by a broken source would not be the batch that a repeated run cuts.
    if (waiting.length > 0 && !broken) start();
    while (underway.length > 0) yield await finishNext(underway, progress);
    if (broken) throw broken.reason;
  } finally {
    await source.return?.(undefined);
    await Promise.allSettled(underway);
  }
}

async function finishNext(
  underway: Promise<IngestedBatch>[],
  progress: IngestProgress,
): Promise<IngestedBatch> {
  const done = await (underway.shift() as Promise<IngestedBatch>);
  progress.lastLine = done.lastLine;
  for (const [outcome, count] of Object.entries(countOutcomes(done.outcomes)))
    progress.counts[outcome as keyof OutcomeCounts] += count;
  return done;
}

async function ingestBatch(
  lines: Line[],
  batch: number,
  options: IngestOptions & { progress: IngestProgress },
): Promise<IngestedBatch> {
  await options.admit?.(lines.length);
  const lastLine = lines.at(-1)?.number ?? 0;
  const parsed = lines.map(({ text }) => parseLine(text));
  const outcomes = await appendValid(parsed, (events) => {
    options.progress.begunLine = Math.max(options.progress.begunLine, lastLine);
    return options.append(events, batch);
  });
  return {
    batch,
    lastLine,
    outcomes: outcomes.map((outcome, index) => ({ line: (lines[index] as Line).number, ...outcome })),
  };
}

/** @throws AppError BAD_INPUT unless a client's key is 1 to 200 visible ASCII characters */
export function parseIdempotencyKey(key: string | null): string | undefined {
  if (key === null) return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError("BAD_INPUT", "Idempotency-Key: must be 1 to 200 visible ASCII characters.", {
    fields: { "Idempotency-Key": "must be 1 to 200 visible ASCII characters" },
  });
}

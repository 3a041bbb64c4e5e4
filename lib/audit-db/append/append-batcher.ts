import { AppError } from "../../errors.ts";
import type { AppendRow } from "./append-rows.ts";
import type { Appended } from "./appended.ts";

interface Waiting {
  /** Epoch milliseconds at which it came. */
  since: number;
  rows: AppendRow[];
  resolve(results: Appended[]): void;
  reject(reason: unknown): void;
}

/** At most two batches are under way: the server works on one while the next is being sent. */
const batchesInFlight = 2;
const maxRowsPerBatch = 1_000;
/** Fewer are not worth a transaction of their own while another batch could take them. */
const minRowsPerBatch = 16;
/** Rows that may wait in this process; more are refused at once rather than kept. */
const maxRowsWaiting = 20_000;

/**
 * Makes batches of small appends: whoever comes while two are under way waits and goes with the next. No timer, so
 * that a lone event is not held up; under load batches grow by themselves. A batch starts at the end of the event
 * loop's turn, never within it: the callers whom one answer sends on would otherwise go as one and all the others
 * (50 callers made batches of 13 on average that way, and of 25 this way). Callers get their own rows' results.
 */
export function createAppendBatcher(
  write: (rows: readonly AppendRow[], oldestSince: number) => Promise<Appended[]>,
): (rows: AppendRow[]) => Promise<Appended[]> {
  let waiting: Waiting[] = [];
  let rowsWaiting = 0;
  let inFlight = 0;
  let starting = false;

  function startSoon(): void {
    if (starting) return;
    starting = true;
    setImmediate(start);
  }

  function start(): void {
    starting = false;
    while (inFlight < batchesInFlight && waiting.length > 0) {
      let rows = 0;
      let calls = 0;
      // With both free, half each: the server works on one while this process reads the other's answers.
      const share = Math.ceil(rowsWaiting / (batchesInFlight - inFlight));
      const most = Math.min(maxRowsPerBatch, Math.max(minRowsPerBatch, share));
      for (const call of waiting) {
        if (calls > 0 && rows + call.rows.length > most) break;
        rows += call.rows.length;
        calls++;
      }
      const batch = waiting.slice(0, calls);
      waiting = waiting.slice(calls);
      rowsWaiting -= rows;
      inFlight++;
      void flush(batch).finally(() => {
        inFlight--;
        startSoon();
      });
    }
  }

  async function flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const [oldest] = batch;
      const rows = batch.flatMap((call) => call.rows);
      deal(batch, await write(rows, oldest?.since ?? Date.now()));
    } catch (thrown) {
      // An outage is everybody's; anything else may be one caller's, who must not fail the others.
      if (batch.length === 1 || (thrown instanceof AppError && thrown.retryable))
        for (const call of batch) call.reject(thrown);
      else for (const call of batch) await flush([call]);
    }
  }

  return (rows) => {
    if (rowsWaiting + rows.length > maxRowsWaiting)
      throw new AppError("OVERLOADED", `${rowsWaiting} events already wait to be appended.`, {
        retryAfterSeconds: 1,
      });
    return new Promise((resolve, reject) => {
      waiting.push({ since: Date.now(), rows, resolve, reject });
      rowsWaiting += rows.length;
      startSoon();
    });
  };
}

function deal(batch: readonly Waiting[], results: readonly Appended[]): void {
  let at = 0;
  for (const { rows, resolve } of batch) {
    resolve(results.slice(at, at + rows.length));
    at += rows.length;
  }
}

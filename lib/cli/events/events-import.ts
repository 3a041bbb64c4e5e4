import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { Transform } from "node:stream";
import { SingleBar } from "cli-progress";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import { AppError, toAppError } from "../../errors.ts";
import { decodeBody } from "../../ingest/decode-body.ts";
import { ingestLines, type LineOutcome, linesPerBatch } from "../../ingest/ingest-lines.ts";
import {
  beginProgress,
  countRefused,
  type IngestProgress,
  type OutcomeCounts,
  tellProgress,
} from "../../ingest/ingest-progress.ts";
import { splitLines } from "../../ingest/split-lines.ts";
import type { CliContext } from "../command.ts";
import { openEventTarget } from "./event-target.ts";
import { openImport } from "./import-state.ts";

export interface ImportOptions {
  restart?: boolean;
  rejected?: string;
}

/** What is wrong with a line is the caller's to mend; the rest of the file is in. */
const someRefusedStatus = 2;
const unbounded = { maxEncodedBytes: Number.MAX_SAFE_INTEGER, maxDecodedBytes: Number.MAX_SAFE_INTEGER };

/**
 * Appends NDJSON (plain, gzip or zstd) from a file or standard input. A file's import that was interrupted goes on
 * where it stopped, and nothing is stored twice; refused lines go to a file of their own with the reason.
 * @returns 2 when a line was refused, else 0
 */
export async function importEvents(
  context: CliContext,
  file: string,
  options: ImportOptions,
): Promise<number> {
  const { out } = context;
  const audit = openEventTarget(context);
  const progress = file === "-" ? null : openImport(file, { restart: options.restart === true });
  const key = progress?.state.key;
  const ingested = beginProgress();
  const { counts } = ingested;
  const fromBatch = progress?.state.nextBatch ?? 0;
  if (progress?.resumed) {
    Object.assign(counts, progress.state.counts);
    const read = fromBatch * linesPerBatch;
    out.line(`Going on after ${read} lines that an earlier run has read (${tellCounts(counts)}).`);
  }
  const rejectedFile = options.rejected ?? (file === "-" ? undefined : `${file}.rejected.ndjson`);
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const bar = startBar(out.json ? 0 : (progress?.state.sizeBytes ?? 0));
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bar?.increment(chunk.length);
      done(null, chunk);
    },
  });
  const source = file === "-" ? process.stdin : createReadStream(file);
  // A pipe does not hand errors on: a file that cannot be read to its end would never end.
  source.once("error", (error: Error) => meter.destroy(error));
  const text = decodeBody(
    source.pipe(meter),
    { encoding: file === "-" ? null : fileEncoding(file) },
    unbounded,
  );
  const append = (events: EventInput[], batch: number) =>
    audit.append(events, key ? { idempotencyKey: `${key}/${batch}`, idempotencyScope: "import" } : {});
  try {
    const batches = ingestLines(splitLines(text), { append, fromBatch, progress: ingested });
    for await (const { batch, outcomes } of batches) {
      await noteRefused(outcomes, rejectedFile);
      if (progress) {
        Object.assign(progress.state, { nextBatch: batch + 1, counts });
        progress.save();
      }
      bar?.update({ lines: Object.values(counts).reduce((sum, count) => sum + count, 0) });
      if (stop.signal.aborted) break;
    }
  } catch (thrown) {
    throw stoppedAt(thrown, ingested, file);
  } finally {
    // Also where lines are not read to their end: an open standard input would keep the process alive.
    source.destroy();
    bar?.stop();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
  const complete = !stop.signal.aborted;
  if (complete) progress?.finish();
  const refused = countRefused(counts);
  out.document({ complete, counts, ...(refused > 0 && rejectedFile && { rejectedFile }) });
  out.line(tellCounts(counts));
  if (refused > 0 && rejectedFile) out.line(`Refused lines and their reasons: ${rejectedFile}`);
  if (!complete) {
    out.line("Interrupted; run the same command again to go on.");
    return 130;
  }
  return refused > 0 ? someRefusedStatus : 0;
}

function tellCounts(counts: OutcomeCounts): string {
  return Object.entries(counts)
    .filter(([outcome, count]) => count > 0 || outcome === "stored")
    .map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`)
    .join(", ");
}

/** The same failure with what is stored; a file's import is remembered, what came by a pipe is not. */
function stoppedAt(thrown: unknown, ingested: IngestProgress, file: string): unknown {
  const error = toAppError(thrown);
  if (error.code === "INTERNAL") return thrown;
  return new AppError(error.code, `${error.message} ${tellProgress(ingested)}`, {
    cause: thrown,
    ...(error.fields && { fields: error.fields }),
    hint: [error.hint, file !== "-" && "Run the same command again to go on where it stopped."]
      .filter(Boolean)
      .join(" "),
  });
}

async function noteRefused(outcomes: LineOutcome[], file: string | undefined): Promise<void> {
  const refused = outcomes.filter(({ outcome }) => outcome === "rejected" || outcome === "conflict");
  if (refused.length === 0) return;
  const text = refused.map((line) => `${JSON.stringify(line)}\n`).join("");
  if (file) await appendFile(file, text, { mode: 0o600 });
  else process.stderr.write(text);
}

/** A bar over the file's bytes, on a terminal only. */
function startBar(totalBytes: number): SingleBar | null {
  if (totalBytes === 0 || !process.stderr.isTTY) return null;
  const bar = new SingleBar({
    format: "{bar} {percentage} % | {lines} lines | {eta_formatted} left",
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(totalBytes, 0, { lines: 0 });
  return bar;
}

/** By the file's first bytes: names may lie. */
function fileEncoding(file: string): string | null {
  if (statSync(file).size < 4) return null;
  const head = Buffer.alloc(4);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head, 0, 4, 0);
  closeSync(descriptor);
  if (head.readUInt16BE(0) === 0x1f8b) return "gzip";
  return head.readUInt32LE(0) === 0xfd2fb528 ? "zstd" : null;
}

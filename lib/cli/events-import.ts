import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { Transform } from "node:stream";
import { SingleBar } from "cli-progress";
import type { EventInput } from "../audit-db/event.ts";
import { decodeBody } from "../ingest/decode-body.ts";
import { countOutcomes, ingestLines, type LineOutcome } from "../ingest/ingest-lines.ts";
import { splitLines } from "../ingest/split-lines.ts";
import type { CliContext } from "./command.ts";
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
  const counts = { ...countOutcomes([]), ...progress?.state.counts };
  const fromBatch = progress?.state.nextBatch ?? 0;
  if (progress?.resumed)
    out.line(`Going on after ${fromBatch * 1_000} lines that an earlier run has stored.`);
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
  const text = decodeBody(source.pipe(meter), file === "-" ? null : fileEncoding(file), unbounded);
  const append = (events: EventInput[], batch: number) =>
    audit.append(events, key ? { idempotencyKey: `${key}/${batch}`, idempotencyScope: "import" } : {});
  try {
    for await (const { batch, outcomes } of ingestLines(splitLines(text), { append, fromBatch })) {
      for (const [outcome, count] of Object.entries(countOutcomes(outcomes)))
        counts[outcome] = (counts[outcome] ?? 0) + count;
      await noteRefused(outcomes, rejectedFile);
      if (progress) {
        Object.assign(progress.state, { nextBatch: batch + 1, counts });
        progress.save();
      }
      bar?.update({ lines: Object.values(counts).reduce((sum, count) => sum + count, 0) });
      if (stop.signal.aborted) break;
    }
  } finally {
    bar?.stop();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
  const complete = !stop.signal.aborted;
  if (complete) progress?.finish();
  const refused = (counts.rejected ?? 0) + (counts.conflict ?? 0);
  out.document({ complete, counts, ...(refused > 0 && rejectedFile && { rejectedFile }) });
  out.line(
    Object.entries(counts)
      .filter(([outcome, count]) => count > 0 || outcome === "stored")
      .map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`)
      .join(", "),
  );
  if (refused > 0 && rejectedFile) out.line(`Refused lines and their reasons: ${rejectedFile}`);
  if (!complete) {
    out.line("Interrupted; run the same command again to go on.");
    return 130;
  }
  return refused > 0 ? someRefusedStatus : 0;
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

import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { requireAccess } from "../audit-log/check-access.ts";
import type { TokenFilters } from "../audit-log/event-conditions.ts";
import { formatRows } from "./format.ts";
import type { ExportOptions } from "./options.ts";
import { pace } from "./pace.ts";
import { writeParquet } from "./parquet.ts";
import { type ReaderLimits, readerLimits, watchReader } from "./reader.ts";
import { csvHeader, csvRow, jsonRow } from "./rows.ts";
import { type CopyTemplate, exportBegin, exportStatement } from "./statement.ts";

/** The longest an export may take; the lease is one connection of the read pool for as long. */
const longestMs = 6 * 3_600_000;

export interface Exported {
  bytes: number;
  rows: number;
}

export interface ExportControl {
  signal: AbortSignal;
  /** Told of each piece that `out` took. */
  onProgress?: (so: Exported) => void;
  /** What differs from `readerLimits`. */
  reader?: Partial<ReaderLimits>;
}

/**
 * Writes events of a range to `out`, oldest first, as fast as `out` takes them and never faster: COPY straight through,
 * nothing is collected in memory. Ciphertexts stand as hex (Parquet: as bytes). Stops on the server when `signal` aborts,
 * `out` is destroyed or its reader takes nothing or too little (`readerLimits`). Ends `out` when everything is written.
 * @throws AppError UNSUPPORTED without what it needs, TIMEOUT when it is not taken; the signal's reason; an Error with the
 * cause when `out` failed
 */
export async function exportEvents(
  audit: Pick<AuditDb, "use" | "server">,
  filters: TokenFilters,
  options: ExportOptions,
  out: Writable,
  { signal, onProgress, ...control }: ExportControl,
): Promise<Exported> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const done: Exported = { bytes: 0, rows: 0 };
  const counted = (count: number) => {
    done.rows += count;
  };
  const reader = { ...readerLimits, ...control.reader };
  const watched = (source: AsyncIterable<Buffer>) =>
    watchReader(source, reader, {
      stop: (reason) => stop.abort(reason),
      onTaken: (bytes) => {
        done.bytes += bytes;
        onProgress?.(done);
      },
    });
  const flow = (rows: Readable): Promise<void> => {
    const formatted = (source: AsyncIterable<Buffer>) => formatEvents(source, options, counted);
    const till = { signal: either };
    return options.format === "parquet"
      ? pipeline(rows, pace, formatted, writeParquet, watched, out, till)
      : pipeline(rows, pace, formatted, watched, out, till);
  };
  await audit.use(
    "read",
    "events.export",
    async (sql) => {
      await requireAccess(sql);
      const statement = exportStatement(filters, options.after);
      const copy = await fillTemplate(sql, statement);
      let ofOut: Error | undefined;
      try {
        await sql.unsafe(exportBegin(filters));
        await setWords(sql, statement.settings);
        const rows: Readable = await sql.unsafe(`${copy}; commit`).readable();
        rows.once("end", () => readOn(rows));
        out.once("error", (error) => {
          if (!rows.errored) ofOut = error;
        });
        await flow(rows);
      } catch (thrown) {
        // An error of `out` is not one of the connection, though its code (EPIPE, ECONNRESET) may say so.
        const reason = ofOut ? new Error("what takes the export failed", { cause: ofOut }) : thrown;
        // The pool then cancels the statement and ends the connection, which stands in the middle of a transaction.
        stop.abort(reason);
        throw reason;
      }
    },
    { signal: either, timeoutMs: longestMs, route: "nearest", maxStalenessMs: 60_000 },
  );
  return done;
}

/**
 * The driver stops its socket when pieces come faster than they are taken and goes on when more is asked for. At the end
 * nobody asks, and what the server says after COPY would stay unread for ever.
 */
function readOn(rows: Readable): void {
  try {
    rows._read(0);
  } catch {
    // It has no socket any more; the next statement will tell.
  }
}

async function* formatEvents(
  source: AsyncIterable<Buffer>,
  { format, after, spreadsheet }: ExportOptions,
  onRows: (count: number) => void,
): AsyncGenerator<Buffer> {
  if (format === "csv" && !after) yield Buffer.from(csvHeader);
  // Parquet is made of JSON; its details as a string, since DuckDB would write their numbers its own way.
  const write =
    format === "csv" ? csvRow(spreadsheet === true) : jsonRow(format === "parquet" ? "string" : "json");
  yield* formatRows(source, write, onRows);
}

/** What is looked for, as settings that end with the transaction: as parameters, which no statistics keep. */
async function setWords(sql: Sql, settings: Record<string, string>): Promise<void> {
  const pairs = Object.entries(settings);
  if (pairs.length === 0) return;
  const calls = pairs.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`).join(", ");
  await sql.unsafe(`select ${calls}`, pairs.flat());
}

/** The server quotes the literals itself. */
async function fillTemplate(sql: Sql, { template, values }: CopyTemplate): Promise<string> {
  const literals = values.map((_, index) => `$${index + 2}::text`).join(", ");
  const [filled] = await sql.unsafe<{ text: string }[]>(`select format($1::text, ${literals}) as text`, [
    template,
    ...values,
  ]);
  return filled?.text ?? "";
}

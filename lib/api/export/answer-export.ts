import { setTimeout as sleep } from "node:timers/promises";
import type { AuditDb } from "../../audit-db/types.ts";
import { requireAccess } from "../../audit-log/check-access.ts";
import type { EventFilters } from "../../audit-log/event-filters.ts";
import { takeExportPlace } from "../../audit-log/export-places.ts";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { watchPermission } from "../../auth/watch-permission.ts";
import { consoleDb } from "../../db/console-db.ts";
import { env } from "../../env.ts";
import { AppError, type ErrorCode, toAppError } from "../../errors.ts";
import { tokenFilters } from "../../events/token-filters.ts";
import { type Exported, exportEvents } from "../../export/export-events.ts";
import { noteExport } from "../../export/note.ts";
import type { ExportFormat, ExportOptions } from "../../export/options.ts";
import { processLogger } from "../../log/process-logger.ts";
import { createReadContext } from "../../run-read.ts";
import { thrownProblem } from "../problem.ts";
import { parseExport } from "./export-query.ts";
import { openBody } from "./open-body.ts";

const types: Record<ExportFormat, string> = {
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};
/** A search that finds its first row late is answered meanwhile: nobody in between should think it dead. */
const patienceMs = 5_000;

interface Given {
  actor: Actor | null;
  target: string;
}

/**
 * Answers `GET /api/v1/targets/{target}/events/export`: a stream of any length in flat memory. The answer is whole
 * when the transfer ends in good order; an error on the way breaks the transfer off. Begun and ended exports are
 * activity entries. It ends as well when its token or session does. Never throws.
 */
export async function answerExport(request: Request, given: Given): Promise<Response> {
  try {
    const { actor, audit, filters, options } = prepare(request, given);
    const asked = {
      actor,
      target: given.target,
      filters: await tokenFilters(audit, filters),
      options,
    };
    const release = takeExportPlace(audit, actor);
    const note = noteExport(consoleDb(), asked, targetNames());
    const { out, body, begun } = openBody();
    const allowed = watchPermission(consoleDb(), actor, (fresh) => assertCan(fresh, "viewer"));
    const gone = new AbortController();
    // Told through `work`, or to whoever reads the stream.
    out.on("error", () => {});
    // A client that goes away closes the stream, whatever its request's signal says.
    out.once("close", () => out.writableFinished || gone.abort(clientWentAway));
    const signal = AbortSignal.any([allowed.signal, gone.signal, request.signal]);
    let so: Exported = { rows: 0, bytes: 0 };
    const onProgress = (now: Exported) => {
      so = { ...now };
    };
    const work = note("begun")
      .then(() => exportEvents(audit, asked.filters, options, out, { signal, onProgress }))
      .finally(() => {
        allowed.end();
        release();
      });
    work
      .then(
        (exported) => note("success", exported),
        (reason: unknown) => {
          out.destroy(reason instanceof Error ? reason : new Error("the export was stopped"));
          const left = (gone.signal.aborted || request.signal.aborted) && !(reason instanceof AppError);
          if (!left) logger().warn({ target: given.target, err: reason, ...so }, "an export broke off");
          return note("failed", so, left ? { message: clientWentAway.message } : failureOf(reason));
        },
      )
      .catch((err: unknown) =>
        logger().error({ target: given.target, err }, "an export's end was not recorded"),
      );
    // What fails before anything came is a problem with a status, not a broken file.
    await Promise.race([begun, work, sleep(patienceMs)]);
    return new Response(body, {
      headers: headersOf(given.target, filters, options),
    });
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "exportEvents", target: given.target });
  }
}

/** Answers HEAD: whether the same GET would be answered now. Nothing is exported or recorded. Never throws. */
export async function checkExport(request: Request, given: Given): Promise<Response> {
  try {
    const { actor, audit, filters, options } = prepare(request, given);
    takeExportPlace(audit, actor)();
    await audit.use("read", "events.export-check", (sql) => requireAccess(sql), { route: "nearest" });
    return new Response(null, { headers: headersOf(given.target, filters, options) });
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "checkExport", target: given.target });
  }
}

/** @throws AppError UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BAD_INPUT */
function prepare(
  request: Request,
  { actor, target }: Given,
): { actor: Actor; audit: AuditDb; filters: EventFilters; options: ExportOptions } {
  assertCan(actor, "viewer");
  const { audit, now } = createReadContext(actor, { target });
  return { actor, audit, ...parseExport(new URL(request.url).searchParams, now) };
}

/** The file's name says what of which target it holds: audit-events-20260301T000000Z-20260401T000000Z.csv */
function headersOf(
  target: string,
  { from, to }: EventFilters,
  { format }: ExportOptions,
): Record<string, string> {
  const [begin, end] = [from, to].map((time) => time.toISOString().replace(/[-:]|\.\d+/g, ""));
  return {
    "content-type": types[format],
    "content-disposition": `attachment; filename="${target}-events-${begin}-${end}.${format}"`,
    "cache-control": "no-store",
  };
}

/** Something else than an error of ours keeps its words to the log. */
function failureOf(reason: unknown): { code: ErrorCode; message: string } {
  const { code, message } = toAppError(reason);
  return { code, message };
}

const clientWentAway = new Error("The client went away.");
const targetNames = () => env().targets.map(({ name }) => name);
const logger = () => processLogger().child({ module: "export" });

import { PassThrough, Readable } from "node:stream";
import { z } from "zod";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { type ConsoleDb, consoleDb } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { env } from "../../env.ts";
import { exportEvents, tokenFilters } from "../../events/export-events.ts";
import { exportFormats } from "../../events/export-statement.ts";
import { filterInput, parseEventKey } from "../../events/inputs.ts";
import type { EventFilters } from "../../events/types.ts";
import { rangeInput, resolveRange } from "../../read.ts";
import { createReadContext } from "../../run-read.ts";
import { parseQuery } from "../parse-query.ts";
import { booleanQuery, rangeQuery } from "../parts.ts";
import { thrownProblem } from "../problem.ts";
import { toRangeInput } from "../range.ts";

export const exportQuery = z.object({
  ...rangeQuery,
  ...filterInput,
  format: z.enum(exportFormats).default("ndjson"),
  after: z.string().optional().meta({ description: "Go on after this event, as occurredAt_id" }),
  spreadsheet: booleanQuery(false).meta({
    description: "CSV: cells that look like formulas begin with an apostrophe",
  }),
});

const types = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8" };

/**
 * Answers `GET /api/v1/targets/{target}/events/export`: a stream of any length in flat memory. The answer is whole
 * when the transfer ends in good order; an error on the way breaks the transfer off. Begun and ended exports are
 * activity entries. Never throws.
 */
export async function answerExport(
  request: Request,
  given: { actor: Actor | null; target: string },
): Promise<Response> {
  try {
    const { actor, target } = given;
    assertCan(actor, "viewer");
    const { range, from, to, format, after, spreadsheet, ...asked } = parseQuery(
      exportQuery,
      new URL(request.url).searchParams,
    );
    const { audit, now } = createReadContext(actor, { target });
    const times = resolveRange(rangeInput.parse(toRangeInput({ range, from, to })), now);
    const filters = await tokenFilters(audit, { ...asked, ...times });
    const options = { format, spreadsheet, after: after === undefined ? undefined : parseEventKey(after) };
    const stop = new AbortController();
    const out = new PassThrough();
    // Told through `work`, or to whoever reads the stream.
    out.on("error", () => {});
    const note = noteExport(consoleDb(), actor, target, { ...filters, format });
    await note("begun");
    const work = exportEvents(audit, filters, options, out, AbortSignal.any([stop.signal, request.signal]));
    // A client that goes away closes the stream, whatever its request's signal says.
    out.once("close", () => out.writableFinished || stop.abort(new Error("the client went away")));
    work.then(
      () => note("success"),
      (reason: unknown) => {
        out.destroy(reason instanceof Error ? reason : new Error("the export was stopped"));
        return note("failed");
      },
    );
    await firstByte(out, work);
    return new Response(Readable.toWeb(out) as ReadableStream, {
      headers: {
        "content-type": types[format],
        "content-disposition": `attachment; filename="${target}-events.${format}"`,
        "cache-control": "no-store",
      },
    });
  } catch (thrown) {
    return thrownProblem(thrown);
  }
}

/** Waits until something comes or the export ends: what fails before that is a problem with a status, not a broken file. */
async function firstByte(out: PassThrough, work: Promise<void>): Promise<void> {
  await Promise.race([new Promise((resolve) => out.once("readable", resolve)), work]);
}

/** Filters name people by token only. The end of an export is one more entry, since nobody waits for it. */
function noteExport(
  console: ConsoleDb,
  actor: Actor,
  target: string,
  what: EventFilters & { format: string },
) {
  const facts = Object.fromEntries(Object.entries(what).filter(([, value]) => value !== undefined));
  return (state: "begun" | "success" | "failed") =>
    console.db.transaction((tx) =>
      recordActivity(
        tx,
        {
          actor,
          action: state === "begun" ? "events.export-begin" : "events.export",
          outcome: state === "failed" ? "failed" : "success",
          target,
          object: { type: "events", id: target, name: target },
          facts,
        },
        env().targets.map(({ name }) => name),
      ),
    );
}

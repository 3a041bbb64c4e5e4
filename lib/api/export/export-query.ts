import { z } from "zod";
import type { EventFilters } from "../../audit-log/event-filters.ts";
import { AppError } from "../../errors.ts";
import { filterInput, parseEventKey } from "../../events/inputs.ts";
import { type ExportOptions, exportFormats } from "../../export/options.ts";
import { textInput } from "../../inputs.ts";
import { rangeInput, resolveRange } from "../../read.ts";
import { parseQuery } from "../parse-query.ts";
import { booleanQuery, rangeQuery } from "../parts.ts";
import { toRangeInput } from "../range.ts";

export const exportQuery = z.object({
  ...rangeQuery,
  ...filterInput,
  format: z.enum(exportFormats).default("ndjson"),
  after: textInput(100).optional().meta({
    description:
      "NDJSON and CSV: go on after this event, as occurredAt_id; a CSV then comes without its header",
  }),
  spreadsheet: booleanQuery(false).meta({
    description: "CSV: cells that look like formulas begin with an apostrophe",
  }),
});

/** What a request asks for. @throws AppError BAD_INPUT */
export function parseExport(
  parameters: URLSearchParams,
  now: Date,
): { filters: EventFilters; options: ExportOptions } {
  const { range, from, to, format, after, spreadsheet, ...filters } = parseQuery(exportQuery, parameters);
  if (after !== undefined && format === "parquet")
    refuse("after", "a Parquet file is made whole and starts again; take ndjson or csv to go on");
  if (spreadsheet && format !== "csv") refuse("spreadsheet", "goes with format=csv only");
  const times = resolveRange(rangeInput.parse(toRangeInput({ range, from, to })), now);
  return {
    filters: { ...filters, ...times },
    options: { format, spreadsheet, after: after === undefined ? undefined : parseEventKey(after, "after") },
  };
}

function refuse(field: string, problem: string): never {
  throw new AppError("BAD_INPUT", `${field}: ${problem}.`, { fields: { [field]: problem } });
}

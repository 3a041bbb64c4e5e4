import type { EventKey } from "../audit-log/event-filters.ts";

export const exportFormats = ["ndjson", "csv", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  format: ExportFormat;
  /** NDJSON and CSV: only what lies after this event, to go on where an export broke off. The CSV has no header then. */
  after?: EventKey | undefined;
  /** CSV for spreadsheets: a cell that one would take for a formula begins with an apostrophe. */
  spreadsheet?: boolean | undefined;
}

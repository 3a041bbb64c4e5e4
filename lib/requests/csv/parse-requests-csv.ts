import { z } from "zod";
import { AppError } from "../../errors.ts";
import { addDays } from "../../request-law/days.ts";
import { endOfDay } from "../../request-law/zoned-day.ts";
import { openRequestInput } from "../intake/request-input.ts";
import type { GivenRequest } from "../intake/seal-request.ts";
import type { identifierKinds } from "../sealed.ts";
import { readRecords } from "./read-records.ts";
import { refuseLines } from "./refuse-lines.ts";

/** Columns of the file, in any order; `kind` and one of an identifier must be there. */
export const csvColumns = [
  "kind",
  "regime",
  "received_at",
  "language",
  "organizations",
  "targets",
  "reference",
  "id",
  "email",
  "phone",
  "ip",
  "other",
  "name",
  "contact",
  "letter",
] as const;
type Column = (typeof csvColumns)[number];

/** Between several of one cell. */
const between = "|";
export const mostLines = 500;

export interface CsvRequest {
  /** Where it ends in the file. */
  line: number;
  given: GivenRequest;
}

const givenRequest = openRequestInput.omit({ channel: true });

/**
 * A file of requests, comma or semicolon between cells, with a line of column names first; lists have `|` between them. All of
 * it, or none: every line that cannot be taken is named, with what is wrong in which column, and never what stands there.
 * Pure. @param timeZone of the controller: a day without a time begins there
 * @throws AppError BAD_INPUT with a field for each line
 */
export function parseRequestsCsv(text: string, timeZone: string): CsvRequest[] {
  const [header, ...rows] = readRecords(text);
  if (!header) throw new AppError("BAD_INPUT", "The file is empty.");
  const columns = readHeader(header.cells);
  if (rows.length === 0) throw new AppError("BAD_INPUT", "The file has a header and no request.");
  if (rows.length > mostLines)
    throw new AppError(
      "BAD_INPUT",
      `The file has ${rows.length} requests; at most ${mostLines} are taken at once.`,
    );
  const taken: CsvRequest[] = [];
  const wrong: [line: number, why: string][] = [];
  for (const { line, cells } of rows) {
    const row = readRow(columns, cells, timeZone);
    if ("why" in row) wrong.push([line, row.why]);
    else taken.push({ line, given: row.given });
  }
  if (wrong.length > 0) throw refuseLines(wrong, rows.length);
  return taken;
}

function readHeader(cells: readonly string[]): Column[] {
  const names = cells.map((cell) => cell.toLowerCase().replaceAll(/[\s-]+/g, "_"));
  const known = csvColumns as readonly string[];
  const hint = `There are: ${csvColumns.join(", ")}.`;
  const unknown = names.flatMap((name, n) => (known.includes(name) ? [] : [n + 1]));
  if (unknown.length > 0)
    throw new AppError("BAD_INPUT", `The first line names no column of ours at ${unknown.join(", ")}.`, {
      hint,
    });
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw new AppError("BAD_INPUT", `The first line names ${twice} twice.`, { hint });
  if (!names.includes("kind"))
    throw new AppError("BAD_INPUT", "The first line lacks the column kind.", { hint });
  return names as Column[];
}

function readRow(
  columns: readonly Column[],
  cells: readonly string[],
  timeZone: string,
): { given: GivenRequest } | { why: string } {
  if (cells.length !== columns.length)
    return { why: `has ${cells.length} cells where the first line has ${columns.length}` };
  const cell = (column: Column) => cells[columns.indexOf(column)] || undefined;
  const list = (column: Column) =>
    (cell(column) ?? "")
      .split(between)
      .map((one) => one.trim())
      .filter(Boolean);
  const identifiers = (
    ["id", "email", "phone", "ip", "other"] as const satisfies (typeof identifierKinds)[number][]
  ).flatMap((kind) => list(kind).map((value) => ({ kind, value })));
  const parsed = givenRequest.safeParse({
    kind: cell("kind"),
    regime: cell("regime"),
    receivedAt: beginOfDay(cell("received_at"), timeZone),
    language: cell("language"),
    organizations: list("organizations"),
    targets: list("targets"),
    reference: cell("reference"),
    person: {
      identifiers,
      name: cell("name"),
      contact: cell("contact"),
      letter: cell("letter"),
    },
  });
  return parsed.success ? { given: parsed.data } : { why: parsed.error.issues.map(tellIssue).join("; ") };
}

/** A letter bears a day and no time. */
function beginOfDay(text: string | undefined, timeZone: string): string | undefined {
  if (text === undefined || !z.iso.date().safeParse(text).success) return text;
  return endOfDay(timeZone, addDays(text, -1)).toISOString();
}

const columnOf: Record<string, string> = { receivedAt: "received_at" };

function tellIssue({ path, message }: z.core.$ZodIssue): string {
  const [field, inner] = path[0] === "person" ? path.slice(1) : path;
  const name = String(field ?? "line");
  if (name === "identifiers" && inner === undefined) return "needs one of id, email, phone, ip, other";
  return `${columnOf[name] ?? name}: ${message}`;
}

import { parse } from "csv-parse/sync";
import { refuseLines } from "./refuse-lines.ts";

export interface CsvRecord {
  line: number;
  cells: string[];
}

/** What is wrong with the form of a file, by what the parser calls it. */
const form: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: "a quotation mark is opened and never closed",
  CSV_INVALID_CLOSING_QUOTE:
    "a quotation mark is followed by further text; inside a cell it is written twice",
  INVALID_OPENING_QUOTE: "a quotation mark stands inside a cell without quotation marks",
};

/** Lines of a file and their cells. Pure. @throws AppError BAD_INPUT with the line */
export function readRecords(given: string): CsvRecord[] {
  // The parser counts two lines for such an end inside a cell.
  const text = given.replaceAll(/\r\n?/g, "\n");
  const [first = ""] = text.split("\n", 1);
  const delimiter = first.includes(";") && !first.includes(",") ? ";" : ",";
  const options = { bom: true, delimiter, trim: true, relax_column_count: true, skip_empty_lines: true };
  try {
    const records = parse(text, { ...options, info: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (thrown) {
    const { code, lines } = thrown as { code?: string; lines?: number };
    const why = code === undefined ? undefined : (form[code] ?? "it is no CSV");
    if (why === undefined) throw thrown;
    throw refuseLines([[lines ?? 1, why]], 1);
  }
}

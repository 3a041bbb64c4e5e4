import type { EventInput } from "../audit-db/append/event-schema.ts";
import { parseIJson } from "../audit-db/append/parse-i-json.ts";
import { toAppError } from "../errors.ts";
import type { ParsedLine } from "./append-valid.ts";

/** One line of NDJSON as an event still to be checked. Duplicate keys are refused: one of the two would be lost. */
export function parseLine(text: string): ParsedLine {
  try {
    const value = parseIJson(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { event: value as EventInput };
    return { errors: { event: "must be a JSON object" } };
  } catch (thrown) {
    const { message, fields } = toAppError(thrown);
    return { errors: fields ?? { event: message } };
  }
}

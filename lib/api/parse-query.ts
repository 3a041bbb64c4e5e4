import type { z } from "zod";
import { AppError } from "../errors.ts";

/**
 * Parses a URL's query. Parameters that do not exist or stand twice are refused: a misspelt `limit` would
 * otherwise answer something else than was asked.
 * @throws AppError BAD_INPUT naming every bad parameter
 */
export function parseQuery<T extends z.ZodObject>(schema: T, parameters: URLSearchParams): z.infer<T> {
  const names = Object.keys(schema.shape);
  const fields: Record<string, string> = {};
  for (const name of new Set(parameters.keys())) {
    if (!names.includes(name))
      fields[name] = names.length > 0 ? `unknown; there are: ${names.join(", ")}` : "unknown";
    else if (parameters.getAll(name).length > 1) fields[name] = "given more than once";
  }
  const parsed = schema.safeParse(Object.fromEntries(parameters));
  if (!parsed.success)
    for (const issue of parsed.error.issues) fields[issue.path.join(".") || "query"] = issue.message;
  if (!parsed.success || Object.keys(fields).length > 0) {
    const text = Object.entries(fields).map(([name, problem]) => `${name}: ${problem}`);
    throw new AppError("BAD_INPUT", `${text.join("; ")}.`, { fields });
  }
  return parsed.data;
}

import type { z } from "zod";
import { AppError } from "../errors.ts";

/**
 * Parses a URL's query. Parameters that do not exist or stand twice are refused: a misspelt `limit` would
 * otherwise answer something else than was asked.
 * @throws AppError BAD_INPUT naming every bad parameter
 */
export function parseQuery<T extends z.ZodObject>(schema: T, parameters: URLSearchParams): z.infer<T> {
  const names = Object.keys(schema.shape);
  // A map: in an object `__proto__` would be no key but its prototype.
  const problems = new Map<string, string>();
  for (const name of new Set(parameters.keys())) {
    if (!names.includes(name))
      problems.set(name, names.length > 0 ? `unknown; there are: ${names.join(", ")}` : "unknown");
    else if (parameters.getAll(name).length > 1) problems.set(name, "given more than once");
  }
  const known = [...parameters].filter(([name]) => names.includes(name));
  const parsed = schema.safeParse(Object.fromEntries(known));
  if (!parsed.success)
    for (const issue of parsed.error.issues) problems.set(issue.path.join(".") || "query", issue.message);
  if (!parsed.success || problems.size > 0) {
    const text = [...problems].map(([name, problem]) => `${name}: ${problem}`);
    throw new AppError("BAD_INPUT", `${text.join("; ")}.`, { fields: Object.fromEntries(problems) });
  }
  return parsed.data;
}

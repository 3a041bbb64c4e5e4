import type { ResultError } from "../result.ts";

/**
 * Why something failed and what to do about it, in one paragraph; null where nothing did.
 *
 * @param options.fields whether what is wrong with single fields is said as well, for forms that do not say it beside them
 */
export function errorWords(
  error: Pick<ResultError, "message" | "hint" | "fields"> | null,
  options: { fields?: boolean } = {},
): string | null {
  if (!error) return null;
  const fields = options.fields ? Object.values(error.fields ?? {}) : [];
  return [error.message, ...fields, error.hint].filter(Boolean).join(" ");
}

import { limitExample, parseLimit } from "@/lib/limit-text.ts";

export type TypedLimit = { ok: true; limit: number | null } | { ok: false; problem: string };

/** A limit as somebody typed it; empty means none. */
export function readLimit(text: string, unit: string | null): TypedLimit {
  if (text.trim() === "") return { ok: true, limit: null };
  const limit = parseLimit(text, unit);
  return limit === null ? { ok: false, problem: `Write ${limitExample(unit)}.` } : { ok: true, limit };
}

import type { ResultError } from "../result.ts";

export interface PlacedProblems {
  /** By the path of the field that shows it. */
  at: Readonly<Record<string, string>>;
  /** What no field of the form shows, for below it; null when all of it stands at a field. */
  rest: string | null;
}

/**
 * What a refused form says, at the fields that it shows. What lies below a field's path is told with where: a number as the
 * line of a list, else by its name. Pure.
 * @param paths of fields as the verb's input names them, such as `controller.country`
 */
export function placeProblems(
  error: Pick<ResultError, "message" | "hint" | "fields"> | null,
  paths: readonly string[],
): PlacedProblems {
  const at: Record<string, string> = {};
  if (!error) return { at, rest: null };
  const told = Object.entries(error.fields ?? {});
  let elsewhere = told.length === 0;
  for (const [path, message] of told) {
    const field = longest(paths.filter((each) => path === each || path.startsWith(`${each}.`)));
    if (field === undefined) elsewhere = true;
    else at[field] = [at[field], wordsOf(path.slice(field.length + 1), message)].filter(Boolean).join("; ");
  }
  return { at, rest: elsewhere ? [error.message, error.hint].filter(Boolean).join(" ") : null };
}

function wordsOf(below: string, message: string): string {
  if (below === "") return message;
  return /^\d+$/.test(below) ? `line ${Number(below) + 1}: ${message}` : `${below}: ${message}`;
}

function longest(paths: readonly string[]): string | undefined {
  return paths.toSorted((a, b) => b.length - a.length)[0];
}

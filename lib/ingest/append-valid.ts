import type { Appended } from "../audit-db/append/appended.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { AppError } from "../errors.ts";

/** The outcome of a line that is no valid event. */
export interface Refused {
  outcome: "rejected";
  /** Field path → what is wrong with it. */
  errors: Record<string, string>;
}

/** A line as it was read: what may be an event, or why it cannot be one. */
export type ParsedLine = { event: EventInput } | { errors: Record<string, string> };

/**
 * Appends what is valid and answers the rest as rejected, in the order given. Valid batches, nearly all of them,
 * are checked once, by the append itself; only a batch with an error in it is sent a second time without it.
 * @throws AppError of `append` but for BAD_INPUT that names items
 */
export async function appendValid(
  lines: readonly ParsedLine[],
  append: (events: EventInput[]) => Promise<Appended[]>,
): Promise<(Appended | Refused)[]> {
  const outcomes: (Appended | Refused | undefined)[] = lines.map((line) =>
    "errors" in line ? { outcome: "rejected", errors: line.errors } : undefined,
  );
  for (;;) {
    const open = outcomes.flatMap((outcome, index) => (outcome ? [] : [index]));
    if (open.length === 0) return outcomes as (Appended | Refused)[];
    try {
      const appended = await append(open.map((index) => (lines[index] as { event: EventInput }).event));
      for (const [at, index] of open.entries()) outcomes[index] = appended[at];
      return outcomes as (Appended | Refused)[];
    } catch (thrown) {
      const refused = itemErrors(thrown);
      if (refused.size === 0) throw thrown;
      for (const [at, errors] of refused) {
        const index = open[at];
        if (index !== undefined) outcomes[index] = { outcome: "rejected", errors };
      }
    }
  }
}

/** The items a BAD_INPUT is about: its fields are paths that begin with the item's index. */
function itemErrors(thrown: unknown): Map<number, Record<string, string>> {
  const items = new Map<number, Record<string, string>>();
  if (!(thrown instanceof AppError) || thrown.code !== "BAD_INPUT") return items;
  for (const [path, problem] of Object.entries(thrown.fields ?? {})) {
    const [, index, rest] = /^(\d+)(?:\.(.*))?$/.exec(path) ?? [];
    if (index === undefined) continue;
    const errors = items.get(Number(index)) ?? {};
    errors[rest || "event"] = problem;
    items.set(Number(index), errors);
  }
  return items;
}

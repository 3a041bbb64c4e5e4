import { z } from "zod";

const name = z.string().min(1);

/** One place, or a part of a large one, that is looked through at once. No step says what is looked for. */
export const searchStep = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("rows"),
    key: name,
    /** Null: the console's own database. */
    target: name.nullable(),
    purpose: z.enum(["read", "maintenance"]),
    schema: name,
    table: name,
    columns: z.array(name),
    /** Whether rows are events: told by key and policy, not only counted. */
    events: z.boolean(),
    /** Of an attached partition, which is read through its table: its oid and bounds. */
    partition: z
      .strictObject({
        oid: z.number(),
        policy: name.nullable(),
        from: name.nullable(),
        to: name.nullable(),
      })
      .nullable(),
    fromBlock: z.number(),
    /** Exclusive; null: to the end. */
    toBlock: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal("statements"), key: name, target: name.nullable() }),
  z.strictObject({ kind: z.literal("activity"), key: name, target: name.nullable() }),
  z.strictObject({ kind: z.literal("redis"), key: name }),
  z.strictObject({ kind: z.literal("file"), key: name, path: name }),
]);
export type SearchStep = z.infer<typeof searchStep>;
export type RowsStep = Extract<SearchStep, { kind: "rows" }>;

/** What the process that looks is told: whose identifiers it opens by itself, and where it looks. */
export const searchOrder = z.strictObject({
  /** Of `privacy_request` */
  request: z.uuid(),
  steps: z.array(searchStep),
  /** A step that found so many events tells them, and goes on in a further answer. */
  eventsAtOnce: z.number().default(1_000),
});
export type SearchOrder = z.input<typeof searchOrder>;

/** What a step, or a part of it, found: counts and places, never a value. */
export interface SearchFound {
  /** Of its step. */
  key: string;
  /** Rows, keys, statements or bytes that were looked at. */
  looked: number;
  found: number;
  columns: Record<string, number>;
  policies: Record<string, number>;
  events: { id: string; occurredAt: string; policy: string; fields: string[] }[];
  /** Of statements: `userid, dbid, queryid`, as pg_stat_statements_reset takes them. */
  statements: string[];
  /** Why it could not be looked at. */
  problem: string | null;
  /** Whether that is because it did not answer: it may later. */
  away: boolean;
  /** Where the step goes on, in a further answer; null: it is done. */
  nextBlock: number | null;
}

export const nothingFound: Omit<SearchFound, "key"> = {
  ...{ looked: 0, found: 0, columns: {}, policies: {}, events: [], statements: [] },
  ...{ problem: null, away: false, nextBlock: null },
};

/** What is kept of answers: one for each step, without the events that it told. */
export function addFound(done: SearchFound[], found: SearchFound): void {
  const told = { ...found, events: [] };
  const at = done.findIndex(({ key }) => key === found.key);
  const before = done[at];
  if (!before) {
    done.push(told);
    return;
  }
  done[at] = {
    ...told,
    looked: before.looked + found.looked,
    found: before.found + found.found,
    columns: sum(before.columns, found.columns),
    policies: sum(before.policies, found.policies),
  };
}

/** What of the steps is left to be looked through. */
export function leftOf<S extends SearchStep>(steps: readonly S[], done: readonly SearchFound[]): S[] {
  const known = new Map(done.map(({ key, nextBlock }) => [key, nextBlock]));
  return steps.flatMap((step) => {
    const next = known.get(step.key);
    if (next === undefined) return [step];
    return next === null ? [] : [goesOnAt(step, next)];
  });
}

export function goesOnAt<S extends SearchStep>(step: S, block: number): S {
  return step.kind === "rows" ? { ...step, fromBlock: block } : step;
}

function sum(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const all = { ...a };
  for (const [name, count] of Object.entries(b)) all[name] = (all[name] ?? 0) + count;
  return all;
}

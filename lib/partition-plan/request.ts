import { z } from "zod";
import { identifierInput, textInput } from "../inputs.ts";

export const relationInput = z.strictObject({
  schema: identifierInput.default("public"),
  name: identifierInput,
});

export const intervalUnits = ["hour", "day", "week", "month", "quarter", "year", "number"] as const;

/** How a table's time is cut. What is left out is learned from the partitions that are there. */
export const cutInput = z.strictObject({
  unit: z.enum(intervalUnits).optional(),
  /** Widths of the unit; for `number` the width itself, as text because it may not fit a double. */
  count: z.union([z.int().min(1).max(1_000), z.string().regex(/^\d{1,19}$/)]).default(1),
  /** IANA name: bounds lie at midnight there. */
  timeZone: textInput(100).optional(),
  /** How names are made, e.g. `{table}_{yyyy}_{mm}`: see name-template.ts. */
  naming: textInput(200).optional(),
  /** What an integer, uuid or text key means: see key-codec.ts. */
  key: textInput(100).optional(),
});

/** What a person may ask to be planned, and then to be carried out. One verb, one member. */
export const planRequest = z.discriminatedUnion("verb", [
  z.strictObject({
    verb: z.literal("create"),
    /** The root or a branch; of a root every branch. */
    table: relationInput,
    /** How many intervals after the one that holds now. */
    ahead: z.int().min(0).max(1_000).optional(),
    /** Only what is missing between these two, as the key's own text or ISO: a gap. */
    between: z.strictObject({ from: textInput(200), to: textInput(200) }).optional(),
    cut: cutInput.optional(),
    tablespace: identifierInput.optional(),
  }),
  z.strictObject({
    verb: z.literal("repair"),
    /** The default partition with rows in the way. */
    partition: relationInput,
    how: z.enum(["rows stay", "rows move"]).optional(),
    cut: cutInput.optional(),
    /** A person confirms that nothing updates or deletes rows: rows may be copied beforehand. */
    rowsNeverChange: z.boolean().default(false),
  }),
  z.strictObject({
    verb: z.literal("detach"),
    partition: relationInput,
    /** `under lock` only where a default partition stands beside it: readers and writers of the table wait. */
    how: z.enum(["concurrently", "under lock"]).default("concurrently"),
  }),
  z.strictObject({ verb: z.literal("finalize"), partition: relationInput }),
  z.strictObject({
    verb: z.literal("attach"),
    partition: relationInput,
    table: relationInput,
    /** The bounds' two ends as SQL literals' texts; learned from its CHECK when left out. */
    bounds: z.strictObject({ from: textInput(200), to: textInput(200) }).optional(),
    /** Of a table partitioned by list: its values, as the key's own text; learned from its CHECK when left out. */
    values: z.array(textInput(200)).min(1).max(1_000).optional(),
  }),
  z.strictObject({
    verb: z.literal("maintain"),
    /** Partitions or a whole table, all of one tree; for `reindex` and `drop leftovers` also indexes. */
    relations: z.array(relationInput).min(1).max(2_000),
    work: z.enum([
      "vacuum",
      "freeze",
      "analyze",
      "reindex",
      "create index",
      "drop leftovers",
      "restore guards",
    ]),
    /** The parent's index that a partition lacks, for `create index`. */
    index: identifierInput.optional(),
  }),
  /** Maintenance of a table that pg_partman manages, through it. */
  z.strictObject({ verb: z.literal("run-partman"), table: relationInput }),
  /** Turns its automatic maintenance of a table off, so that upkeep may make the partitions. */
  z.strictObject({ verb: z.literal("leave-partman"), table: relationInput }),
]);

export type PlanRequest = z.output<typeof planRequest>;
/** As it is given, with what has a default left out. */
export type PlanRequestInput = z.input<typeof planRequest>;
export type PlanVerb = PlanRequest["verb"];

/** The longest that writers may be made to queue behind one attempt at a lock, in milliseconds. */
export const lockTimeoutInput = z.int().min(1).max(5_000).default(200);

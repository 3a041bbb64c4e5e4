import { z } from "zod";
import { downCauses } from "../audit-db/target-facts.ts";
import { instantText } from "../inputs.ts";
import { relativeRanges } from "../read.ts";

/** Building blocks of the API's answers, as they stand in JSON: instants are ISO 8601 in UTC. */
export const instant = z.iso.datetime().meta({ description: "ISO 8601, UTC" });
export const nullableNumber = z.number().nullable();
export const nullableText = z.string().nullable();
export const count = z.number().int();

export const point = z
  .tuple([z.number(), nullableNumber])
  .meta({ id: "Point", description: "[epoch milliseconds, value; null is a gap]" });

export const unavailable = z
  .object({
    code: z.enum(["unsupported", "no_grant", "not_installed", "not_configured", "insufficient_data"]),
    reason: z.string(),
    enable: z.string().optional().meta({ description: "SQL or setting that would enable it" }),
    until: instant.optional().meta({ description: "Learning: when there will be figures enough" }),
  })
  .meta({ id: "Unavailable", description: "Why there are no figures, and what would enable them" });

export const serverWords = z
  .object({
    sqlState: z.string(),
    message: z.string(),
    detail: z.string().optional(),
    hint: z.string().optional(),
  })
  .meta({
    id: "ServerWords",
    description: "What the database server itself said; only for operators and administrators",
  });

export const mend = z
  .object({
    words: z.string().meta({ description: "e.g. Finish the detach" }),
    request: z.looseObject({ verb: z.string() }).meta({ description: "As a plan is asked for with" }),
  })
  .meta({ id: "Mend", description: "What mends it: a request to make a plan of" });

const missingPart = z
  .object({
    part: z.string(),
    reason: z.string(),
    hint: z.string().optional(),
    server: serverWords.optional(),
  })
  .meta({ id: "MissingPart", description: "A part of the data that could not be read; the others stand" });

export const unit = z
  .enum(["count", "bytes", "ms", "seconds", "ratio", "perSecond", "bytesPerSecond", "msPerSecond"])
  .meta({ id: "Unit" });

export const targetStatus = z
  .object({
    target: z.string(),
    state: z.enum(["connecting", "up", "down"]),
    since: instant,
    atLeast: z
      .literal(true)
      .optional()
      .meta({ description: "It was down when this process first looked, and nobody knows since when" }),
    reason: nullableText,
    cause: z.enum(downCauses).nullable(),
  })
  .meta({ id: "TargetStatus" });

/** An answer: its data, and where and when they were read. */
export function answerOf<T extends z.ZodType>(data: T) {
  return z.object({
    data,
    observedAt: instant.meta({ description: "When the source was read" }),
    source: z.string().meta({ description: "The catalogue view or table it rests on" }),
    stale: z
      .object({ since: instant, reason: z.string() })
      .optional()
      .meta({ description: "Set while the source cannot be read: these are the last known figures" }),
    countsSince: instant.nullable().optional().meta({ description: "Since when the counters count" }),
    unavailable: unavailable.optional(),
    missing: z.array(missingPart).optional(),
  });
}

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    retryable: z.boolean(),
    hint: z.string().optional(),
    since: instant.optional(),
    errors: z.record(z.string(), z.string()).optional(),
    current: z
      .unknown()
      .optional()
      .meta({ description: "With 409: what was named as it stands now, such as a plan made anew" }),
    server: serverWords.optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });

/** What a refusal answers with. */
export const problemContent = { "application/problem+json": { schema: problem } };

/** What a stream answers with. */
export const eventStream = {
  description: "The stream",
  content: { "text/event-stream": { schema: z.string().meta({ description: "Server-sent events" }) } },
};

/** Query parameters of everything over time: `range`, or `from` and `to`. */
export const rangeQuery = {
  range: z
    .enum(Object.keys(relativeRanges) as [keyof typeof relativeRanges, ...(keyof typeof relativeRanges)[]])
    .optional()
    .meta({ description: "A range that ends now; 1h when neither it nor from and to are given" }),
  from: instantText().optional().meta({ description: "Beginning, ISO 8601, with `to`" }),
  to: instantText().optional().meta({ description: "End, ISO 8601, with `from`" }),
};

export const orderQuery = z.enum(["asc", "desc"]).default("desc");
export const limitQuery = (max: number, usual: number) =>
  z.coerce.number().int().min(1).max(max).default(usual);
export const booleanQuery = (usual: boolean) =>
  z
    .enum(["true", "false", "1", "0"])
    .default(usual ? "true" : "false")
    .transform((text) => text === "true" || text === "1");

/** Of lists by number, newest first: where the next page begins. */
export const belowNumber = z.coerce
  .number()
  .int()
  .positive()
  .optional()
  .meta({ description: "Only those with a smaller number" });

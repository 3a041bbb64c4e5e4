import { z } from "zod";
import { AppError, toAppError } from "../errors.ts";
import { findJsonProblem, findTextProblem, type Json, maxDetailsBytes } from "./i-json.ts";
import { uuidV7 } from "./uuid-v7.ts";

export const eventStatuses = ["attempt", "success", "failure"] as const;
export const dataClassifications = ["PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"] as const;

/** How far recorded_at may lie ahead of this process's clock. */
const recordedAheadMs = 5 * 60_000;

const text = (maxLength: number) =>
  z
    .string()
    .min(1, "must not be empty")
    .max(maxLength, `must have at most ${maxLength} characters`)
    .superRefine((value, context) => {
      const message = findTextProblem(value);
      if (message) context.addIssue({ code: "custom", message });
    });

/** A moment as ISO 8601 text in UTC with up to six digits of a second: a Date alone would lose the microseconds. */
const moment = z
  .union([z.date(), z.iso.datetime({ offset: true, error: "must be an ISO 8601 time with a zone" })])
  .transform((value, context) => {
    if (value instanceof Date) return value.toISOString();
    const fraction = /\.(\d+)/.exec(value)?.[1] ?? "";
    if (fraction.length > 6) {
      context.addIssue({ code: "custom", message: "must have at most six digits after the second" });
      return z.NEVER;
    }
    return `${new Date(value).toISOString().slice(0, -1)}${fraction.slice(3)}Z`;
  });

const details = z
  .custom<Record<string, Json | undefined>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  )
  .superRefine((value, context) => {
    const problem = findJsonProblem(value);
    if (problem) context.addIssue({ code: "custom", ...problem });
    else if (Buffer.byteLength(JSON.stringify(value)) > maxDetailsBytes)
      context.addIssue({ code: "custom", message: `must take at most ${maxDetailsBytes} bytes` });
  });

const maxPersonalBytes = 16_384;

/** A person's fields, stored encrypted under that person's own key. */
const person = z
  .strictObject({
    id: text(500),
    name: text(500).optional(),
    email: text(500).optional(),
    ip: text(100).optional(),
    userAgent: text(2_000).optional(),
    details: details.optional(),
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxPersonalBytes, {
    message: `must take at most ${maxPersonalBytes} bytes`,
  });

/**
 * One event as a caller gives it. Only `actor` and `targetPerson` may hold personal data; the others name people by
 * token, and when the target is a person `targetId` is the token as well (left out, it becomes that).
 */
export const eventInput = z
  .strictObject({
    id: z.uuid({ version: "v7", error: "must be a UUID of version 7" }).optional(),
    occurredAt: moment.optional(),
    recordedAt: moment.optional(),
    organizationId: text(200),
    action: text(200),
    status: z.enum(eventStatuses),
    targetType: text(200).nullish(),
    targetId: text(500).nullish(),
    outcome: text(500).nullish(),
    correlationId: text(200).nullish(),
    eventVersion: z.int().min(1).max(32_767).default(1),
    dataClassification: z.enum(dataClassifications).default("INTERNAL"),
    retentionPolicy: text(63).default("standard"),
    processingMs: z.int().min(0).max(2_147_483_647).nullish(),
    details: details.default({}),
    actorToken: text(200).nullish(),
    targetToken: text(200).nullish(),
    actor: person.optional(),
    targetPerson: person.optional(),
  })
  .superRefine((event, context) => {
    for (const [whole, token] of [
      ["actor", "actorToken"],
      ["targetPerson", "targetToken"],
    ] as const)
      if (event[whole] && event[token])
        context.addIssue({
          code: "custom",
          path: [token],
          message: `must be left out where ${whole} is given`,
        });
  });
export type EventInput = z.input<typeof eventInput>;

/** An event whose id and times are fixed: appending it again is the same event. It is a valid `EventInput`. */
export type PreparedEvent = z.output<typeof eventInput> &
  Required<Pick<z.output<typeof eventInput>, "id" | "occurredAt" | "recordedAt">>;

/**
 * Validates events and fixes what was left open (id, occurred_at, recorded_at), once, before the first attempt.
 * @throws AppError BAD_INPUT whose `fields` are paths beginning with the event's index, e.g. `3.details.amount`.
 */
export function prepareEvents(events: readonly EventInput[], now = new Date()): PreparedEvent[] {
  const parsed = z.array(eventInput).safeParse(events);
  if (!parsed.success) throw toAppError(parsed.error);
  // Items are told apart by their index alone, so a field's path begins with it.
  return parsed.data.map((event, index) => {
    const recordedAt = event.recordedAt ?? now.toISOString();
    if (Date.parse(recordedAt) > now.getTime() + recordedAheadMs)
      throw new AppError("BAD_INPUT", `${index}.recordedAt: must not lie in the future`, {
        fields: { [`${index}.recordedAt`]: "must not lie in the future" },
      });
    return {
      ...event,
      id: event.id ?? uuidV7(now.getTime()),
      occurredAt: event.occurredAt ?? recordedAt,
      recordedAt,
    };
  });
}

import { z } from "zod";
import { canonicalIJson } from "./canonical-i-json.ts";
import {
  dataClassifications,
  eventStatuses,
  maxCharacters,
  maxDetailsBytes,
  maxEventVersion,
  maxPersonalBytes,
  maxPersonCharacters,
  maxProcessingMs,
} from "./event-limits.ts";
import { findJsonProblem, findTextProblem, type Json } from "./i-json.ts";
import { toMoment } from "./moment.ts";

const text = (maxLength: number) =>
  z
    .string()
    .min(1, "must not be empty")
    .max(maxLength, `must have at most ${maxLength} characters`)
    .superRefine((value, context) => {
      const message = findTextProblem(value);
      if (message) context.addIssue({ code: "custom", message });
    });

const moment = z
  .union([z.date(), z.iso.datetime({ offset: true, error: "must be an ISO 8601 time with a zone" })])
  .transform((value, context) => {
    const made = toMoment(value);
    if ("time" in made) return made.time;
    context.addIssue({ code: "custom", message: made.problem });
    return z.NEVER;
  });

/** Of the JSON text; none where the value has none, which is another problem's to say. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(canonicalIJson(value) ?? "");
}

const details = z
  .custom<Record<string, Json | undefined>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  )
  .superRefine((value, context) => {
    const problem = findJsonProblem(value);
    if (problem) context.addIssue({ code: "custom", ...problem });
    else if (bytesOf(value) > maxDetailsBytes)
      context.addIssue({ code: "custom", message: `must take at most ${maxDetailsBytes} bytes` });
  });

/** A person's fields, stored encrypted under that person's own key. */
const person = z
  .strictObject({
    id: text(maxPersonCharacters.id),
    name: text(maxPersonCharacters.name).optional(),
    email: text(maxPersonCharacters.email).optional(),
    ip: text(maxPersonCharacters.ip).optional(),
    userAgent: text(maxPersonCharacters.userAgent).optional(),
    details: details.optional(),
  })
  .refine((value) => bytesOf(value) <= maxPersonalBytes, {
    message: `must take at most ${maxPersonalBytes} bytes`,
  });

/**
 * One event as a caller gives it. Only `actor` and `targetPerson` may hold personal data; the others name people by
 * token, and when the target is a person `targetId` is the token as well (left out, or that person's id or e-mail
 * address, it becomes that).
 */
export const eventInput = z
  .strictObject({
    id: z.uuid({ version: "v7", error: "must be a UUID of version 7" }).optional(),
    occurredAt: moment.optional(),
    recordedAt: moment.optional(),
    organizationId: text(maxCharacters.organizationId),
    action: text(maxCharacters.action),
    status: z.enum(eventStatuses),
    targetType: text(maxCharacters.targetType).nullish(),
    targetId: text(maxCharacters.targetId).nullish(),
    outcome: text(maxCharacters.outcome).nullish(),
    correlationId: text(maxCharacters.correlationId).nullish(),
    eventVersion: z.int().min(1).max(maxEventVersion).default(1),
    dataClassification: z.enum(dataClassifications).default("INTERNAL"),
    retentionPolicy: text(maxCharacters.retentionPolicy).default("standard"),
    processingMs: z.int().min(0).max(maxProcessingMs).nullish(),
    details: details.default({}),
    actorToken: text(maxCharacters.actorToken).nullish(),
    targetToken: text(maxCharacters.targetToken).nullish(),
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

export type PersonInput = z.input<typeof person>;

export type ParsedEvent = z.output<typeof eventInput>;

/** A valid event with the RFC 8785 texts of its objects, made once: what is hashed is what is sent. */
export interface CheckedEvent {
  event: ParsedEvent;
  details: string;
  actor: string | undefined;
  targetPerson: string | undefined;
}

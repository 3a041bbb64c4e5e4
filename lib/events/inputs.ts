import { z } from "zod";
import { dataClassifications, eventStatuses } from "../audit-db/append/event-limits.ts";
import { AppError } from "../errors.ts";
import { instantText, trimmedInput } from "../inputs.ts";

const short = trimmedInput(500).min(1);

export const eventKeyInput = {
  /** With microseconds, as lists give it. */
  occurredAt: instantText({ offset: false }),
  id: z.uuid(),
};

const key = z.strictObject(eventKeyInput);

/** Filters as pages, API and command line give them. */
export const filterInput = {
  actor: short.optional(),
  target: short.optional(),
  targetType: short.optional(),
  organization: short.optional(),
  action: short.optional(),
  status: z.enum(eventStatuses).optional(),
  classification: z.enum(dataClassifications).optional(),
  policy: short.optional(),
  correlation: short.optional(),
  text: short.optional(),
};

export const pageInput = { before: key.optional(), after: key.optional() };

/** `occurredAt_id` as one word, as addresses have it. @param name of the parameter it stands in @throws AppError BAD_INPUT */
export function parseEventKey(text: string, name = "before"): { occurredAt: string; id: string } {
  const [occurredAt, id] = text.split("_");
  const parsed = key.safeParse({ occurredAt, id });
  if (parsed.success) return parsed.data;
  const problem = "must be an event's time and id, joined by an underscore";
  throw new AppError("BAD_INPUT", `${name}: ${problem}.`, { fields: { [name]: problem } });
}

import { z } from "zod";
import { dataClassifications, eventStatuses } from "../audit-db/event.ts";

const short = z.string().trim().min(1).max(500);

export const eventKeyInput = {
  /** With microseconds, as lists give it. */
  occurredAt: z.iso.datetime({ error: "must be an ISO 8601 time in UTC" }),
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

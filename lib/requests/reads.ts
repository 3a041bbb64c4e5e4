import { z } from "zod";
import { defineRead } from "../read.ts";
import { requestKindNames } from "../request-law/kinds.ts";
import { certificateReads } from "./certificate/reads.ts";
import { getRequestCalendar } from "./clock/get-request-calendar.ts";
import { getRequestMonth } from "./clock/get-request-month.ts";
import { getControllers } from "./controllers/get-controllers.ts";
import { erasureReads } from "./erasure/reads.ts";
import { getRequest } from "./get-request.ts";
import { getRequestGrounds } from "./get-request-grounds.ts";
import { countRequests, getRequests, requestFilters } from "./get-requests.ts";
import { requireRequest } from "./read-request.ts";
import { readTimeline } from "./read-timeline.ts";
import { requestNumber, requestRef } from "./request-number.ts";
import { scanReads } from "./scan/reads.ts";
import { scopeReads } from "./scope/reads.ts";
import { getIntakeSources } from "./webhook/get-intake-sources.ts";

const ofOne = z.strictObject({ request: requestRef });
const source = "console: privacy_request";

/** Reads of what people ask of their data. Who asks is none of them: a look at that is a verb, on record. */
export const requestsReads = {
  ...certificateReads,
  ...erasureReads,
  ...scopeReads,
  ...scanReads,
  requests: defineRead({
    role: "privacy_officer",
    input: z.strictObject({
      state: z.enum(requestFilters).default("open"),
      kind: z.enum(requestKindNames).optional(),
      overdue: z.boolean().default(false),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: requestNumber.optional(),
    }),
    run: async ({ console, now }, asked) => ({
      data: await getRequests(console.db, asked, now),
      observedAt: now,
      source,
    }),
  }),
  request: defineRead({
    role: "privacy_officer",
    input: ofOne,
    run: async ({ console, now }, { request }) => ({
      data: await getRequest(console.db, request, now),
      observedAt: now,
      source,
    }),
  }),
  requestTimeline: defineRead({
    role: "privacy_officer",
    input: ofOne,
    run: async ({ console, now }, { request }) => ({
      data: await readTimeline(console.db, (await requireRequest(console.db, request)).id),
      observedAt: now,
      source: "console: privacy_request_event",
    }),
  }),
  /** Days on which something is due, from the controller's today on. */
  requestCalendar: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(90) }),
    run: async ({ console, now }, { days }) => ({
      data: await getRequestCalendar(console.db, days, now),
      observedAt: now,
      source,
    }),
  }),
  /** Open requests that are due in a month and in the weeks at its edges. */
  requestMonth: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) }),
    run: async ({ console, now }, { month }) => ({
      data: await getRequestMonth(console.db, month, now),
      observedAt: now,
      source,
    }),
  }),
  /** What may refuse a request, and what the law asks of it where. */
  requestGrounds: defineRead({
    role: "privacy_officer",
    input: z.strictObject({}),
    run: async ({ now }) => ({
      data: getRequestGrounds(),
      observedAt: now,
      source: "the console's table of laws",
    }),
  }),
  controllers: defineRead({
    role: "privacy_officer",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getControllers(console.db),
      observedAt: now,
      source: "console: privacy_controller",
    }),
  }),
  /** Ticketing systems that may hand requests in; their keys are never read back. */
  intakeSources: defineRead({
    role: "privacy_officer",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getIntakeSources(console.db),
      observedAt: now,
      source: "console: privacy_intake_source",
    }),
  }),
  requestCounts: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await countRequests(console.db, now),
      observedAt: now,
      source,
    }),
  }),
};

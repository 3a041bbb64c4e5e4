import { z } from "zod";
import { requestKindNames } from "../../request-law/kinds.ts";
import { requestFilters } from "../../requests/get-requests.ts";
import { requestScopeAnswer } from "../answers/request-scope.ts";
import {
  calendarAnswer,
  controllersAnswer,
  groundsAnswer,
  intakeSourcesAnswer,
  requestAnswer,
  requestCountsAnswer,
  requestScanAnswer,
  requestsAnswer,
  timelineAnswer,
} from "../answers/requests.ts";
import { defineEndpoint } from "../endpoint.ts";
import { belowNumber, booleanQuery, limitQuery } from "../parts.ts";

const forOfficers = "for privacy officers and administrators";
const none = { query: z.object({}), toInput: () => ({}) };
const ofOne = {
  parameters: { number: z.string().meta({ description: "The request's number, or its id" }) },
  query: z.object({}),
  toInput: (_query: object, { number = "" }: Record<string, string>) => ({
    request: /^\d{1,15}$/.test(number) ? Number(number) : number,
  }),
};
/** By the number alone. */
const byNumber = {
  ...ofOne,
  parameters: { number: z.string().meta({ description: "The request's number" }) },
};

/** Resources about what people ask of their data. */
export const requestsEndpoints = {
  requests: defineEndpoint({
    path: "/api/v1/privacy/requests",
    summary: `Requests of people about their data, newest first; ${forOfficers}`,
    read: "requests",
    query: z.object({
      state: z.enum(requestFilters).default("open"),
      kind: z.enum(requestKindNames).optional(),
      overdue: booleanQuery(false).meta({ description: "Only those whose last day is over" }),
      limit: limitQuery(500, 100),
      before: belowNumber,
    }),
    toInput: (query) => query,
    answer: requestsAnswer,
  }),
  request: defineEndpoint({
    path: "/api/v1/privacy/requests/{number}",
    summary: `One request with its clock, timeline and all that came of it, but for who asks; ${forOfficers}`,
    read: "request",
    ...ofOne,
    answer: requestAnswer,
  }),
  requestTimeline: defineEndpoint({
    path: "/api/v1/privacy/requests/{number}/timeline",
    summary: `What happened to a request, in order; ${forOfficers}`,
    read: "requestTimeline",
    ...ofOne,
    answer: timelineAnswer,
  }),
  requestScope: defineEndpoint({
    path: "/api/v1/privacy/requests/{number}/scope",
    summary: `What there is of the person, counted, and whether that is of now; ${forOfficers}`,
    read: "requestScope",
    ...byNumber,
    answer: requestScopeAnswer,
  }),
  requestScan: defineEndpoint({
    path: "/api/v1/privacy/requests/{number}/scan",
    summary: `Where identifiers were looked for after an erasure, and what was found; ${forOfficers}`,
    read: "requestScan",
    ...byNumber,
    answer: requestScanAnswer,
  }),
  requestCounts: defineEndpoint({
    path: "/api/v1/privacy/requests/counts",
    summary: "How many requests there are in each state, and how many are late",
    read: "requestCounts",
    ...none,
    answer: requestCountsAnswer,
  }),
  requestCalendar: defineEndpoint({
    path: "/api/v1/privacy/requests/calendar",
    summary: `Days on which requests are due, those that are over among them; ${forOfficers}`,
    read: "requestCalendar",
    query: z.object({ days: z.coerce.number().int().min(1).max(366).default(90) }),
    toInput: (query) => query,
    answer: calendarAnswer,
  }),
  requestGrounds: defineEndpoint({
    path: "/api/v1/privacy/grounds",
    summary: `What may refuse a request, and what the law asks where; ${forOfficers}`,
    read: "requestGrounds",
    ...none,
    answer: groundsAnswer,
  }),
  controllers: defineEndpoint({
    path: "/api/v1/privacy/controllers",
    summary: `Who answers for whose data, as letters tell it; ${forOfficers}`,
    read: "controllers",
    ...none,
    answer: controllersAnswer,
  }),
  intakeSources: defineEndpoint({
    path: "/api/v1/privacy/intake",
    summary: `Ticketing systems that may hand requests in, without their keys; ${forOfficers}`,
    read: "intakeSources",
    ...none,
    answer: intakeSourcesAnswer,
  }),
};

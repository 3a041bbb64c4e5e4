import { defineCheck, type Limits, type ObjectState, type OpenRequest, stateAt } from "../check.ts";
import { counted, durationInWords } from "../words.ts";
import { openRequestsMost } from "./list-open-requests.ts";

const source = "privacy_request (console)";
const daySeconds = 86_400;
const needs = "Nothing beyond the console's own database.";

export const objectOf = ({ number }: Pick<OpenRequest, "number">) =>
  ({ kind: "request", name: `#${number}` }) as const;

/** Those whose month runs: nobody has answered yet, and the clock does not stand. */
function running(requests: readonly OpenRequest[]) {
  return requests.flatMap(({ dueAt, answered, ...request }) =>
    dueAt === null || answered ? [] : [{ ...request, dueAt }],
  );
}

type Running = Pick<OpenRequest, "number"> & { dueAt: Date };

/** Judged once for the whole console, with its first target, as are the others of requests. */
export const requestDue = defineCheck({
  id: "privacy.request_due",
  title: "Request due soon",
  source,
  why: "A week leaves time to count, to decide with a second person and to carry out; two days are what a scan of years and a letter take.",
  unit: "days",
  path: "privacy/requests",
  runbook:
    "The law gives a month to answer what somebody asks of their data, and it is nearly over. Open the request: its next step is the one button. Where it cannot be done in time, the person must be told of an extension, with the reasons, before the first month ends.",
  needs,
  thresholds: { warning: 7, critical: 2, direction: "falling" },
  whileDown: true,
  tellSeveral: (objects) => `${objects.length} requests are due soon.`,
  async evaluate({ requests, now }, limitsFor) {
    const all = await requests();
    return {
      objects: running(all)
        .filter(({ dueAt }) => dueAt > now)
        .map((request) => judgeDue(request, limitsFor(objectOf(request)), now)),
      complete: all.length < openRequestsMost,
    };
  },
});

export const requestOverdue = defineCheck({
  id: "privacy.request_overdue",
  title: "Request overdue",
  source,
  why: "The law has no grace: it is broken from the first moment after the last day.",
  unit: "days",
  path: "privacy/requests",
  runbook:
    "The last day by law has passed and nobody has answered the person. Answer now with what there is, say why it is late, and record that the answer was sent. Whether it must be told to anybody else is for your data protection officer to say. The clock cannot be stopped or extended any more.",
  needs,
  thresholds: { warning: null, critical: 0, direction: "rising" },
  whileDown: true,
  guarded: true,
  covers: ["privacy.request_due"],
  tellSeveral: (objects) => `${objects.length} requests are overdue.`,
  async evaluate({ requests, now }, limitsFor) {
    const all = await requests();
    return {
      objects: running(all).map((request) => judgeOverdue(request, limitsFor(objectOf(request)), now)),
      complete: all.length < openRequestsMost,
    };
  },
});

/** What only California asks for, and long before the answer. */
export const requestUnacknowledged = defineCheck({
  id: "privacy.request_unacknowledged",
  title: "Receipt of a request not acknowledged",
  source,
  why: "California gives ten business days to tell somebody that their request has arrived; two days are left to write to them, and after the last one the law is broken.",
  unit: "days",
  path: "privacy/requests",
  runbook:
    "The person must be told within ten business days that their request arrived, and how it will be handled; nothing lets these days stand. Write to them, then record on the request's page, beside its clock, that receipt was acknowledged. Where the last day has passed, do it now all the same. An answer to the request ends it as well.",
  needs,
  thresholds: { warning: 2, critical: 0, direction: "falling" },
  whileDown: true,
  guarded: true,
  tellSeveral: (objects) => `${objects.length} requests are not acknowledged.`,
  async evaluate({ requests, now }, limitsFor) {
    const all = await requests();
    return {
      objects: all.flatMap(({ number, acknowledgeBy, answered }) =>
        acknowledgeBy === null || answered
          ? []
          : [judgeUnacknowledged({ number, acknowledgeBy }, limitsFor(objectOf({ number })), now)],
      ),
      complete: all.length < openRequestsMost,
    };
  },
});

export function judgeUnacknowledged(
  request: Pick<OpenRequest, "number"> & { acknowledgeBy: Date },
  threshold: Limits,
  now: Date,
): ObjectState {
  const seconds = (request.acknowledgeBy.getTime() - now.getTime()) / 1_000;
  const value = seconds / daySeconds;
  return {
    object: objectOf(request),
    state: stateAt(value, threshold, "falling"),
    ...{ value, threshold, since: seconds < 0 ? request.acknowledgeBy : null },
    words: {
      title:
        seconds < 0
          ? `Receipt of request #${request.number} should have been acknowledged ${durationInWords(-seconds)} ago.`
          : `Receipt of request #${request.number} is to be acknowledged within ${durationInWords(seconds)}.`,
      detail: "Tell the person that it arrived, and record that on the request's page.",
    },
    path: `privacy/requests/${request.number}`,
  };
}

export function judgeDue(request: Running, threshold: Limits, now: Date): ObjectState {
  const seconds = (request.dueAt.getTime() - now.getTime()) / 1_000;
  const value = seconds / daySeconds;
  return {
    object: objectOf(request),
    state: stateAt(value, threshold, "falling"),
    ...{ value, threshold, since: null },
    words: {
      title: `Request #${request.number} is due in ${durationInWords(seconds)}.`,
      detail: "Open it: its next step is the one button.",
    },
    path: `privacy/requests/${request.number}`,
  };
}

export function judgeOverdue(request: Running, threshold: Limits, now: Date): ObjectState {
  const seconds = (now.getTime() - request.dueAt.getTime()) / 1_000;
  const value = seconds / daySeconds;
  const state = stateAt(value, threshold);
  return {
    object: objectOf(request),
    state,
    ...{ value, threshold, since: state === "ok" ? null : request.dueAt },
    words:
      seconds < 0
        ? { title: `Request #${request.number} is in time.`, detail: "Nothing needs doing." }
        : {
            // As the board counts: the day that has begun is one.
            title: `Request #${request.number} is ${counted(Math.floor(value) + 1, "day")} overdue.`,
            detail: "Answer the person, and record that the answer was sent.",
          },
    path: `privacy/requests/${request.number}`,
  };
}

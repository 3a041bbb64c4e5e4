import { defineCheck, type Limits, type ObjectState, type OpenRequest, stateAt } from "../check.ts";
import { durationInWords } from "../words.ts";
import { objectOf } from "./check-deadlines.ts";
import { openRequestsMost } from "./list-open-requests.ts";

/** Where the product works, or has given up: nobody else moves it on. */
const working = ["scoping", "executing", "verifying", "failed"];

/** Requests whose job does not get on, or failed. */
export const requestStalled = defineCheck({
  id: "privacy.request_stalled",
  title: "Request that does not go on",
  source: "privacy_request, privacy_request_event, job (console)",
  why: "Jobs tell their progress each second; a quarter of an hour without any is many tries, and a failure that nobody has looked at.",
  unit: "seconds",
  path: "privacy/requests",
  runbook:
    "A request is being counted, carried out or verified, and nothing has happened to it for a while, or its job failed. See on its page what the job said, and on Jobs whether a worker runs. Mend the cause and resume it: it goes on where it was.",
  needs: "Nothing beyond the console's own database.",
  thresholds: { warning: 900, critical: 7_200, direction: "rising" },
  whileDown: true,
  guarded: true,
  tellSeveral: (objects) => `${objects.length} requests do not go on.`,
  async evaluate({ requests, now }, limitsFor) {
    const all = await requests();
    return {
      objects: all
        .filter(({ state }) => working.includes(state))
        .map((request) => judgeStalledRequest(request, limitsFor(objectOf(request)), now)),
      complete: all.length < openRequestsMost,
    };
  },
});

/** Requests whose newest search for what is left of a person failed. */
export const requestScanFailed = defineCheck({
  id: "privacy.request_scan_failed",
  title: "Request whose scan failed",
  source: "privacy_request_scan (console)",
  why: "A scan is tried again by its job; one that ended as failed needs somebody.",
  unit: null,
  path: "privacy/requests",
  runbook:
    "After an erasure all places are searched for what is left of the person, and that search did not come to its end. What was erased is erased; what is left is not known, and the request cannot be answered. See on its page what the job said, and scan again.",
  needs: "Nothing beyond the console's own database.",
  thresholds: null,
  whileDown: true,
  guarded: true,
  tellSeveral: (objects) => `The scans of ${objects.length} requests failed.`,
  async evaluate({ requests }) {
    const all = await requests();
    return {
      objects: all.flatMap((request) => (request.scan === null ? [] : [judgeScan(request, request.scan)])),
      complete: all.length < openRequestsMost,
    };
  },
});

export function judgeStalledRequest(request: OpenRequest, threshold: Limits, now: Date): ObjectState {
  const { number, state: at, movedAt } = request;
  const value = Math.max(0, Math.round((now.getTime() - movedAt.getTime()) / 1_000));
  const state = stateAt(value, threshold);
  return {
    object: objectOf(request),
    state,
    ...{ value, threshold, since: movedAt },
    words: {
      title:
        at === "failed"
          ? `Request #${number} was stopped by an error ${durationInWords(value)} ago.`
          : state === "ok"
            ? `Request #${number} goes on.`
            : `Nothing has happened to request #${number} for ${durationInWords(value)}, and it is ${at}.`,
      detail: state === "ok" ? "Nothing needs doing." : "See on its page what its job said, then resume it.",
    },
    path: `privacy/requests/${number}`,
  };
}

function judgeScan(request: OpenRequest, { state, at }: NonNullable<OpenRequest["scan"]>): ObjectState {
  const failed = state === "failed";
  return {
    object: objectOf(request),
    state: failed ? "critical" : "ok",
    value: null,
    threshold: null,
    since: failed ? at : null,
    words: failed
      ? {
          title: `The scan of request #${request.number} failed.`,
          detail:
            "What is left of the person is not known. See on its page what the job said, and scan again.",
        }
      : { title: `The scan of request #${request.number} did not fail.`, detail: "Nothing needs doing." },
    path: `privacy/requests/${request.number}`,
  };
}

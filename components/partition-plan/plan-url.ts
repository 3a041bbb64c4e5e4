"use client";

import { createParser } from "nuqs";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import type { ReadInput } from "@/lib/client/reads.ts";
import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import { packRequest, unpackRequest } from "./pack-request.ts";

/** A request as a button writes it: what it leaves out the server fills in. */
export type AskedPlan = ReadInput<"partitionPlan">["request"];

/** A plan that is asked for: of what, and how long others may be made to wait where not the usual time. */
export interface Asked {
  request: AskedPlan;
  /** Milliseconds. */
  lockTimeoutMs?: number | undefined;
}

/** What stands in the drawer: a plan that is asked for, or the job that carries one out. */
export type OpenPlan = Asked | { job: string };

/** As the server is asked for it. */
export function planInput({ request, lockTimeoutMs }: Asked): ReadInput<"partitionPlan"> {
  return { request, ...(lockTimeoutMs !== undefined && { lockTimeoutMs }) };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const parser = createParser<OpenPlan>({
  parse(text) {
    if (uuid.test(text)) return { job: text };
    const asked = unpackRequest(text);
    if (!asked) return null;
    const { lockTimeoutMs, ...request } = asked;
    return { request: request as AskedPlan, lockTimeoutMs };
  },
  serialize: (open) =>
    "job" in open
      ? open.job
      : packRequest({
          ...(open.request as PlanRequest),
          ...(open.lockTimeoutMs !== undefined && { lockTimeoutMs: open.lockTimeoutMs }),
        }),
  eq: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

/** The drawer's content from the URL, so that a link shows the same plan; Back closes it. */
export function useOpenPlan() {
  return useOpenSheet("plan", parser);
}

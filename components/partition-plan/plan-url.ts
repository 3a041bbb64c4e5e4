"use client";

import { createParser } from "nuqs";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import type { ReadInput } from "@/lib/client/reads.ts";
import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import { packRequest, unpackRequest } from "./pack-request.ts";

/** A request as a button writes it: what it leaves out the server fills in. */
export type AskedPlan = ReadInput<"partitionPlan">["request"];

/** What stands in the drawer: a plan that is asked for, or the job that carries one out. */
export type OpenPlan = { request: AskedPlan } | { job: string };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const parser = createParser<OpenPlan>({
  parse(text) {
    if (uuid.test(text)) return { job: text };
    const request = unpackRequest(text);
    return request && { request: request as AskedPlan };
  },
  serialize: (open) => ("job" in open ? open.job : packRequest(open.request as PlanRequest)),
  eq: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

/** The drawer's content from the URL, so that a link shows the same plan; Back closes it. */
export function useOpenPlan() {
  return useOpenSheet("plan", parser);
}

import { z } from "zod";
import { defineRead } from "../../read.ts";
import { requestNumber } from "../request-number.ts";
import { getScan } from "./get-scan.ts";

export const scanReads = {
  /** Places and counts; no value and no name. */
  requestScan: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ request: requestNumber }),
    run: async ({ console, now }, { request }) => ({
      data: await getScan(console.db, request),
      observedAt: now,
      source: "console: privacy_request_scan",
    }),
  }),
};

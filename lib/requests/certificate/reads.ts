import { z } from "zod";
import { defineRead } from "../../read.ts";
import { requestRef } from "../request-number.ts";
import { getCertificates } from "./get-certificates.ts";

export const certificateReads = {
  requestCertificates: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ request: requestRef }),
    run: async ({ console, now }, { request }) => ({
      data: await getCertificates(console.db, request),
      observedAt: now,
      source: "console: privacy_request_certificate",
    }),
  }),
};

import { z } from "zod";
import { defineEndpoint } from "../endpoint.ts";
import { instant } from "../parts.ts";

const ofOne = {
  parameters: { number: z.string().meta({ description: "The request's number, or its id" }) },
  query: z.object({}),
  toInput: (_query: object, { number = "" }: Record<string, string>) => ({
    request: /^\d{1,15}$/.test(number) ? Number(number) : number,
  }),
};
const lines = z.array(z.string());

const certificate = z
  .object({
    n: z.int().meta({ description: "1 is the certificate, further ones are supplements" }),
    signedAt: instant,
    kid: z.string().meta({ description: "Finds its public key at `/api/v1/keys`" }),
    sha256: z.string().meta({ description: "Of the bundle, hex" }),
    bundle: z.string().meta({ description: "To be kept as it is, to the byte" }),
  })
  .meta({ id: "RequestCertificate", description: "A signed bundle of a closed request; no personal data" });

/** Resources about how a request is carried out, and what proves it. */
export const requestCertificatesEndpoints = {
  requestCertificates: defineEndpoint({
    path: "/api/v1/privacy/requests/{number}/certificate",
    summary:
      "The certificate of a closed request and its supplements; for privacy officers and administrators",
    read: "requestCertificates",
    ...ofOne,
    answer: z.array(certificate),
  }),
  requestExecution: defineEndpoint({
    path: "/api/v1/privacy/requests/{number}/execution",
    summary:
      "What carrying a request out does, what stays and what cannot be undone; changes nothing; for privacy officers and administrators",
    read: "requestExecution",
    ...ofOne,
    answer: z.object({ happens: lines, stays: lines, cannotBeUndone: lines }),
  }),
};

import { z } from "zod";
import { onOff } from "./values.ts";

/** How the console itself is watched, and what stands in front of it. */
export const operationVariables = {
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe("Bearer token for `/metrics`. Unset: `/metrics` needs an API token or a session."),
  TRUST_PROXY: onOff
    .default("off")
    .describe("`on` believes `X-Forwarded-For` of the proxy in front (sign-in throttling per address)."),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("Least level that is logged."),
  LOG_FORMAT: z.enum(["json", "pretty"]).default("json").describe("Form of log lines."),
};

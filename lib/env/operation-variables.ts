import { z } from "zod";
import { onOff, pathList, pingUrl, wholeNumber } from "./values.ts";

/** How the console itself is watched, and what stands in front of it. */
export const operationVariables = {
  CHECKS_EVERY_SECONDS: wholeNumber(2, 300)
    .default(30)
    .describe(
      "How often the worker evaluates every check. States older than three times that are shown as not known. The same for every process.",
    ),
  API_ACTIONS_PER_MINUTE: wholeNumber(1, 100_000)
    .default(120)
    .describe(
      "Actions that one person or token may ask for over the API within a minute; more are answered 429.",
    ),
  ALERT_PING_URL: pingUrl
    .optional()
    .describe(
      "Dead man's switch: an address outside that the worker asks (GET) once a minute while the checks of every target are evaluated in time, and that alarms somebody when nobody asks. Any that the worker reaches; redirects are not followed. It counts as a secret. Unset: nobody outside notices that the console is dead.",
    ),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe("Bearer token for `/metrics`. Unset: `/metrics` needs an API token or a session."),
  AUDIT_DB_TOKEN: z
    .string()
    .optional()
    .describe(
      "API token of the person for whom `audit-db` acts where a person is needed. Unset: whoever `audit-db login` signed in.",
    ),
  TRUST_PROXY: onOff
    .default("off")
    .describe("`on` believes `X-Forwarded-For` of the proxy in front (sign-in throttling per address)."),
  LOG_PATHS: pathList
    .optional()
    .describe(
      "Files and folders, separated by `:`, in which what the console's processes log is kept. A worker that may read them looks through them after an erasure. Unset: the scan says that it did not.",
    ),
  EXPORT_PATHS: pathList
    .optional()
    .describe(
      "Files and folders, separated by `:`, in which exports of events are kept; looked through after an erasure, as `LOG_PATHS`.",
    ),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("Least level that is logged."),
  LOG_FORMAT: z.enum(["json", "pretty"]).default("json").describe("Form of log lines."),
};

import { z } from "zod";
import { wholeNumber } from "./values.ts";

/** What is taken in, and the keys of the people in it. */
export const eventVariables = {
  INGEST_EVENTS_PER_SECOND: wholeNumber(1, 1_000_000)
    .default(10_000)
    .describe(
      "Events one API token may hand in each second, averaged over ten. Counted in Redis across processes, else in each process.",
    ),
  MASTER_KEY_FILE: z
    .string()
    .optional()
    .describe(
      "The file with the master keys that wrap people's keys and every other secret of the console (mode 0600; `audit-db vault init` makes one). Generated under `DATA_DIR` without `CONSOLE_DATABASE_URL`; unset otherwise: events that carry people are refused, and nothing is signed.",
    ),
  MASTER_KEY_ROTATION_DAYS: wholeNumber(1, 3_650)
    .default(30)
    .describe(
      "Days after which the master key is replaced and the old one destroyed: how long an erased person's key survives in backups of the console.",
    ),
};

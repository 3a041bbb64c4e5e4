import { z } from "zod";
import { defineRead } from "../read.ts";
import { getConsoleStatus } from "./get-console-status.ts";
import { getTargetStatus } from "./get-target-status.ts";

export const targetsReads = {
  targetStatus: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getTargetStatus(audit),
  }),
  /** Whether this process can use the console's own database; the target plays no part. */
  consoleStatus: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: async ({ now }) => getConsoleStatus(now),
  }),
};

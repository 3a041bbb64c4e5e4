import { z } from "zod";
import { defineRead } from "../read.ts";
import { getTargetStatus } from "./get-target-status.ts";

export const targetsReads = {
  targetStatus: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getTargetStatus(audit),
  }),
};

import { z } from "zod";
import { env } from "../env.ts";
import { defineRead } from "../read.ts";
import { getCapabilities } from "./get-capabilities.ts";
import { getConfiguredFeatures } from "./get-configured-features.ts";

export const capabilitiesReads = {
  /** Every feature of the target: what it is for, needs, whether it is there, and what would enable it. */
  capabilities: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: async ({ audit, now }) => {
      const target = env().targets.find((t) => t.name === audit.target);
      const configured = await getConfiguredFeatures(target, env().REDIS_URL, env().MASTER_KEY_FILE);
      return getCapabilities(audit, configured, now);
    },
  }),
};

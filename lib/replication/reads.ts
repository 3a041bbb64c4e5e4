import { z } from "zod";
import { defineRead } from "../read.ts";
import { getReplicationStatus } from "./get-replication-status.ts";

export const replicationReads = {
  /** Primary or standby, who follows, and how far behind they are. */
  replicationStatus: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getReplicationStatus(audit),
  }),
};

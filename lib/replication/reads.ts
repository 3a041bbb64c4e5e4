import { z } from "zod";
import { defineRead, rangeInput } from "../read.ts";
import { getArchiver } from "./get-archiver.ts";
import { getConflicts } from "./get-conflicts.ts";
import { getNodes } from "./get-nodes.ts";
import { getReplicationEvents } from "./get-replication-events.ts";
import { getReplicationStatus } from "./get-replication-status.ts";
import { getSlots } from "./get-slots.ts";

export const replicationReads = {
  /** Primary or standby, who follows, and how far behind they are. */
  replicationStatus: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getReplicationStatus(audit),
  }),
  /** Configured servers, their state and their share of our reads. */
  replicationNodes: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: (context) => getNodes(context),
  }),
  /** Slots and the WAL each holds back. */
  replicationSlots: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getSlots(audit),
  }),
  /** Whether WAL leaves for an archive. */
  walArchiver: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getArchiver(audit),
  }),
  /** Queries that recovery cancelled on each configured replica. */
  recoveryConflicts: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit, now }) => getConflicts(audit, now),
  }),
  /** Fail-overs, drained replicas, restarts and outages in a range. */
  replicationEvents: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput }),
    run: (context, { range }) => getReplicationEvents(context, range),
  }),
};

import { z } from "zod";
import { textInput } from "../inputs.ts";
import { defineRead, rangeInput } from "../read.ts";
import { getArchiver } from "./get-archiver.ts";
import { getConflicts } from "./get-conflicts.ts";
import { getNodes } from "./get-nodes.ts";
import { getReplicationEvents } from "./get-replication-events.ts";
import { getSlots } from "./get-slots.ts";
import { getStandbyLag, getStandbyStages } from "./get-standby-history.ts";
import { recallTopology } from "./recall-topology.ts";

export const replicationReads = {
  /** Every server, who feeds it, and how far it is behind. */
  replicationTopology: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: (context) => recallTopology(context),
  }),
  /** Seconds each standby was behind over time. */
  standbyLag: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput }),
    run: (context, { range }) => getStandbyLag(context, range),
  }),
  /** What waited at each stage on the way to one standby over time. */
  standbyStages: defineRead({
    role: "viewer",
    input: z.strictObject({ standby: textInput(300).min(1), range: rangeInput }),
    run: (context, { standby, range }) => getStandbyStages(context, standby, range),
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
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getSlots(audit),
  }),
  /** Whether WAL leaves for an archive. */
  walArchiver: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getArchiver(audit),
  }),
  /** Queries that recovery cancelled on each configured replica. */
  recoveryConflicts: defineRead({
    role: "viewer",
    withoutConsole: true,
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

import type { Check } from "../check.ts";
import { archiving } from "./check-archiving.ts";
import { lagBytes, lagSeconds } from "./check-lag.ts";
import { drainedReplica, foreignServer, replicaDown, splitBrain } from "./check-nodes.ts";
import { receiver } from "./check-receiver.ts";
import { roleFlip } from "./check-role-flip.ts";
import { lostSlot, slotAtRisk, slotRetained } from "./check-slots.ts";
import { slotChecks } from "./slot-checks.ts";

export const replicationChecks: readonly Check[] = [
  splitBrain,
  foreignServer,
  replicaDown,
  receiver,
  lagBytes,
  lagSeconds,
  drainedReplica,
  roleFlip,
  lostSlot,
  slotAtRisk,
  slotRetained,
  ...slotChecks,
  archiving,
];

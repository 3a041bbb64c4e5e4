/** The action that carries a plan of each verb out, by its name among `lib/admin.ts`. */
export const partitionActions = {
  create: "createPartitions",
  repair: "repairPartition",
  detach: "detachPartition",
  finalize: "finalizePartition",
  attach: "attachPartition",
  maintain: "maintainPartitions",
  "run-partman": "runPartmanMaintenance",
  "leave-partman": "leavePartman",
} as const;

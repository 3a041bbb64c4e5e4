import { carryOutVerb } from "./carry-out-verb.ts";

export const partitionsVerbs = {
  createPartitions: carryOutVerb("create"),
  repairPartition: carryOutVerb("repair"),
  detachPartition: carryOutVerb("detach"),
  finalizePartition: carryOutVerb("finalize"),
  attachPartition: carryOutVerb("attach"),
  maintainPartitions: carryOutVerb("maintain"),
  runPartmanMaintenance: carryOutVerb("run-partman"),
  leavePartman: carryOutVerb("leave-partman"),
};

import { answersSamplers } from "./answers/samplers.ts";
import { buffersSamplers } from "./buffers/samplers.ts";
import type { Sampler } from "./collector/types.ts";
import { connectionsSamplers } from "./connections/samplers.ts";
import { eventsSamplers } from "./events/samplers.ts";
import { partitionsSamplers } from "./partitions/samplers.ts";
import { queriesSamplers } from "./queries/samplers.ts";
import { replicationSamplers } from "./replication/samplers.ts";
import { storageSamplers } from "./storage/samplers.ts";
import { workloadSamplers } from "./workload/samplers.ts";

/** Everything the collector samples of a target, in the order in which it is asked. */
export const samplers: readonly Sampler[] = [
  ...connectionsSamplers,
  ...workloadSamplers,
  ...buffersSamplers,
  ...answersSamplers,
  ...queriesSamplers,
  ...replicationSamplers,
  ...partitionsSamplers,
  ...storageSamplers,
  ...eventsSamplers,
];

import type { Sampler } from "../collector/types.ts";
import { connectionSampler } from "./sample-connections.ts";
import { createPoolerSampler, poolerUrlOf } from "./sample-pooler.ts";
import { poolSampler } from "./sample-pools.ts";

export const connectionsSamplers: Sampler[] = [
  connectionSampler,
  poolSampler,
  createPoolerSampler(poolerUrlOf),
];

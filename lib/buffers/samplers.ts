import type { Sampler } from "../collector/types.ts";
import { checkpointSampler } from "./sample-checkpoints.ts";
import { ioObjectSampler, ioSampler } from "./sample-io.ts";
import { walSampler } from "./sample-wal.ts";

export const buffersSamplers: Sampler[] = [ioSampler, ioObjectSampler, walSampler, checkpointSampler];

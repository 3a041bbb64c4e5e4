import type { Sampler } from "../collector/types.ts";
import { databaseSampler } from "./sample-database.ts";

export const workloadSamplers: Sampler[] = [databaseSampler];

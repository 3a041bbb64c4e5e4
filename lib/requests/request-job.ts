import { z } from "zod";
import type { Job } from "../jobs/define-job.ts";

/** Input of every job that works for a request: who asks stands nowhere in it. */
export const requestJobInput = z.strictObject({ request: z.uuid() });
export type RequestJob = Job<typeof requestJobInput>;

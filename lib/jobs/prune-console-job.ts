import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { pruneConsole } from "./prune-console.ts";
import { pruneJobs } from "./prune-jobs.ts";

/** Keeps the console's own tables small. */
export const pruneConsoleJob = defineJob({
  name: "console.prune",
  title: "Prune the console database",
  input: z.object({}),
  keepDays: 7,
  async run({ console, signal, now }) {
    await pruneConsole(console, now());
    return { prunedJobs: await pruneJobs(console, now(), signal) };
  },
});

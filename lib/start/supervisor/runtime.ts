import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { processBegan } from "../process-identity.ts";
import { writePrivateFile } from "../settings/secrets.ts";

const runtimeSchema = z.object({
  pid: z.number().int(),
  began: z.string(),
  /** The address people use; null for an instance without pages. */
  address: z.string().nullable(),
  /** What the command line needs of the console's environment, the embedded servers' URLs among it. */
  environment: z.record(z.string(), z.string()),
});

/** What a running instance tells other programs on this machine (the command line, tests). */
export type Runtime = z.infer<typeof runtimeSchema>;

export function writeRuntime(dataDir: string, runtime: Pick<Runtime, "address" | "environment">): void {
  const whole: Runtime = { pid: process.pid, began: processBegan(process.pid) ?? "", ...runtime };
  writePrivateFile(runtimeFile(dataDir), JSON.stringify(whole, null, 2));
}

export function removeRuntime(dataDir: string): void {
  rmSync(runtimeFile(dataDir), { force: true });
}

/** The instance that runs on a data folder now, or null: none runs, or this user may not know. */
export function readRuntime(dataDir: string): Runtime | null {
  try {
    const parsed = runtimeSchema.safeParse(JSON.parse(readFileSync(runtimeFile(dataDir), "utf8")));
    if (!parsed.success || processBegan(parsed.data.pid) !== parsed.data.began) return null;
    return parsed.data;
  } catch {
    return null;
  }
}

function runtimeFile(dataDir: string): string {
  return path.join(dataDir, "runtime.json");
}

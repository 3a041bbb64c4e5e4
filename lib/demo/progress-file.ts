import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const schema = z.object({
  /** The server the history is written to: another one starts anew. */
  systemIdentifier: z.string(),
  /** When the first start was; the history ends there. */
  anchor: z.coerce.date(),
  /** Days of the history that are stored, from its beginning. */
  daysDone: z.int().min(0),
  complete: z.boolean(),
});
export type Progress = z.infer<typeof schema>;

/** How far the history has come, or a fresh beginning when there is none for this server. */
export function loadProgress(dataDir: string, systemIdentifier: string, now: Date): Progress {
  const fresh = { systemIdentifier, anchor: now, daysDone: 0, complete: false };
  try {
    const known = schema.parse(JSON.parse(readFileSync(fileIn(dataDir), "utf8")));
    return known.systemIdentifier === systemIdentifier ? known : fresh;
  } catch {
    return fresh;
  }
}

export function saveProgress(dataDir: string, progress: Progress): void {
  const draft = `${fileIn(dataDir)}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(progress)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(dataDir));
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, "demo.json");
}

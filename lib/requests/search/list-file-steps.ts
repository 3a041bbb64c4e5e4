import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { SearchStep } from "./steps.ts";

type FileStep = Extract<SearchStep, { kind: "file" }>;

/** Every file of these files and folders; those that are not there or may not be read are told as such. */
export function listFileSteps(paths: readonly string[]): { steps: FileStep[]; unreadable: string[] } {
  const steps: FileStep[] = [];
  const unreadable: string[] = [];
  for (const one of paths)
    try {
      for (const file of filesOf(one)) steps.push({ kind: "file", key: `file/${file}`, path: file });
    } catch {
      unreadable.push(one);
    }
  return { steps, unreadable };
}

function filesOf(one: string): string[] {
  if (statSync(one).isFile()) return [one];
  return readdirSync(one, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

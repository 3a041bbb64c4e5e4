import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { SearchStep } from "./steps.ts";

type FileStep = Extract<SearchStep, { kind: "file" }>;

/** Every file of these files and folders; those without a file, not there or not readable are told as such. */
export function listFileSteps(paths: readonly string[]): {
  steps: FileStep[];
  empty: string[];
  unreadable: string[];
} {
  const steps: FileStep[] = [];
  const empty: string[] = [];
  const unreadable: string[] = [];
  for (const one of paths)
    try {
      const files = filesOf(one);
      if (files.length === 0) empty.push(one);
      for (const file of files) steps.push({ kind: "file", key: `file/${file}`, path: file });
    } catch {
      unreadable.push(one);
    }
  return { steps, empty, unreadable };
}

function filesOf(one: string): string[] {
  if (statSync(one).isFile()) return [one];
  return readdirSync(one, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

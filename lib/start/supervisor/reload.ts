import { watch } from "node:fs";
import type { Child } from "./child.ts";

const settleMs = 300;

/** Restarts processes when a source file changes; pages reload by themselves. @returns what ends the watching */
export function restartOnChange(folder: string, children: Child[]): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (!file?.endsWith(".ts") || file.endsWith(".test.ts")) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const child of children) child.restart();
    }, settleMs);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

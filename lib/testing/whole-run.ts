import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TestModule, TestProject } from "vitest/node";

/** What a run tells of one file: typed by vitest, so that an upgrade that renames it does not compile. */
export interface RunFile {
  moduleId: string;
  /** Ended without a failure. */
  ok: boolean;
  /** Some of its tests were picked: `.only`. */
  picked: boolean;
}

/** Whether a run left none of the files out, nor any test of them, and nothing failed in it. */
export function isWholeRun(
  files: readonly string[],
  ran: readonly RunFile[],
  namePattern: RegExp | undefined,
): boolean {
  const whole = new Set(ran.filter(({ ok, picked }) => ok && !picked).map(({ moduleId }) => moduleId));
  return !namePattern && files.length > 0 && files.every((file) => whole.has(file));
}

/** Whether every database test there is was run, by the disk rather than by what the run was told to look for. */
export function ranEverything({ vitest, config }: TestProject): boolean {
  const files = globSync("{app,drizzle,lib}/**/*.db.test.ts", { cwd: config.root });
  const ran = vitest.state.getTestModules().map(tellFile);
  const pattern = vitest.getGlobalTestNamePattern() ?? config.testNamePattern;
  return isWholeRun(
    files.map((file) => path.resolve(config.root, file)),
    ran,
    pattern,
  );
}

/** Once it has run, vitest tells a test that `.only` left out from one that skips itself no more: the text does. */
function tellFile(module: TestModule): RunFile {
  return {
    moduleId: module.moduleId,
    ok: module.ok() && ended(module),
    picked: picks(readFileSync(module.moduleId, "utf8")),
  };
}

/** One whose worker died stays as it was, and counts as well for vitest. */
export const ended = (module: Pick<TestModule, "state">) => !["queued", "pending"].includes(module.state());

export const picks = (source: string) => /\b(?:test|it|describe)(?:\.\w+)*\.only\b/.test(source);

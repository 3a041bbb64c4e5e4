import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const resolveOnce = pathToFileURL(path.resolve(import.meta.dirname, "../resolve-once.ts"));

/**
 * For the environment of a child that runs our sources: modules are stripped of their types and compiled once for
 * all tests, not in each process, and found at once. What knows all verbs starts in 0.5 s instead of 1.8 s.
 */
export const compileCache = {
  // Kept from run to run; whoever inherits it has another folder for what is temporary.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(tmpdir(), "audit-test-compile-cache"),
  NODE_OPTIONS: `--import=${resolveOnce}`,
};

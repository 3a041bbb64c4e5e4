import { tmpdir } from "node:os";
import path from "node:path";

/**
 * For the environment of a child that runs our sources: modules are stripped of their types and compiled once for
 * all tests, not in each process. The command line starts in 0.16 s instead of 0.3 s.
 */
export const compileCache = { NODE_COMPILE_CACHE: path.join(tmpdir(), "audit-test-compile-cache") };

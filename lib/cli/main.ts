import "../resolve-once.ts";
import { inheritedEnv } from "../env.ts";
import { openLog } from "../log/process-logger.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

const { argv } = process;
// Standard output is an answer, no log: what fails is told on standard error.
openLog("cli", { LOG_LEVEL: "silent", LOG_FORMAT: "json" });
try {
  const program = await createProgram(argv.slice(2));
  await program.parseAsync(argv);
} catch (thrown) {
  process.exitCode = reportError(thrown, {
    json: argv.includes("--json"),
    debug: inheritedEnv().LOG_LEVEL === "debug",
  });
}

import { inheritedEnv } from "../env.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

const { argv } = process;
try {
  const program = await createProgram(argv.slice(2));
  await program.parseAsync(argv);
} catch (thrown) {
  process.exitCode = reportError(thrown, {
    json: argv.includes("--json"),
    debug: inheritedEnv().LOG_LEVEL === "debug",
  });
}

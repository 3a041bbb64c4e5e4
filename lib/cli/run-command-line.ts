import { inheritedEnv } from "../env.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

/** Runs the command that a process was started with; what fails is told on standard error. Sets the exit status. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync(argv);
  } catch (thrown) {
    process.exitCode = reportError(thrown, {
      json: argv.includes("--json"),
      debug: inheritedEnv().LOG_LEVEL === "debug",
    });
  }
}

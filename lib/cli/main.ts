import "../resolve-once.ts";
import { openLog } from "../log/process-logger.ts";
import { runCommandLine } from "./run-command-line.ts";

// Standard output is an answer, no log: what fails is told on standard error.
openLog("cli", { LOG_LEVEL: "silent", LOG_FORMAT: "json" });
await runCommandLine(process.argv);

// Preloaded into the process of the pages, before Next: what it prints is our log's, and every request passes our door.
import diagnostics from "node:diagnostics_channel";
import { openDoor } from "../door/open-door.ts";
import { logConsole } from "../log/log-console.ts";
import { openLog } from "../log/process-logger.ts";

const logger = openLog("web");
logConsole(logger.child({ module: "runtime" }));
openDoor(logger.child({ module: "door" }));
// The supervisor waits for it: whoever else has the port answers as readily as this process would.
diagnostics.subscribe("tracing:net.server.listen:asyncEnd", () => process.send?.("listening"));

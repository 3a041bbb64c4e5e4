// Preloaded into the process of the pages, before Next: what it prints is our log's, and every request passes our door.
import { openDoor } from "../door/open-door.ts";
import { logConsole } from "../log/log-console.ts";
import { openLog } from "../log/process-logger.ts";

const logger = openLog("web");
logConsole(logger.child({ module: "runtime" }));
openDoor(logger.child({ module: "door" }));

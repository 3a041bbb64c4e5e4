// Preloaded into the process of the pages, before Next: what it prints is our log's, and every request passes our door.
import { openDoor } from "../door/open-door.ts";
import { env } from "../env.ts";
import { createLogger } from "../log/log.ts";
import { logConsole } from "../log/log-console.ts";

const { LOG_LEVEL, LOG_FORMAT } = env();
const logger = createLogger({ level: LOG_LEVEL, name: "web", pretty: LOG_FORMAT === "pretty" });
logConsole(logger);
openDoor(logger);

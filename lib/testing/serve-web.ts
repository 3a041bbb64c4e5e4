import { startWeb } from "../web.ts";

/** What a web process does besides answering, in a process of its own, until its parent ends: `node serve-web.ts`. */
process.once("disconnect", () => process.exit(0));
await startWeb();

// npm start: brings the dependencies and the pinned Node, then hands over to lib/start/main.ts on that Node.
import path from "node:path";
import { installIfStale } from "./install.mjs";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { runHere } from "./run.mjs";
import { begunAt } from "./say.mjs";

requireNode();
await installIfStale();
const main = path.join(root, "lib", "start", "main.ts");
process.exitCode = await runHere(pinnedNode(), [main, "start", `--since=${begunAt}`], { leash: true });

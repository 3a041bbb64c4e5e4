// npm run dev: like npm start, with pages compiled on demand and processes that restart when their code changes.
import path from "node:path";
import { installIfStale } from "./install.mjs";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { runHere } from "./run.mjs";
import { begunAt } from "./say.mjs";

requireNode();
await installIfStale();
const main = path.join(root, "lib", "start", "main.ts");
process.exitCode = await runHere(pinnedNode(), [main, "dev", `--since=${begunAt}`], { leash: true });

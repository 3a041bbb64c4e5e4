#!/usr/bin/env node
// audit-db: the command line, on the Node that package.json pins.
import path from "node:path";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { runHere } from "./run.mjs";
import { fail } from "./say.mjs";

requireNode();
const node = pinnedNode();
if (!node) fail(`The dependencies are not installed yet. Run: npm ci --prefix ${root}`);
const main = path.join(root, "lib", "cli", "main.ts");
process.exitCode = await runHere(node, [main, ...process.argv.slice(2)]);

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fail } from "./say.mjs";

/** The folder of package.json. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const leastMajor = 20;

/** The bootstraps run on whatever Node is there, from version 20. */
export function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= leastMajor) return;
  fail(
    `Node.js ${leastMajor} or newer is needed to begin; this is ${process.version} (${process.execPath}). ` +
      "Install a newer one from https://nodejs.org or your system's packages; " +
      "the product then brings the exact version it runs on by itself.",
  );
}

/** The Node that package.json pins, which all code of the product runs on; null before the installation. */
export function pinnedNode() {
  const file = path.join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
  return existsSync(file) ? file : null;
}

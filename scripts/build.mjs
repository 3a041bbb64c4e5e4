import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { installIfStale } from "./install.mjs";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { capture } from "./run.mjs";
import { say } from "./say.mjs";

const stampFile = path.join(root, ".next", "build-stamp");
/** next writes these itself. */
const written = new Set(["next-env.d.ts", "tsconfig.json"]);
const sourceFolders = ["app", "components", "lib", "public", "drizzle"];
/** Parts of lib that no page imports. */
const unbuilt = ["lib/testing", "lib/cli", "lib/demo"].map((folder) => path.join(root, folder));

/**
 * Builds the pages unless the last build was made from exactly these sources and, unless `anyKey`, with this
 * server-actions key. (The key decides the ids of the actions: it matters where several builds serve one site.)
 */
export async function buildIfStale({ anyKey = false } = {}) {
  const last = readStamp();
  const stamp = `${sourceHash()} ${keyHash()}`;
  if (last === stamp || (anyKey && last?.split(" ")[0] === stamp.split(" ")[0])) return false;
  say(`building the pages (${last ? "the sources or the key changed" : "first time"}); about a minute`);
  rmSync(stampFile, { force: true });
  let saidAt = Date.now();
  const heartbeat = setInterval(() => {
    if (Date.now() - saidAt < 5_000) return;
    say("still building");
    saidAt = Date.now();
  }, 1_000);
  const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
  const { code, output } = await capture(pinnedNode(), [next, "build"], {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    onOutput: (text) => {
      for (const line of text
        .split("\n")
        .filter((l) => /compiled|collecting|generating [^(]*$|finalizing/i.test(l))) {
        say(
          `building: ${line
            .trim()
            .replace(/^[^\w]+/, "")
            .replace(/\s*\.\.\.$/, "")}`,
        );
        saidAt = Date.now();
      }
    },
  });
  clearInterval(heartbeat);
  if (code !== 0) {
    process.stderr.write(`${output.trim()}\n`);
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
  say("pages built");
  return true;
}

function readStamp() {
  try {
    return readFileSync(stampFile, "utf8");
  } catch {
    return null;
  }
}

function sourceHash() {
  const hash = createHash("sha256");
  const add = (file) =>
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  for (const entry of readdirSync(root, { withFileTypes: true }).sort(byName)) {
    if (entry.isFile() && /\.(ts|mjs|js|json)$/.test(entry.name) && !written.has(entry.name)) {
      add(path.join(root, entry.name));
    }
  }
  for (const folder of sourceFolders) walk(path.join(root, folder), add);
  return hash.digest("hex");
}

function keyHash() {
  return createHash("sha256")
    .update(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? "")
    .digest("hex");
}

function walk(folder, add) {
  if (unbuilt.includes(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(file, add);
    else if (!/\.test\.tsx?$/.test(entry.name)) add(file);
  }
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireNode();
  await installIfStale();
  if (!(await buildIfStale({ anyKey: process.argv.includes("--any-key") }))) say("the build is current");
}

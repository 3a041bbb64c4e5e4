import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pinnedNode, root } from "./project.mjs";
import { capture } from "./run.mjs";
import { fail, say } from "./say.mjs";

const modules = path.join(root, "node_modules");

/** Installs the locked dependencies unless exactly those are there. */
export async function installIfStale() {
  const reason = whyStale();
  if (!reason) return;
  const wanted = countWanted();
  say(`installing ${wanted} dependencies with npm ci (${reason}); about a minute`);
  const heartbeat = setInterval(() => {
    const present = countInstalled();
    if (present < wanted) say(`installing dependencies: ${present} of ${wanted} are there`);
    else say("installing dependencies: all are there; npm checks them and runs their install scripts");
  }, 5_000);
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await capture("npm", args, { env: withoutOwnTools() }).catch((error) => ({
    code: 1,
    output: error.code === "ENOENT" ? "npm was not found on the PATH" : error.message,
  }));
  clearInterval(heartbeat);
  const left = code === 0 ? whyStale() : null;
  if (code !== 0 || left) {
    fail(
      `The dependencies could not be installed (npm ci ended with ${code}${left ? `, and ${left}` : ""}). Its last words:\n` +
        `${lastLines(output, 15)}\n` +
        "Mend that (often the network, a proxy, a full disk, or ignore-scripts=true in .npmrc) and start again.",
    );
  }
  say("dependencies installed");
}

/** In words, or null when what is installed is what package-lock.json says. */
function whyStale() {
  const wanted = readPackages(path.join(root, "package-lock.json"));
  if (!wanted)
    return fail(`package-lock.json is missing or damaged in ${root}. Restore it from the repository.`);
  if (!existsSync(modules)) return "there are none yet";
  const present = readPackages(path.join(modules, ".package-lock.json"));
  if (!present) return "the last installation did not finish";
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === "") continue;
    const there = present[name];
    if (!there && entry.optional) continue;
    if (there?.version !== entry.version)
      return `${name.replace("node_modules/", "")} differs from package-lock.json`;
  }
  return pinnedNode() ? null : "node_modules/.bin/node is missing; install scripts must be allowed to run";
}

/** npm deletes node_modules first: it must not run on a Node, or call tools, from there. */
function withoutOwnTools() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const PATH = folders.filter((folder) => !folder.startsWith(modules)).join(path.delimiter);
  return { ...process.env, PATH, NODE_ENV: "development" };
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

/** Packages at the top of node_modules that this machine gets: those for other systems are left out. */
function countWanted() {
  const fits = (list, value) => !list || list.includes(value);
  const libc = process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  return Object.entries(readPackages(path.join(root, "package-lock.json")) ?? {}).filter(
    ([name, entry]) =>
      name.lastIndexOf("node_modules/") === 0 &&
      fits(entry.os, process.platform) &&
      fits(entry.cpu, process.arch) &&
      (process.platform !== "linux" || fits(entry.libc, libc)),
  ).length;
}

function countInstalled() {
  const list = (folder) => {
    try {
      return readdirSync(folder).filter((name) => !name.startsWith("."));
    } catch {
      return [];
    }
  };
  return list(modules).reduce(
    (sum, name) => sum + (name.startsWith("@") ? list(path.join(modules, name)).length : 1),
    0,
  );
}

export function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { makeRunFolder, removeFolder } from "../../lib/testing/run-folder.ts";
import { actionsKey, type StartedWorld, startWorld } from "./start-world.ts";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * Serves the world of each name that is asked for, started when it is asked for first and kept for the worker that comes
 * after one that failed: two workers share nothing but the build. Answers what takes all worlds down.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // Somebody who writes specs keeps the servers up between runs and says where they are.
  if (process.env.E2E_WORLD) return async () => {};
  const folder = makeRunFolder();
  process.env.TMPDIR = folder;
  // Here, once: two consoles that start would build into the same folder.
  await promisify(execFile)("node", ["scripts/build.mjs"], {
    cwd: root,
    env: { ...process.env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey },
  });
  const worlds = new Map<string, Promise<StartedWorld>>();
  const worldOf = (name: string) => {
    const world = worlds.get(name) ?? startWorld();
    worlds.set(name, world);
    return world;
  };
  const server = createServer((request, response) => {
    worldOf(request.url ?? "").then(
      ({ world }) => response.end(JSON.stringify(world)),
      (thrown) => response.writeHead(500).end(String(thrown)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.E2E_WORLDS = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    server.close();
    server.closeAllConnections();
    const started = await Promise.allSettled(worlds.values());
    await Promise.all(started.map((one) => one.status === "fulfilled" && one.value.stop()));
    removeFolder(folder);
  };
}

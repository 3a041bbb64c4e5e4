import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inheritedEnv } from "../../env.ts";
import { freePort } from "../port.ts";
import { type Child, startChild } from "./child.ts";
import { waitReady } from "./wait-ready.ts";

let folder: string;
let web: Child | undefined;
let other: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "audit-wait-"));
});
afterEach(async () => {
  await web?.stop(200);
  await new Promise((resolve) => (other ? other.close(resolve) : resolve(undefined)));
  [web, other] = [undefined, undefined];
  rmSync(folder, { recursive: true, force: true });
});

/** A process that answers ready at this port, prepared as the pages' is. */
function pagesAt(port: number): Child {
  const file = path.join(folder, "pages.mjs");
  writeFileSync(
    file,
    `import { createServer } from "node:http";
     createServer((_request, response) => response.end("ready")).listen(${port}, "127.0.0.1");`,
  );
  return startChild({
    name: "web",
    command: ["--import", pathToFileURL(path.resolve(import.meta.dirname, "../prepare-web.ts")).href, file],
    cwd: folder,
    env: { ...inheritedEnv(), NEXTAUTH_URL: "http://localhost:3000", LOG_LEVEL: "warn" },
    say() {},
    quietUntilShown: true,
  });
}

const ready = (port: number, pages: Child) =>
  waitReady({
    url: `http://127.0.0.1:${port}`,
    host: "127.0.0.1",
    port,
    web: pages,
    saysListening: true,
    signal: AbortSignal.timeout(20_000),
  });

test("pages that listen and answer are ready", async () => {
  const port = await freePort();
  web = pagesAt(port);
  await expect(ready(port, web)).resolves.toBeUndefined();
  expect(web.listening).toBe(true);
});

test("another console that took the port meanwhile is not taken for ours, however ready it is", async () => {
  other = createServer((_request, response) => response.end("ready"));
  await new Promise<void>((resolve) => other?.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  web = pagesAt(port);
  await expect(ready(port, web)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use by another program. Stop that program`,
  );
});

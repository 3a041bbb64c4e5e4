import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { freePort, requireFreePort } from "./port.ts";

let open: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (open ? open.close(() => resolve()) : resolve())));

function occupy(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    open = server;
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

describe("the port", () => {
  test("a free one passes", async () => {
    await expect(requireFreePort("127.0.0.1", await freePort())).resolves.toBeUndefined();
  });

  test("one in use is refused with another to try", async () => {
    const port = await occupy();
    await expect(requireFreePort("127.0.0.1", port)).rejects.toThrow(`PORT=${port + 1} npm start`);
  });

  test("one that becomes free while there is patience passes", async () => {
    const port = await occupy();
    const waiting = requireFreePort("127.0.0.1", port, 3_000);
    await sleep(300);
    open?.close();
    open = undefined;
    await expect(waiting).resolves.toBeUndefined();
  });

  test("a host that is not this machine's is refused", async () => {
    await expect(requireFreePort("192.0.2.1", 3000)).rejects.toThrow("not an address of this machine");
  });

  test("an embedded server keeps its port while it is free and gets another when not", async () => {
    const wanted = await freePort();
    expect(await freePort(wanted)).toBe(wanted);
    const taken = await occupy();
    expect(await freePort(taken)).not.toBe(taken);
  });
});

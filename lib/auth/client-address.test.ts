import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { clientAddress, dropForgedForwarding } from "./client-address.ts";

test("the address is the one the nearest proxy saw", () => {
  const of = (value?: string) => clientAddress(new Headers(value ? { "x-forwarded-for": value } : {}));
  expect(of("198.51.100.1, 203.0.113.9")).toBe("203.0.113.9");
  expect(of("::ffff:192.0.2.4")).toBe("192.0.2.4");
  expect(of("2001:db8::7")).toBe("2001:db8::7");
  expect(of()).toBeNull();
});

test("without a trusted proxy forwarding headers never reach the server's code", async () => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push({ ...request.headers });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const headers = { "x-forwarded-for": "203.0.113.1", forwarded: "for=203.0.113.1", "x-own": "stays" };
  const restore = dropForgedForwarding();
  await fetch(url, { headers });
  restore();
  await fetch(url, { headers });
  await new Promise((resolve) => server.close(resolve));
  expect(seen[0]).not.toHaveProperty("x-forwarded-for");
  expect(seen[0]).not.toHaveProperty("forwarded");
  expect(seen[0]).toHaveProperty("x-own", "stays");
  expect(seen[1]).toHaveProperty("x-forwarded-for", "203.0.113.1");
});

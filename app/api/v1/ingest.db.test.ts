import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TokenScope } from "@/lib/auth/tokens";
import { event, type Ingest, startIngest } from "@/lib/testing/ingest";

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
});
afterAll(() => ingest?.close());

describe("who may append", () => {
  test.each([
    ["a stranger", undefined, 401],
    ["an unknown token", `adb_${"x".repeat(43)}`, 401],
    ["a token that reads", "read", 403],
    ["a token that operates", "operate", 403],
    ["a token of another target", "other", 403],
    ["a token that appends", "append", 200],
    ["an administrator's token", "admin", 200],
  ] as const)("%s", async (_who, name, status) => {
    const token = name === undefined ? "" : (ingest.secrets[name as TokenScope] ?? name);
    const response = await ingest.post(JSON.stringify(event()), { token });
    expect(response.status).toBe(status);
  });

  test("a token that appends reads nothing", async () => {
    const { GET } = await import("@/app/api/v1/targets/[target]/overview/route");
    const request = new Request("http://console/", {
      headers: { authorization: `Bearer ${ingest.secrets.append}` },
    });
    const response = await GET(request, { params: Promise.resolve({ target: "audit" }) });
    expect(response.status).toBe(403);
  });
});

test("more than the allowance is told to wait", async () => {
  const body = JSON.stringify(Array.from({ length: 5_000 }, () => event({ organizationId: "flood" })));
  const token = ingest.secrets.admin;
  const statuses: number[] = [];
  let last: Response | undefined;
  for (let i = 0; i < 3; i++) {
    last = await ingest.post(body, { token });
    statuses.push(last.status);
  }
  expect(statuses.at(-1)).toBe(429);
  expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
});

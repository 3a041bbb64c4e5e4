import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { closeTargets } from "@/lib/audit-db/registry";
import { systemActor } from "@/lib/auth/actor";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { replaceEnv } from "@/lib/env";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { runAdminAction } from "@/lib/verbs/run-admin-action";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

const metricsToken = "0123456789abcdef-metrics";
let audit: TestDatabase;
let console: TestDatabase;
let secrets: Record<"all" | "other" | "revoked", string>;

beforeAll(async () => {
  [audit, console] = await Promise.all([
    createDatabase({ template: "audit" }),
    createDatabase({ template: "console" }),
  ]);
  replaceEnv({
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor", "audit_reader"]),
    CONSOLE_DATABASE_URL: console.url,
    NEXTAUTH_SECRET: "x".repeat(40),
    METRICS_TOKEN: metricsToken,
    LOG_LEVEL: "silent",
  });
  const make = async (name: string, targets?: string[]) => {
    const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
    const made = await runAdminAction(adminActions.createToken, context, { name, scopes: ["read"], targets });
    if (!made.ok) throw new Error(made.error.message);
    return made.data;
  };
  const [all, other, revoked] = [await make("all"), await make("other", ["other"]), await make("revoked")];
  const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
  await runAdminAction(adminActions.revokeToken, context, { tokenId: revoked.id });
  secrets = { all: all.secret, other: other.secret, revoked: revoked.secret };
});
afterAll(async () => {
  await Promise.all([closeTargets(), closeConsoleDb()]);
  await Promise.all([audit?.drop(), console?.drop()]);
});

async function get(route: string, options: { token?: string; query?: string; target?: string } = {}) {
  const { GET } = (await import(route)) as { GET: Handler };
  const headers = new Headers(options.token ? { authorization: `Bearer ${options.token}` } : {});
  const request = new Request(`http://console/${options.query ?? ""}`, { headers });
  return GET(request, {
    params: Promise.resolve({
      ...(route.includes("[target]") && { target: options.target ?? "audit" }),
      queryid: "1",
      id: "01939d0a-0000-7000-8000-000000000001",
    }),
  });
}

const routes = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter(
    (file) =>
      path.basename(file) === "route.ts" &&
      // Those that are asked by POST alone have tests of their own.
      !/^(openapi|keys|actions|\[\.\.\.path|privacy\/(intake\/\[source\]|requests\/import)\/)|\[verb\]/.test(
        file,
      ),
  )
  .map((file) => path.join(import.meta.dirname, file));

describe.each(routes)("%s", (route) => {
  test("refuses strangers, unknown and revoked tokens", async () => {
    for (const token of [undefined, `adb_${"x".repeat(43)}`, "nonsense", secrets.revoked]) {
      const response = await get(route, { ...(token && { token }) });
      expect([token, response.status]).toEqual([token, 401]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(response.headers.get("www-authenticate")).toContain("Bearer");
    }
  });

  test("answers a token, and not one of another target", async () => {
    const query = route.includes("/history/")
      ? "?series=connections.total"
      : route.includes("/events/[id]")
        ? "?occurredAt=2026-01-01T00:00:00.000000Z"
        : route.includes("/upkeep/preview/")
          ? "?table=audit_log"
          : "";
    // The token may read; who is told of alerts, and what is held, erased and why, is for others.
    const beyond =
      /\/v1\/(channels|deliveries|routes|holds\/(?!counts))\/?|\/privacy\/(?!requests\/counts)/.test(route);
    const found = /\[(queryid|id)\]|\/upkeep\/preview\//.test(route) ? 404 : 200;
    const expected = beyond ? 403 : found;
    const answered = await get(route, { token: secrets.all, query });
    expect(answered.status).toBe(expected);
    const limited = await get(route, { token: secrets.other, query });
    const status =
      beyond || /\[target\]|\/(approvals|assignees|holds|privacy)\//.test(route)
        ? 403
        : /\/(jobs|alerts)\/\[id\]/.test(route)
          ? 404
          : 200;
    expect(limited.status).toBe(status);
    // Streams go on for ever.
    await Promise.all([answered.body?.cancel(), limited.body?.cancel()]);
  });
});

test("targets leaves out what a token may not see", async () => {
  const route = path.join(import.meta.dirname, "targets/route.ts");
  const names = async (token: string) => {
    const { data } = (await (await get(route, { token })).json()) as { data: { target: string }[] };
    return data.map(({ target }) => target);
  };
  expect(await names(secrets.all)).toEqual(["audit"]);
  expect(await names(secrets.other)).toEqual([]);
});

test("what is no resource is a problem, not a page", async () => {
  const { GET, POST } = await import("./[...path]/route");
  for (const answer of [GET, POST]) {
    const response = answer();
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "NOT_FOUND" });
  }
});

test("openapi.json is for everybody", async () => {
  const { GET } = await import("./openapi.json/route");
  const response = GET();
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ openapi: "3.1.0" });
});

test("/metrics takes METRICS_TOKEN or an API token, and nobody else", async () => {
  const route = path.resolve(import.meta.dirname, "../../metrics/route.ts");
  for (const token of [metricsToken, secrets.all]) {
    const response = await get(route, { token });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toContain('audit_db_target_up{target="audit"} 1');
    expect(text).toContain('audit_db_api_request_duration_seconds_count{operation="overview",status="200"}');
  }
  for (const token of [undefined, secrets.revoked, "wrong"])
    expect((await get(route, { ...(token && { token }) })).status).toBe(401);
});

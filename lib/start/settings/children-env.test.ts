import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type Env, parseEnv } from "../../env/parse.ts";
import { address, buildEnv, childrenEnv, type Embedded, localAddress, webEnv } from "./children-env.ts";

const audit = "postgres://watch:pw@db.example:5432/audit";
const embedded: Embedded = {
  secrets: {
    sessionSecret: "s".repeat(44),
    serverActionsKey: "k".repeat(44),
    clusters: { audit: { superuserPassword: "a" }, console: { superuserPassword: "c" } },
    roles: {},
  },
  consoleUrl: "postgres://console:pw@127.0.0.1:5555/console",
  targets: [],
};
const demoEnv: Embedded = {
  ...embedded,
  targets: [{ name: "demo", watchUrl: audit, replicaUrls: [], writerUrl: audit, demo: true }],
  demoTarget: "demo",
};

describe("what the console's processes get", () => {
  test("in the demo: its target, its mark, the embedded console and generated secrets", () => {
    const env = parseEnv(childrenEnv(parseEnv({}), "demo", demoEnv));
    expect(env.targets).toEqual(demoEnv.targets);
    expect(env).toMatchObject({
      CONSOLE_DATABASE_URL: embedded.consoleUrl,
      NEXTAUTH_SECRET: embedded.secrets.sessionSecret,
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: embedded.secrets.serverActionsKey,
      NEXTAUTH_URL: "http://127.0.0.1:3000",
      LOG_LEVEL: "warn",
    });
  });

  test("when watching: the target without what could change it, never marked as the demo", () => {
    const given = parseEnv({
      AUDIT_DATABASE_URL: audit,
      AUDIT_WRITER_URL: audit,
      AUDIT_EXPLAIN_URL: audit,
      AUDIT_DISK_CAPACITY_BYTES: "5000000",
      DEMO_TARGET: "audit",
    });
    const env = parseEnv(childrenEnv(given, "watch", embedded));
    expect(env.targets).toEqual([
      {
        name: "audit",
        watchUrl: audit,
        replicaUrls: [],
        explainUrl: audit,
        diskCapacityBytes: 5_000_000,
        demo: false,
      },
    ]);
  });

  test("secrets that were given win over generated ones", () => {
    const secret = "g".repeat(40);
    const env = childrenEnv(parseEnv({ NEXTAUTH_SECRET: secret }), "demo", demoEnv);
    expect(env.NEXTAUTH_SECRET).toBe(secret);
  });

  test("the build knows the key that the pages will have", () => {
    expect(buildEnv(parseEnv({}), embedded.secrets).NEXT_SERVER_ACTIONS_ENCRYPTION_KEY).toBe(
      embedded.secrets.serverActionsKey,
    );
  });
});

describe("the address", () => {
  const at = (source: Record<string, string>): Env => parseEnv(source);

  test("is what people use", () => {
    expect(address(at({}))).toBe("http://127.0.0.1:3000");
    expect(address(at({ HOST: "0.0.0.0", PORT: "80" }))).toBe("http://localhost:80");
    expect(address(at({ HOST: "::1" }))).toBe("http://[::1]:3000");
    expect(address(at({ NEXTAUTH_URL: "https://audit.example.org" }))).toBe("https://audit.example.org");
  });

  test("and this machine reaches the pages where they listen", () => {
    const behindProxy = { NEXTAUTH_URL: "https://audit.example.org", HOST: "0.0.0.0" };
    expect(localAddress(at(behindProxy))).toBe("http://127.0.0.1:3000");
    expect(localAddress(at({ HOST: "::" }))).toBe("http://[::1]:3000");
  });
});

test("a web process's heap is bounded unless the environment says otherwise", () => {
  const limitOf = (environment: Record<string, string>) =>
    Number(
      execFileSync(process.execPath, ["-p", "v8.getHeapStatistics().heap_size_limit"], {
        env: webEnv(environment) as NodeJS.ProcessEnv,
      }),
    ) /
    1024 ** 2;
  expect(limitOf({})).toBeLessThan(1_200);
  expect(limitOf({ NODE_OPTIONS: "--max-old-space-size=3000" })).toBeGreaterThan(2_900);
});

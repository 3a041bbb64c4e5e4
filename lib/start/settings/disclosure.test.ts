import { expect, test } from "vitest";
import { parseEnv } from "../../env/parse.ts";
import { envSchema } from "../../env/schema.ts";
import { environmentOf, runtimeEnvironment, withoutProduct } from "./disclosure.ts";

/** Every variable of the product, each with a value that names it, and one of somebody else's. */
const everything = {
  ...Object.fromEntries(Object.keys(envSchema.shape).map((name) => [name, `value of ${name}`])),
  HOME: "/home",
};
const missing = (environment: object) => Object.keys(everything).filter((name) => !(name in environment));

test("runtime.json holds what the command line works with and no other secret", () => {
  expect(Object.keys(runtimeEnvironment(everything)).sort()).toEqual([
    "AUDIT_DATABASES",
    "CONSOLE_DATABASE_URL",
    "DATA_DIR",
    "DEMO_TARGET",
    "MASTER_KEY_FILE",
    "MASTER_KEY_ROTATION_DAYS",
    "REDIS_URL",
  ]);
  expect(runtimeEnvironment({ DATA_DIR: "d", REDIS_URL: "", DEMO_TARGET: undefined })).toEqual({
    DATA_DIR: "d",
  });
});

test("a process is given only the secrets it reads", () => {
  expect(missing(environmentOf("web", everything))).toEqual(["ADMIN_PASSWORD"]);
  const others = [
    "ADMIN_PASSWORD",
    "NEXTAUTH_SECRET",
    "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "METRICS_TOKEN",
  ];
  expect(missing(environmentOf("worker", everything))).toEqual(others);
  const ofWorker = ["ALERT_PING_URL", "SMTP_URL"];
  expect(missing(environmentOf("demo", everything)).sort()).toEqual([...others, ...ofWorker].sort());
});

test.each(["web", "worker", "demo"] as const)("what is left for %s is a whole environment", (child) => {
  const given = {
    AUDIT_DATABASE_URL: "postgres://watch@db.example/audit",
    CONSOLE_DATABASE_URL: "postgres://console@db.example/console",
    NEXTAUTH_SECRET: "x".repeat(44),
    ADMIN_PASSWORD: "correct horse battery",
    METRICS_TOKEN: "m".repeat(32),
    OIDC_ISSUER: "https://id.example",
    OIDC_CLIENT_ID: "console",
    OIDC_CLIENT_SECRET: "s",
  };
  expect(parseEnv(environmentOf(child, given)).targets.map(({ name }) => name)).toEqual(["audit"]);
});

test("the build is told nothing of the product but what it is given", () => {
  expect(withoutProduct(everything)).toEqual({ HOME: "/home" });
});

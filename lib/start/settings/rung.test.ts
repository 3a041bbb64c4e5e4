import { describe, expect, test } from "vitest";
import { parseEnv } from "../../env/parse.ts";
import { Refusal } from "../refusal.ts";
import { chooseRung, newSecret, readOnlyTargets, toAuditDatabases } from "./rung.ts";

const audit = "postgres://watch:pw@db.example:5432/audit";
const own = "postgres://console:pw@db.example:5432/console";

function refusalOf(source: Record<string, string>): Refusal {
  try {
    chooseRung(parseEnv(source));
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}

describe("the start-up ladder", () => {
  test("nothing set: the demo", () => {
    expect(chooseRung(parseEnv({}))).toBe("demo");
  });

  test("a database to watch, alone or among several: watching", () => {
    expect(chooseRung(parseEnv({ AUDIT_DATABASE_URL: audit }))).toBe("watch");
    const several = JSON.stringify({ eu: { database_url: audit } });
    expect(chooseRung(parseEnv({ AUDIT_DATABASES: several }))).toBe("watch");
  });

  test("a console database as well, with its secrets: production", () => {
    const env = parseEnv({
      AUDIT_DATABASE_URL: audit,
      CONSOLE_DATABASE_URL: own,
      NEXTAUTH_SECRET: newSecret(),
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: newSecret(),
    });
    expect(chooseRung(env)).toBe("production");
  });

  test("production without its secrets is refused with the command that makes them", () => {
    const refusal = refusalOf({ AUDIT_DATABASE_URL: audit, CONSOLE_DATABASE_URL: own });
    expect(refusal.exitCode).toBe(2);
    expect(refusal.message).toContain("NEXTAUTH_SECRET");
    expect(refusal.message).toContain("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY");
    expect(refusal.message).toContain("openssl rand -base64 32");
    expect(refusal.message).not.toContain("pw@");
  });

  test("production refuses a key of another length, and nothing to watch", () => {
    const refusal = refusalOf({
      CONSOLE_DATABASE_URL: own,
      NEXTAUTH_SECRET: newSecret(),
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: "c2hvcnQ=",
    });
    expect(refusal.message).toContain("not 32 bytes");
    expect(refusal.message).toContain("AUDIT_DATABASE_URL");
  });
});

test("the second rung only watches: URLs that could change something are left out", () => {
  const env = parseEnv({
    AUDIT_DATABASE_URL: audit,
    AUDIT_WRITER_URL: audit,
    AUDIT_POOLER_URL: audit,
    AUDIT_EXPLAIN_URL: audit,
  });
  const { targets, leftOut } = readOnlyTargets(env.targets);
  expect(leftOut).toBe(true);
  expect(targets[0]).toMatchObject({ name: "audit", watchUrl: audit, poolerUrl: audit, explainUrl: audit });
  expect(targets[0]).not.toHaveProperty("writerUrl");
});

test("targets survive the way through AUDIT_DATABASES", () => {
  const { targets } = parseEnv({
    AUDIT_DATABASE_URL: audit,
    AUDIT_REPLICA_URLS: `${audit}?connect_timeout=1,${audit}?connect_timeout=2`,
    AUDIT_READER_URL: `${audit}?connect_timeout=3`,
    AUDIT_WRITER_URL: `${audit}?connect_timeout=4`,
    AUDIT_MAINTENANCE_URL: `${audit}?connect_timeout=5`,
    AUDIT_PRIVACY_URL: `${audit}?connect_timeout=6`,
    AUDIT_EXPLAIN_URL: `${audit}?connect_timeout=7`,
    AUDIT_DISK_CAPACITY_BYTES: "2000000000000",
  });
  expect(targets[0]?.diskCapacityBytes).toBe(2_000_000_000_000);
  expect(parseEnv({ AUDIT_DATABASES: toAuditDatabases(targets) }).targets).toEqual(targets);
});

test("secrets are 32 random bytes", () => {
  expect(Buffer.from(newSecret(), "base64")).toHaveLength(32);
  expect(newSecret()).not.toBe(newSecret());
});

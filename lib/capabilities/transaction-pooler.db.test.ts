import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { startPooler } from "../testing/pgbouncer.ts";
import { getCapabilities } from "./get-capabilities.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const nothingConfigured = {
  poolerUrl: false,
  redis: null,
  vaultProblem: null,
};
const sessionSettings =
  "extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,default_transaction_read_only,plan_cache_mode";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ template: "empty" });
});
afterAll(() => database?.drop());

async function examine(url: string) {
  const audit = connect({ target: "t", urls: { watch: url }, logger: quiet });
  try {
    const { data } = await getCapabilities(audit, nothingConfigured, new Date());
    return { status: audit.status(), direct: data.capabilities.find((c) => c.id === "direct_connection") };
  } finally {
    await audit.close();
  }
}

describe("a transaction pooler in between", () => {
  test.each([
    [
      "that drops our session settings",
      { pool_mode: "transaction", ignore_startup_parameters: sessionSettings },
    ],
    ["that refuses our session settings", { pool_mode: "transaction" }],
  ])("%s is named as what is wrong", async (_how, settings) => {
    const pooler = await startPooler(database, await database.login(["pg_monitor"]), settings);
    try {
      const { status, direct } = await examine(pooler.url);
      expect(status).toMatchObject({ state: "down", cause: "pooler" });
      expect(direct).toMatchObject({
        state: "missing",
        enable: expect.stringContaining("AUDIT_DATABASE_URL"),
      });
      expect(direct?.evidence).toMatch(/pooler/);
    } finally {
      await pooler.stop();
    }
  });
});

import { expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { createDatabase } from "../testing/database.ts";
import { lookAt } from "../testing/look.ts";
import { connectionsChecks } from "./checks.ts";
import { getServerConnections } from "./get-server-connections.ts";

/** Those that ask the server; the others go by collected samples. */
const asking = connectionsChecks.filter(
  ({ id }) => !["connections.lock_waits", "connections.pool_waiting"].includes(id),
);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

test("while the database is gone, last figures are shown as stale and nothing is judged by them", async () => {
  const database = await createDatabase({ template: "empty" });
  const audit = connect({ target: "audit", urls: { watch: database.url }, logger: silent });
  try {
    const before = await getServerConnections(audit, { hideOwn: true });
    const looks = await lookAt(asking, { audit });
    expect(looks.every(({ answer }) => answer !== null)).toBe(true);
    await database.drop();
    await expect.poll(() => audit.status().state, { timeout: 20_000 }).toBe("down");
    const after = await getServerConnections(audit, { hideOwn: true });
    expect(after.stale?.since).toBeInstanceOf(Date);
    expect(after.data.limits).toEqual(before.data.limits);
    for (const { answer, error } of await lookAt(asking, { audit }))
      expect([answer, error?.code]).toEqual([null, "UNAVAILABLE"]);
  } finally {
    await audit.close();
  }
});

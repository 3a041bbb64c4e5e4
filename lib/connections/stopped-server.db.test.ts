import { expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { createDatabase } from "../testing/database.ts";
import { getConnectionFindings } from "./get-connection-findings.ts";
import { getServerConnections } from "./get-server-connections.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test("while the database is gone, last figures are shown as stale and nothing is judged by them", async () => {
  const database = await createDatabase({ template: "empty" });
  const audit = connect({ target: "audit", urls: { watch: database.url }, logger: silent });
  try {
    const before = await getServerConnections(audit, { hideOwn: true });
    await getConnectionFindings(audit);
    await database.drop();
    await expect.poll(() => audit.status().state, { timeout: 20_000 }).toBe("down");
    const after = await getServerConnections(audit, { hideOwn: true });
    expect(after.stale?.since).toBeInstanceOf(Date);
    expect(after.data.limits).toEqual(before.data.limits);
    await expect(getConnectionFindings(audit)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  } finally {
    await audit.close();
  }
});

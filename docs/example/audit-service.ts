// A service that writes audit events and reads them back with the engine alone: no Next, no React, no console.
//
//   AUDIT_URL=postgres://watcher@…/audit AUDIT_WRITER_URL=postgres://writer@…/audit AUDIT_READER_URL=postgres://reader@…/audit \
//   KEYS_URL=postgres://console@…/console MASTER_KEY_FILE=/etc/audit/master-keys.json node docs/example/audit-service.ts
//
//   curl -d '{"by":"u-17","record":"r-1"}' localhost:4100/views     → the event's id and leaf
//   curl localhost:4100/views/r-1                                    → who looked at it, as tokens
import { createServer, type IncomingMessage } from "node:http";
import { connect } from "../../lib/audit-db/connect.ts";
import { openClient } from "../../lib/audit-db/pool/open-client.ts";
import { createVault } from "../../lib/audit-db/vault/create-vault.ts";
import { openMasterKeyFile } from "../../lib/audit-db/vault/file-master-keys.ts";
import { httpStatus, toAppError } from "../../lib/errors.ts";
import { createKeyStore } from "../../lib/key-store/key-store.ts";
import { createLogger } from "../../lib/log/log.ts";

const {
  AUDIT_URL,
  AUDIT_WRITER_URL,
  AUDIT_READER_URL,
  KEYS_URL,
  MASTER_KEY_FILE,
  PORT = "4100",
} = process.env;
if (!AUDIT_URL || !AUDIT_WRITER_URL || !AUDIT_READER_URL || !KEYS_URL || !MASTER_KEY_FILE)
  throw new Error("AUDIT_URL, AUDIT_WRITER_URL, AUDIT_READER_URL, KEYS_URL and MASTER_KEY_FILE must be set");

const logger = createLogger({ level: "info", name: "records" });
const keys = openClient(KEYS_URL, "console", { max: 2 });
const vault = createVault({ keyStore: createKeyStore(keys), masterKeys: openMasterKeyFile(MASTER_KEY_FILE) });
const audit = connect({
  target: "audit",
  urls: { watch: AUDIT_URL, write: AUDIT_WRITER_URL, read: AUDIT_READER_URL },
  applicationName: "records",
  logger,
  vault,
});

/** Acknowledged only after COMMIT; whoever comes at the same time shares the transaction. */
async function recordView(request: IncomingMessage): Promise<unknown> {
  const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
  const { by, record } = JSON.parse(Buffer.concat(chunks).toString()) as { by: string; record: string };
  const [event] = await audit.append([
    {
      organizationId: "clinic-1",
      action: "record.viewed",
      status: "success",
      targetType: "record",
      targetId: record,
      // Encrypted under this person's own key; the log itself knows a token.
      actor: { id: by, ip: request.socket.remoteAddress },
    },
  ]);
  return event;
}

/** A replica may answer, where there is one that is at most 5 s behind. */
async function listViews(record: string): Promise<unknown> {
  const now = Date.now();
  return audit.use(
    "read",
    "records.views",
    (sql) => sql`
      select id, occurred_at as "occurredAt", actor_token as "actorToken"
      from public.audit_log
      where occurred_at >= ${new Date(now - 86_400_000)} and occurred_at < ${new Date(now + 60_000)}
        and target_type = 'record' and target_id = ${record}
      order by occurred_at desc limit 50`,
    { route: "nearest", maxStalenessMs: 5_000 },
  );
}

const server = createServer(async (request, response) => {
  try {
    const [, , record] = (request.url ?? "").split("/");
    const answer = request.method === "POST" ? await recordView(request) : await listViews(record ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.retryAfterSeconds) response.setHeader("retry-after", error.retryAfterSeconds);
    response
      .writeHead(httpStatus[error.code], { "content-type": "application/json" })
      .end(JSON.stringify({ code: error.code, message: error.message }));
  }
});
server.listen(Number(PORT), "127.0.0.1", () => logger.info({ port: PORT }, "records listens"));

process.once("SIGTERM", async () => {
  server.close();
  await audit.close();
  await vault.close();
  await keys.end();
});

import type { EventInput } from "../audit-db/append/event-schema.ts";
import { connect } from "../audit-db/connect.ts";
import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { vaultOn } from "../key-store/open-vault.ts";

/**
 * A process of its own that appends the events of a file of JSON lines in batches, and says on standard output how
 * many are acknowledged: `node append-steadily.ts WRITER_URL CONSOLE_URL MASTER_KEY_FILE BATCH [KILL_AT] < events`. Once
 * KILL_AT are, it sends one more batch and says nothing more: it is killed somewhere in that.
 */
const [writerUrl = "", consoleUrl = "", masterKeyFile = "", batch = "100", killAt = "Infinity"] =
  process.argv.slice(2);
const size = Number(batch);
const consoleDb = openConsoleDb(consoleUrl, { max: 2 });
const vault = vaultOn(consoleDb, openMasterKeyFile(masterKeyFile));
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const audit = connect({
  target: "audit",
  urls: { watch: writerUrl, write: writerUrl },
  logger: silent,
  vault,
});
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const lines = Buffer.concat(chunks).toString().trimEnd().split("\n");
const events = lines.map((line) => JSON.parse(line) as EventInput);
const outcomes: Record<string, number> = {};
for (let at = 0; at < events.length; at += size) {
  const sent = audit.append(events.slice(at, at + size));
  if (at >= Number(killAt)) await new Promise(() => {});
  for (const { outcome } of await sent) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  process.stdout.write(`${JSON.stringify({ acknowledged: Math.min(at + size, events.length), outcomes })}\n`);
}
await audit.close();
await vault.close();
await consoleDb.close();

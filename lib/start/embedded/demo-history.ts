import { connect } from "../../audit-db/connect.ts";
import { openMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../../db/console-db.ts";
import { backfillDemo } from "../../demo/backfill.ts";
import { vaultOn } from "../../key-store/open-vault.ts";
import { processLogger } from "../../log/process-logger.ts";
import { patiently } from "../patiently.ts";
import type { Say } from "../terminal.ts";
import type { DemoDatabase } from "./demo-database.ts";

const sayEveryMs = 5_000;

/** Gives a new demo database its thirteen months of events, saying how far it is; at once when they are there. */
export async function writeDemoHistory(options: {
  demo: DemoDatabase;
  /** Where the keys of the demo's people stand, and the file of the keys that wrap them. */
  consoleUrl: string;
  masterKeyFile: string;
  dataDir: string;
  say: Say;
  signal: AbortSignal;
}): Promise<void> {
  const { demo, say, signal } = options;
  let saidAt = 0;
  let day = 0;
  let dayBefore = 0;
  const consoleDb = openConsoleDb(options.consoleUrl, { max: 3 });
  const vault = vaultOn(consoleDb, openMasterKeyFile(options.masterKeyFile));
  const audit = connect({
    target: demo.target.name,
    urls: { watch: demo.urls.watch, write: demo.urls.writer, maintenance: demo.urls.maintenance },
    logger: processLogger().child({ module: "engine" }),
    vault,
  });
  try {
    const write = () =>
      backfillDemo({
        audit,
        dataDir: options.dataDir,
        now: new Date(),
        signal,
        onProgress: ({ days, events, ...at }) => {
          day = at.day;
          if (Date.now() - saidAt < sayEveryMs) return;
          saidAt = Date.now();
          say(`writing the demo's past: day ${day} of ${days}, ${events.toLocaleString("en")} events`);
        },
      });
    const written = await patiently(write, {
      ...{ say, signal, after: ["TIMEOUT", "OVERLOADED", "UNAVAILABLE"] },
      gotOn() {
        const on = day > dayBefore;
        dayBefore = day;
        return on;
      },
    });
    if (written && !signal.aborted) {
      say(`the demo's past is written: ${written.toLocaleString("en")} events`);
    }
  } finally {
    await audit.close();
    await vault.close();
    await consoleDb.close();
  }
}

import type { EngineLogger } from "../audit-db/engine-logger.ts";
import type { PoolLimits } from "../audit-db/pool/types.ts";
import type { Purpose } from "../audit-db/purpose.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createKeeper, warmPool } from "./keep-house.ts";
import { around, pause, repeat } from "./loop.ts";
import { idleInTransaction, waitForLock } from "./make-trouble.ts";
import { createReader } from "./read-events.ts";
import { reports, runReport } from "./run-reports.ts";
import { createWriter } from "./write-events.ts";

const pooledReaders = 6;

/** Pools as a middling application would have them. */
export const demoPools: Partial<Record<Purpose, Partial<PoolLimits>>> = {
  watch: { max: 1 },
  read: {
    max: pooledReaders,
    idleTimeoutMs: 20 * 60_000,
    statementTimeoutMs: 60_000,
    idleInTransactionTimeoutMs: 120_000,
  },
  write: { max: 3, idleTimeoutMs: 20 * 60_000 },
  maintenance: { max: 2, lockTimeoutMs: 20_000 },
};

/**
 * An application at work on the demo's database until `signal` aborts: events written and looked up, reports,
 * forgotten transactions, a lock wait now and then. Outages are waited out.
 */
export async function runWorkload(
  audit: AuditDb,
  options: { signal: AbortSignal; logger: EngineLogger },
): Promise<void> {
  const { signal } = options;
  const writer = createWriter(audit);
  const reader = createReader(audit, writer.recent);
  const keeper = createKeeper(audit);
  const later = async (ms: number, run: () => Promise<void>) => {
    await pause(ms, signal);
    await run();
  };
  await Promise.all([
    repeat("keep", options, keeper.step),
    repeat("write", options, writer.step),
    repeat("read", options, reader.step),
    repeat("pool", options, () => warmPool(audit, pooledReaders)),
    ...reports.map((report, index) =>
      later(around(8_000 + 30_000 * index), () => repeat("report", options, () => runReport(audit, report))),
    ),
    later(around(45_000), () => repeat("forgotten", options, () => idleInTransaction(audit, signal))),
    later(around(70_000), () => repeat("lock", options, () => waitForLock(audit, signal))),
  ]);
}

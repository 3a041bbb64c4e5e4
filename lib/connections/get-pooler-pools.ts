import type { Observed } from "../result.ts";
import { type PoolerPool, readPooler } from "./read-pooler.ts";
import { poolerNotConfigured } from "./sample-pooler.ts";

const source = "PgBouncer's SHOW POOLS";

/**
 * Each pool of a target's PgBouncer as it stands now: the longest wait first, then the fullest.
 * @throws AppError UNAVAILABLE when PgBouncer cannot be asked
 */
export async function getPoolerPools(
  poolerUrl: string | undefined,
): Promise<Observed<{ pools: PoolerPool[] }>> {
  if (!poolerUrl)
    return { data: { pools: [] }, observedAt: new Date(), source, unavailable: poolerNotConfigured };
  const { pools } = await readPooler(poolerUrl);
  return { data: { pools: pools.toSorted(byNeed) }, observedAt: new Date(), source };
}

const fullness = ({ serversActive, serversMax }: PoolerPool) => serversActive / (serversMax ?? Infinity);

function byNeed(a: PoolerPool, b: PoolerPool): number {
  return (
    b.maxWaitSeconds - a.maxWaitSeconds ||
    b.clientsWaiting - a.clientsWaiting ||
    fullness(b) - fullness(a) ||
    a.database.localeCompare(b.database) ||
    a.user.localeCompare(b.user)
  );
}

import { Command } from "commander";
import { getPoolerPools } from "../../connections/get-pooler-pools.ts";
import { AppError } from "../../errors.ts";
import { action, oneTarget } from "../command.ts";
import { millisecondsText } from "../output/format.ts";

export function poolerCommand(): Command {
  return new Command("pooler")
    .description("PgBouncer's pools, one for each pair of user and database, the longest wait first")
    .action(
      action(async (context) => {
        const { out } = context;
        const { data, observedAt, source, unavailable } = await getPoolerPools(oneTarget(context).poolerUrl);
        if (unavailable)
          throw new AppError("UNSUPPORTED", unavailable.reason, { hint: `Set ${unavailable.enable}.` });
        out.document({ ...data, observedAt, source });
        if (data.pools.length === 0) out.line("PgBouncer has no pool yet: nobody has connected through it.");
        else
          out.table(
            ["user", "database", "clients", "waiting", "longest wait", "servers in use", "at most", ""],
            data.pools.map((pool) => [
              pool.user,
              pool.database,
              String(pool.clientsActive),
              String(pool.clientsWaiting),
              pool.clientsWaiting === 0 ? "–" : millisecondsText(pool.maxWaitSeconds * 1_000),
              String(pool.serversActive),
              pool.serversMax === null ? "no limit" : String(pool.serversMax),
              pool.paused ? "paused" : "",
            ]),
          );
      }),
    );
}

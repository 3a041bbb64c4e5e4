import type { CheckContext } from "../check.ts";
import type { Unavailable } from "../result.ts";
import { describeRedis } from "./get-query-cache.ts";
import { livingOnly } from "./living.ts";
import type { SharedLevel } from "./query-cache-types.ts";

/** How Redis stands for all processes, asked once for every check on it. */
export function readRedis({ instances, once }: CheckContext): Promise<SharedLevel | Unavailable> {
  return once("answers.redis", async () => describeRedis(livingOnly(await instances())));
}

import { z } from "zod";
import { onOff, postgresUrl, redisUrl, targetName, wholeNumber } from "./values.ts";

/** What runs, where it listens, and where it keeps what is its own. */
export const processVariables = {
  CONSOLE_DATABASE_URL: postgresUrl
    .optional()
    .describe("The console's own PostgreSQL (≥ 14) database. Unset: an embedded one under `DATA_DIR`."),
  REDIS_URL: redisUrl
    .optional()
    .describe(
      "Redis for a second cache level that processes share, and for what they tell each other: `redis://[user:password@]host[:6379][/db]` (`rediss://` with TLS), `redis+sentinel://…@host1,host2/mymaster[?db=0&sentinelPassword=…]`, or `redis+cluster://…@host1,host2`. Unset, or while it is away: each process keeps its own answers.",
    ),
  ROLE: z
    .enum(["web", "worker", "all"])
    .default("all")
    .describe("Which processes `npm start` runs: pages and API, collector and schedules, or both."),
  HOST: z
    .string()
    .default("127.0.0.1")
    .describe("Address to listen on. `0.0.0.0` opens it to the network; put TLS in front."),
  PORT: wholeNumber(1, 65535).default(3000).describe("Port to listen on."),
  DATA_DIR: z.string().default(".data").describe("Where embedded clusters and generated secrets live."),
  DEMO: onOff.default("on").describe("`off` keeps the demo's workload generator from running."),
  DEMO_TARGET: targetName
    .optional()
    .describe("Set by the product itself: the target that is the embedded demo."),
};

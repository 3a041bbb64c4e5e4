import { growth } from "../collector/history/ratio.ts";
import type { Finding } from "../finding.ts";
import type { ReadContext } from "../read.ts";
import { describeRedis } from "./get-query-cache.ts";
import { judgeRedis } from "./judge-redis.ts";
import { livingOnly } from "./living.ts";
import { type AnswerThresholds, answerThresholds } from "./thresholds.ts";

const connections = "redis.rejectedConnections";
const commands = "sharedCache.errors";

/** What is wrong with Redis; nothing where none is configured. */
export async function findRedisProblems(
  { audit, history, instances, now }: Pick<ReadContext, "audit" | "history" | "instances" | "now">,
  thresholds: AnswerThresholds = answerThresholds,
): Promise<Finding[]> {
  const level = await describeRedis(livingOnly(await instances()));
  if ("code" in level) return [];
  const from = new Date(now.getTime() - thresholds.redisRejects.windowSeconds * 1_000);
  const range = { from, to: now };
  const { series, stepSeconds } = await history.totals(audit.target, [connections, commands], range);
  const refused = (name: string) => growth(series[name], stepSeconds);
  const refusals = { connections: refused(connections), commands: refused(commands) };
  return judgeRedis(level, refusals, now, thresholds);
}

import type { CheckObject } from "../check.ts";

/** The second level, one for all targets. */
export const redisObject: CheckObject = { kind: "cache", name: "Redis" };

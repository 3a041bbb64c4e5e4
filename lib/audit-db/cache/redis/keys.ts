import { codecVersion } from "../codec.ts";

/** Every key this product has in Redis, besides those of its rate limits. Each has a time to live. */
const prefix = "audit-db:";

export const answerKey = (key: string) => `${prefix}answer:${codecVersion}:${key}`;
export const leadKey = (key: string) => `${prefix}lead:${key}`;
/** A hash: `target/tag` → mark of its last drop. */
export const dropsKey = `${prefix}drops`;
/** A sorted set: keys of a statement's answers by the moment they end. */
export const indexKey = (target: string, name: string) => `${prefix}index:${target}:${name}`;
/** A sorted set: statements that have answers, by the moment the last of them ends. */
export const statementsKey = (target: string) => `${prefix}statements:${target}`;
export const channel = `${prefix}cache`;

import type { EngineLogger } from "../audit-db/engine-logger.ts";

/** Commands tell what they found themselves; the engine's own lines would stand in between. */
export const silent: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };

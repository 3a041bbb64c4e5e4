import type { Target } from "../env/targets.ts";
import { AppError } from "../errors.ts";
import { connect } from "./connect.ts";
import type { AuditDb, EngineConfig } from "./types.ts";

interface Registry {
  engines: Map<string, AuditDb>;
}

// Next gives instrumentation, pages and route handlers module instances of their own; only globalThis is shared.
const holder = globalThis as typeof globalThis & { auditDbRegistry?: Registry };

function registry(): Registry {
  holder.auditDbRegistry ??= { engines: new Map() };
  return holder.auditDbRegistry;
}

export type OpenOptions = Omit<EngineConfig, "target" | "urls">;

/** This process's engine for a target, opened on first use. */
export function openTarget(target: Target, options: OpenOptions): AuditDb {
  const { engines } = registry();
  let engine = engines.get(target.name);
  if (!engine) {
    engine = connect({
      target: target.name,
      urls: {
        watch: target.watchUrl,
        replicas: target.replicaUrls,
        read: target.readerUrl ?? target.watchUrl,
        ...(target.writerUrl && { write: target.writerUrl }),
        ...(target.maintenanceUrl && { maintenance: target.maintenanceUrl }),
        ...(target.privacyUrl && { privacy: target.privacyUrl }),
        ...(target.explainUrl && { explain: target.explainUrl }),
      },
      ...options,
    });
    engines.set(target.name, engine);
  }
  return engine;
}

/** Engines that are open in this process. */
export function openEngines(): AuditDb[] {
  return [...registry().engines.values()];
}

/** The configured target of that name. @throws AppError NOT_FOUND */
export function findTarget(targets: readonly Target[], name: string): Target {
  const target = targets.find((candidate) => candidate.name === name);
  if (!target) throw new AppError("NOT_FOUND", `There is no target named "${name}".`);
  return target;
}

/** Closes every engine of this process. */
export async function closeTargets(): Promise<void> {
  const { engines } = registry();
  const open = [...engines.values()];
  engines.clear();
  await Promise.all(open.map((engine) => engine.close()));
}

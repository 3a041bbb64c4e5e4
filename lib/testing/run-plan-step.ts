import type { Sql } from "postgres";
import { stepKind } from "../partition-plan/steps.ts";
import type { StepData } from "../partition-plan/types.ts";

export interface StepRun {
  lockTimeoutMs?: number;
  restored?: unknown;
  checkpoint?(state: unknown): Promise<void>;
  log?(message: string): void;
  signal?: AbortSignal;
}

/** Carries out one step of a plan by itself, on one session: what it does, without the job around it. */
export async function runPlanStep(
  session: Sql,
  { kind, params }: StepData,
  run: StepRun = {},
): Promise<void> {
  const step = stepKind(kind);
  const { lockTimeoutMs = 200, restored = null, signal = new AbortController().signal } = run;
  if (!step.run)
    return void (await session.unsafe(
      [`SET LOCAL lock_timeout = ${lockTimeoutMs}`, ...step.plan(params).sql].join(";\n"),
    ));
  await step.run(
    {
      session: { sql: session, backend: { pid: 0, start: new Date() }, signal, cancel() {} },
      giveUpAt: null,
      waits: () => {},
      watch: (look) => look(session),
      lockTimeoutMs,
      restored,
      checkpoint: run.checkpoint ?? (async () => {}),
      progress: () => {},
      log: run.log ?? (() => {}),
      signal,
    },
    params,
  );
}
